//! Operations of this platform alone, over the emulator.

use kadry_core::{Cursor, Look, NativeCall, every};
use kadry_emulator::dealapp::habits::{Changed, Habits};
use serde_json::json;

use crate::line::World;

async fn paths(native: &dyn kadry_core::Native) -> Vec<String> {
    let tree = NativeCall::new("units tree");
    let rows = every(async |from: Option<Cursor>| native.read(&tree, from.as_ref()).await).await;
    let path = |row: &serde_json::Value| row["path"].as_str().unwrap().to_owned();
    rows.unwrap().iter().map(path).collect()
}

#[tokio::test(start_paused = true)]
async fn a_unit_is_made_renamed_moved_and_taken_back() {
    for changed in [Changed::Full, Changed::Partial, Changed::Empty] {
        let world = World::new(Habits {
            changed,
            ..Habits::default()
        });
        let platform = world.connect().await;
        let native = platform.native().unwrap();
        let at_first = paths(native).await;
        let top = at_first[0].clone();
        let carry_out = async |call: &NativeCall| {
            let one = native.resolve(call).await.unwrap().remove(0);
            let before = native.look(&one).await.unwrap();
            assert_eq!(native.stands(&one, None, &before), Look::Absent, "{one}");
            let after = native.write(&one).await.unwrap();
            let now = native.look(&one).await.unwrap();
            assert_eq!(
                native.stands(&one, Some(&before), &now),
                Look::Found,
                "{one}"
            );
            native.back(&one, &before, &after).calls.pop()
        };
        let create = |name: &str| NativeCall::new("units create").with("name", name);
        carry_out(&create("Архив")).await;
        let made = create("Вторая смена").with("parent_id", "Архив");
        assert_eq!(carry_out(&made).await, None);
        let change = NativeCall::new("units update")
            .with("id", "Архив / Вторая смена")
            .with("name", "Третья смена")
            .with("parent_id", &top);
        let back = carry_out(&change).await.unwrap();
        assert!(
            paths(native)
                .await
                .contains(&format!("{top} / Третья смена"))
        );
        carry_out(&back).await;
        let now = paths(native).await;
        assert!(now.contains(&"Архив / Вторая смена".to_owned()), "{now:?}");
        world.asked();
    }
}

#[tokio::test(start_paused = true)]
async fn leavers_are_listed_and_shown_by_the_id_of_ones_own_system() {
    let world = World::new(Habits::default());
    for number in 0..60 {
        world.put(&json!({
            "email": format!("person{number}@example.test"),
            "last_name": "Примерова",
            "integration_uid": format!("hr-{number}"),
            "active": number % 2 == 0,
        }));
    }
    let platform = world.connect().await;
    let native = platform.native().unwrap();
    let leavers = NativeCall::new("users list").with("active", "false");
    let page = async |from: Option<Cursor>| native.read(&leavers, from.as_ref()).await;
    assert_eq!(every(page).await.unwrap().len(), 30);
    let one = NativeCall::new("users show").with("integration_uid", "hr-59");
    let shown = native.read(&one, None).await.unwrap();
    assert_eq!(
        shown.items[0]["attributes"]["email"],
        "person59@example.test"
    );
    world.asked();
}
