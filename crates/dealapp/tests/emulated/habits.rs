//! Whatever an installation does where the vendor is silent, the outcome is the same.

use kadry_core::{
    Access, Change, Definition, Effect, Employee, EmployeeProvider, ErrorKind, FieldName, KindName,
    every,
};
use kadry_emulator::dealapp::habits::{Changed, Created, EmailClash, Habits, Spelling};
use serde_json::json;

use crate::line::{World, offered, sought, wish};

const VERA: &str = "vera@example.test";

fn phone() -> Change {
    Change {
        fields: [(FieldName::Phone, Some("+70000000001".to_owned()))].into(),
        ..Change::default()
    }
}

/// Makes somebody under a new unit, changes and closes the record, and returns it as a look shows it.
async fn life(platform: &dyn EmployeeProvider) -> Employee {
    let path = ["Контакт-центр", "Ночная смена"].map(str::to_owned);
    let what = Definition { path: path.into() };
    let unit = platform.define(&KindName::UNIT, &what).await.unwrap();
    let taken = platform.define(&KindName::UNIT, &what).await.unwrap_err();
    assert_eq!(
        (taken.kind(), taken.effect()),
        (ErrorKind::Conflict, Effect::None)
    );
    let kind = KindName::UNIT;
    let kind = &kind;
    let listed = every(|from| async move { platform.catalogue(kind, from.as_ref()).await });
    assert_eq!(listed.await.unwrap().pop(), Some(unit));

    let mut wish = wish(platform, VERA).await;
    let night = offered(platform, KindName::UNIT, "Ночная смена").await;
    wish.grants.insert(KindName::UNIT, vec![night.clone()]);
    let made = platform.create(&wish).await.unwrap();
    let changed = platform.update(&made.at, &phone()).await.unwrap();
    let closed = platform
        .set_access(&made.at, Access::Suspended)
        .await
        .unwrap();
    assert_eq!(changed.at, closed.at);
    let [seen] = sought(platform, VERA).await.try_into().unwrap();
    assert_eq!((seen.access, &seen.at), (Access::Suspended, &made.at));
    assert_eq!(seen.profile, changed.profile);
    assert_eq!(seen.granted(&KindName::UNIT), Some([night].as_slice()));
    seen
}

#[tokio::test(start_paused = true)]
async fn a_life_is_the_same_under_every_habit() {
    let usual = Habits::default();
    let expected = life(World::new(usual).connect().await.as_ref()).await;
    for habits in [
        Habits {
            created: Created::Created,
            ..usual
        },
        Habits {
            spelling: Spelling::Snake,
            ..usual
        },
        Habits {
            changed: Changed::Partial,
            ..usual
        },
        Habits {
            changed: Changed::Empty,
            ..usual
        },
        Habits {
            unpaged_structure: true,
            ..usual
        },
        Habits {
            sign_in_shows_account: false,
            ..usual
        },
    ] {
        let world = World::new(habits);
        let seen = life(world.connect().await.as_ref()).await;
        assert_eq!(seen.profile, expected.profile, "{habits:?}");
        assert_eq!(seen.access, expected.access, "{habits:?}");
        world.asked();
    }
}

#[tokio::test(start_paused = true)]
async fn an_email_that_is_taken_never_makes_two_people_silently() {
    for (email_clash, kind, effect) in [
        (EmailClash::Invalid, ErrorKind::Conflict, Effect::None),
        (EmailClash::Conflict, ErrorKind::Conflict, Effect::None),
        // A page of the server says nothing about what happened: somebody has to look.
        (EmailClash::Broken, ErrorKind::Unavailable, Effect::Unknown),
        (EmailClash::Collision, ErrorKind::Conflict, Effect::Applied),
    ] {
        let world = World::new(Habits {
            email_clash,
            ..Habits::default()
        });
        world.put(&json!({"email": VERA, "last_name": "Давнова", "active": false}));
        let platform = world.connect().await;
        let wish = wish(platform.as_ref(), VERA).await;
        let error = platform.create(&wish).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.effect()),
            (kind, effect),
            "{email_clash:?}"
        );
        assert!(!error.is_retryable());
        let found = sought(platform.as_ref(), VERA).await;
        let records = 1 + usize::from(effect == Effect::Applied);
        assert_eq!(found.len(), records, "{email_clash:?}");
        let posts = world.asked();
        let posts = posts
            .iter()
            .filter(|line| line.ends_with("POST /dealapp/api/v1/users"));
        assert_eq!(posts.count(), 1, "{email_clash:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_to_an_email_that_is_taken_is_refused_in_every_way_but_a_broken_one() {
    for (email_clash, kind) in [
        (EmailClash::Invalid, ErrorKind::Conflict),
        (EmailClash::Conflict, ErrorKind::Conflict),
        (EmailClash::Broken, ErrorKind::Unavailable),
        (EmailClash::Collision, ErrorKind::Conflict),
    ] {
        let world = World::new(Habits {
            email_clash,
            ..Habits::default()
        });
        world.put(&json!({"email": VERA, "last_name": "Давнова"}));
        world.put(&json!({"email": "oleg@example.test", "last_name": "Выдуманный"}));
        let platform = world.connect().await;
        let [oleg] = sought(platform.as_ref(), "oleg@example.test")
            .await
            .try_into()
            .unwrap();
        let change = Change {
            fields: [(FieldName::Email, Some(VERA.to_owned()))].into(),
            ..Change::default()
        };
        let error = platform.update(&oleg.at, &change).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{email_clash:?}");
        let seen = platform.get(&oleg.at).await.unwrap().unwrap();
        assert_eq!(seen, oleg);
    }
}
