use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use kadry_core::memory::{capable, listed_by_id};
use kadry_core::{
    Capability, Connect, EmployeeProvider, Foresight, Known, Reason, Result, Standing, Support,
    Write,
};
use kadry_flow::intent::RoleSection;
use kadry_journal::Place;

use unicode_width::UnicodeWidthStr as _;

use super::*;
use crate::ui::table::Face;
use crate::words::Lang;

const NOW_MS: i64 = 1_795_255_200_000;
const DAY_MS: i64 = 86_400_000;

fn words() -> Words {
    Words::new(Lang::En)
}

fn standing(tenant: &str) -> Standing {
    Standing {
        own: None,
        administrator: Known::Hidden,
        tenant: tenant.to_owned(),
        expires_at_ms: None,
        clock_ahead_ms: None,
    }
}

fn missing(scope: &'static str) -> Support {
    Support::No(Reason::about("scope-missing", scope))
}

fn role(keys: &[&str], welcome: bool) -> RoleSection {
    RoleSection {
        grants: keys
            .iter()
            .map(|key| ((*key).to_owned(), Vec::new()))
            .collect(),
        welcome: welcome.then(|| "Hello!".to_owned()),
        ..RoleSection::default()
    }
}

/// How each flow stands, by its name.
fn flows(capability: &Capability, sections: &[&RoleSection]) -> BTreeMap<String, (State, String)> {
    let id = ProviderId::new("messenger");
    let told = rights::check(&words(), &id, capability, sections).into_iter();
    told.map(|finding| (finding.name, (finding.state, finding.message)))
        .collect()
}

#[test]
fn a_platform_that_can_do_everything_fails_no_flow() {
    let role = role(&["tags", "chats"], true);
    let flows = flows(&capable(), &[&role]);
    assert_eq!(flows.len(), 6);
    for (name, (state, message)) in flows {
        assert_eq!(state, State::Ok, "{name}: {message}");
        assert!(!message.contains("check-"), "{message}");
    }
}

#[test]
fn a_missing_right_is_named_in_every_flow_that_needs_it_and_in_no_other() {
    let lacking = Capability {
        suspend: missing("users:update"),
        remove: missing("users:delete"),
        was_notified: missing("messages:read"),
        ..capable()
    };
    let role = role(&["tags"], true);
    let flows = flows(&lacking, &[&role]);
    let of = |name: &str| flows[name].clone();
    assert_eq!(of("offboard").0, State::Failure);
    assert!(of("offboard").1.contains("users:update"), "{flows:?}");
    assert_eq!(of("remove").0, State::Warning);
    assert!(of("remove").1.contains("users:delete"), "{flows:?}");
    assert_eq!(of("lost_welcome").0, State::Warning);
    for name in ["onboard", "successor", "welcome"] {
        assert_eq!(of(name).0, State::Ok, "{flows:?}");
    }
}

#[test]
fn what_a_leaver_would_keep_for_want_of_a_right_makes_offboarding_work_in_part() {
    let mut lacking = capable();
    for kind in &mut lacking.grants {
        kind.on_update = Write::No(Reason::about("scope-missing", "grants:write"));
        kind.alone = missing("grants:write");
    }
    let (state, message) = flows(&lacking, &[])["offboard"].clone();
    assert_eq!(state, State::Warning);
    assert!(
        message.contains("take away: tag, take away: chat"),
        "{message}"
    );
}

#[test]
fn a_kind_that_no_role_gives_is_not_missed() {
    let mut lacking = capable();
    for kind in &mut lacking.grants {
        kind.on_create = missing("grants:write");
        kind.on_update = Write::No(Reason::about("scope-missing", "grants:write"));
        kind.alone = missing("grants:write");
    }
    assert_eq!(
        flows(&lacking, &[&role(&[], false)])["onboard"].0,
        State::Ok
    );
    let asked = flows(&lacking, &[&role(&["tags"], false)]);
    assert_eq!(asked["onboard"].0, State::Failure);
}

#[test]
fn onboarding_that_no_role_asks_for_is_no_failure() {
    let lacking = Capability {
        create: missing("users:create"),
        ..capable()
    };
    assert_eq!(flows(&lacking, &[])["onboard"].0, State::Warning);
    assert_eq!(
        flows(&lacking, &[&role(&[], false)])["onboard"].0,
        State::Failure
    );
}

#[test]
fn what_the_platform_itself_does_not_offer_rings_no_bell() {
    let role = role(&["unit"], true);
    for (name, (state, message)) in flows(&listed_by_id(), &[&role]) {
        assert_eq!(state, State::Ok, "{name}: {message}");
    }
}

#[test]
fn a_clock_may_be_a_second_off_and_a_minute_is_too_much() {
    for (ahead_ms, state) in [
        (None, State::Ok),
        (Some(900), State::Ok),
        (Some(-60_000), State::Ok),
        (Some(61_000), State::Warning),
        (Some(-61_000), State::Warning),
        (Some(300_000), State::Warning),
        (Some(301_000), State::Failure),
        (Some(i64::MIN), State::Failure),
    ] {
        let told = standing::clock(&words(), ahead_ms);
        assert_eq!(told.state, state, "{ahead_ms:?}");
    }
    let behind = standing::clock(&words(), Some(-120_000)).message;
    assert_eq!(behind, "Its clock is 120 s behind ours.");
}

#[test]
fn a_credential_warns_a_week_before_it_ends() {
    let words = words();
    let state = |left_ms| standing::expiry(&words, Some(NOW_MS + left_ms), NOW_MS).state;
    assert_eq!(standing::expiry(&words, None, NOW_MS).state, State::Ok);
    assert_eq!(state(7 * DAY_MS), State::Ok);
    assert_eq!(state(7 * DAY_MS - 1), State::Warning);
    assert_eq!(state(1), State::Warning);
    assert_eq!(state(0), State::Failure);
    let last = standing::expiry(&words, Some(NOW_MS + DAY_MS), NOW_MS);
    assert!(last.message.ends_with("1 day more."), "{last:?}");
}

#[test]
fn another_account_than_the_remembered_one_is_told() {
    let words = words();
    let state = |known| standing::tenant(&words, &standing("box 1"), known).state;
    assert_eq!(state(None), State::Ok);
    assert_eq!(state(Some("box 1")), State::Ok);
    assert_eq!(state(Some("box 2")), State::Warning);
}

#[test]
fn a_store_on_a_share_with_no_room_that_others_can_read_warns_three_times() {
    let place = Place {
        bytes: 1,
        free_bytes: 99_999_999,
        shared: true,
        remote: true,
        made_ms: None,
    };
    let told = store::surroundings(&words(), &place);
    assert!(
        told.iter()
            .all(|one| one.state == State::Warning && one.hint.is_some())
    );
    let place = Place {
        free_bytes: 100_000_000,
        shared: false,
        remote: false,
        ..place
    };
    let told = store::surroundings(&words(), &place);
    assert!(told.iter().all(|one| one.state == State::Ok));
}

fn finding(part: &'static str, name: &str, state: State) -> Finding {
    Finding {
        state,
        ..Finding::ok(part, name, format!("{name} is told"))
    }
}

#[test]
fn roles_that_are_in_order_share_a_line_and_the_others_stand_out() {
    let told = [
        finding(finding::ROLES, "a", State::Ok),
        finding(finding::ROLES, "b", State::Failure),
        finding(finding::ROLES, "c", State::Ok),
    ];
    let shown = finding::shown(&words(), &told);
    assert_eq!(shown.len(), 2);
    assert!(shown[0].1.starts_with("2 roles"), "{shown:?}");
    assert_eq!(shown[1].1, "b is told");
    assert_eq!(finding::shown(&words(), &told[..1])[0].1, "a is told");
}

#[test]
fn the_report_fits_eighty_columns_in_both_languages() {
    let face = Face {
        width: Some(80),
        color: false,
    };
    let capability = Capability {
        suspend: missing("users:update"),
        remove: missing("users:delete"),
        ..listed_by_id()
    };
    for lang in [Lang::En, Lang::Ru] {
        let words = Words::new(lang);
        let id = ProviderId::new("messenger");
        let told = rights::check(&words, &id, &capability, &[&role(&["unit"], true)]);
        let mut sheet = Sheet::new(face);
        list(&mut sheet, &words, &told);
        for line in sheet.as_str().lines() {
            assert!(line.width() <= 80, "{line}");
        }
    }
}

#[test]
fn the_exit_code_says_how_much_fails() {
    let report = |states: &[State], platforms, useless| Report {
        findings: states
            .iter()
            .map(|state| finding("store", "x", *state))
            .collect(),
        platforms,
        useless,
        configured: true,
    };
    use State::{Failure, Note, Ok, Warning};
    for (report, strict, exit) in [
        (report(&[Ok], 2, 0), true, Exit::Done),
        (report(&[Note, Ok], 2, 0), true, Exit::Done),
        (report(&[Ok, Warning], 2, 0), false, Exit::Done),
        (report(&[Ok, Warning], 2, 0), true, Exit::Partial),
        (report(&[Warning, Failure], 2, 1), false, Exit::Partial),
        (report(&[Failure], 2, 2), false, Exit::Failed),
        (report(&[Failure], 0, 0), false, Exit::Partial),
    ] {
        assert_eq!(report.exit(strict), exit, "{report:?}");
    }
    let unread = Report::default();
    assert_eq!(unread.exit(false), Exit::Usage);
}

/// A platform that takes the request and never answers.
#[derive(Debug)]
struct Mute(ProviderId);

#[async_trait]
impl Connect for Mute {
    fn id(&self) -> &ProviderId {
        &self.0
    }

    async fn connect(&self, _foresight: Foresight<'_>) -> Result<Arc<dyn EmployeeProvider>> {
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_never_answers_is_told_after_half_a_minute() {
    let id = ProviderId::new("messenger");
    let connect: Result<Arc<dyn Connect>, _> = Ok(Arc::new(Mute(id.clone())));
    let known = setup::Known {
        config: setup::Config::default(),
        path: "kadry.toml".into(),
        roles: Vec::new(),
        limits: Vec::new(),
        open_folder: None,
        foreign: false,
    };
    let words = words();
    let subject = Subject::of(&known, &id, &connect, &words);
    let began = tokio::time::Instant::now();
    let looked = platform::look(&words, &subject, None).await;
    assert_eq!(began.elapsed().as_secs(), 30);
    assert!(!looked.works);
    let [told] = looked.findings.as_slice() else {
        panic!("{:?}", looked.findings);
    };
    assert_eq!(
        (told.name.as_str(), told.state),
        ("reachable", State::Failure)
    );
    assert!(told.hint.is_some());
}
