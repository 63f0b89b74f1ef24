//! Closing a leaver's door in a hurry.

use kadry_core::{Access, EmployeeProvider};
use kadry_emulator::dealapp::habits::Habits;
use serde_json::json;

use crate::line::{World, sought};

const VERA: &str = "vera@example.test";

/// Returns the tenant in which the door was closed.
async fn lock_out(platform: &dyn EmployeeProvider) -> String {
    let (standing, found) = tokio::join!(platform.whoami(), sought(platform, VERA));
    let [vera] = found.try_into().unwrap();
    let closed = platform.set_access(&vera.at, Access::Suspended).await;
    assert_eq!(closed.unwrap().access, Access::Suspended);
    standing.unwrap().tenant
}

#[tokio::test(start_paused = true)]
async fn the_door_is_closed_by_the_first_request_after_the_leaver_is_found() {
    for (sign_in_shows_account, first) in [
        (
            true,
            &[
                "POST /dealapp/auth/sign_in",
                "GET /dealapp/api/v1/users",
                "PUT",
            ][..],
        ),
        (
            false,
            &[
                "POST /dealapp/auth/sign_in",
                "GET /dealapp/api/v1/users",
                "GET /dealapp/api/v1/users",
                "PUT",
            ],
        ),
    ] {
        let world = World::new(Habits {
            sign_in_shows_account,
            ..Habits::default()
        });
        world.put(&json!({"email": VERA, "last_name": "Примерова", "integration_uid": "hr-1"}));
        let fresh = lock_out(world.connect().await.as_ref()).await;
        assert_like(&world.asked(), first);
        let kept = lock_out(world.connect().await.as_ref()).await;
        let again = &world.asked()[first.len()..];
        assert_like(again, &["GET /dealapp/api/v1/users", "PUT"]);
        assert_eq!(fresh, kept);
    }
}

fn assert_like(asked: &[String], expected: &[&str]) {
    assert_eq!(asked.len(), expected.len(), "{asked:?}");
    for (asked, expected) in asked.iter().zip(expected) {
        assert!(asked.starts_with(expected), "{asked} is not {expected}");
    }
}
