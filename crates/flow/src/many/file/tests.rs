use std::fs;

use kadry_core::{
    Access, Action, Before, Email, EmployeeRef, FieldName, Grant, KindName, MatchKey, RemoteId,
    Stage, Target, Wish,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::intent::{Flow, Intent, Onboard, RoleSection, Who};
use crate::many::Why;
use crate::plan::{Guard, Refused, Remark, Said};

fn head() -> Head {
    Head {
        flow: "import".to_owned(),
        about: "Список.csv".to_owned(),
        source: Some("00ff".to_owned()),
        on: vec![ProviderId::new("messenger")],
        allow: BTreeMap::from([(Brake::Suspend, 40)]),
        actor: "operator".to_owned(),
        reason: Some("наведение порядка".to_owned()),
        lines: Some(2),
    }
}

fn email(number: u32) -> MatchKey {
    MatchKey::Email(Email::of_record(&format!("p{number}@example.test")))
}

fn at(number: u32) -> EmployeeRef {
    EmployeeRef {
        id: RemoteId::new(number.to_string()),
        settled: true,
        keys: vec![email(number)],
    }
}

fn step(seq: u32, number: u32, stage: Stage, action: Action) -> Step {
    let (target, before) = if stage == Stage::Create {
        (Target::Nobody, Before::default())
    } else {
        let before = Before {
            access: Some(Access::Open),
            fields: BTreeMap::from([(FieldName::Title, None)]),
            ..Before::default()
        };
        (Target::Known(at(number)), before)
    };
    Step {
        seq,
        person: format!("p{number}@example.test"),
        provider: ProviderId::new("messenger"),
        stage,
        action,
        target,
        before,
    }
}

fn onboard(number: u32) -> Intent {
    let section = RoleSection {
        grants: BTreeMap::from([("tags".to_owned(), vec!["Учёт \"№1\"".to_owned()])]),
        welcome: Some("Добро пожаловать!\nИ вот\u{7f}ещё".to_owned()),
        ..RoleSection::default()
    };
    Intent {
        flow: Flow::Onboard(Onboard {
            fields: BTreeMap::from([(FieldName::Email, format!("p{number}@example.test"))]),
            sections: BTreeMap::from([(ProviderId::new("messenger"), section)]),
            privileged: false,
            stays_out: true,
        }),
        who: Who::Email(Email::of_record(&format!("p{number}@example.test"))),
        actor: "operator".to_owned(),
        reason: None,
        allow: BTreeMap::new(),
        command: None,
    }
}

/// Somebody new, somebody who changes, somebody unchanged and some for whom nothing is done.
fn people() -> Vec<Planned> {
    let wish = Wish {
        fields: BTreeMap::from([(FieldName::Email, "p1@example.test".to_owned())]),
        grants: BTreeMap::from([(KindName::TAG, vec![Grant::named(KindName::TAG, "Учёт")])]),
        quiet: true,
    };
    let access = Access::Suspended;
    let mut new = Planned {
        who: Person::new(Some(2), "p1@example.test".to_owned()),
        steps: vec![
            step(1, 1, Stage::Create, Action::Create { wish }),
            step(2, 1, Stage::Close, Action::SetAccess { access }),
        ],
    };
    let observed = BTreeMap::from([(ProviderId::new("messenger"), "00aa11".to_owned())]);
    new.who.steps = 2;
    new.who.intent = Some(Box::new(onboard(1)));
    new.who.observed = observed;
    new.who.keys = vec![email(1)];
    new.who.remarks = vec![Remark {
        provider: ProviderId::new("messenger"),
        what: Said::MailGoesOut,
    }];
    let mut changed = new.clone();
    changed.who.line = None;
    changed.who.steps = 1;
    changed.who.after = vec![new.steps[0].clone()];
    changed.who.seen = vec![(ProviderId::new("messenger"), "tenant".to_owned(), at(2))];
    changed.steps = vec![step(3, 2, Stage::Close, Action::SetAccess { access })];
    let unchanged = Planned {
        who: Person::new(Some(4), "p3@example.test".to_owned()),
        steps: Vec::new(),
    };
    let mut all = vec![new, changed, unchanged];
    let guard = Refused {
        provider: None,
        guard: Guard::Exempt,
    };
    let whys = [
        Why::Line(json!({ "cell": "email" })),
        Why::Guards(vec![guard]),
        Why::TwoPeople,
        Why::Twice(Some(3)),
        Why::Twice(None),
        Why::AtWork,
        Why::LeftOut,
        Why::Moved(vec![ProviderId::new("messenger")]),
        Why::Later,
        Why::Surplus,
        Why::Unreadable(vec![7, 9]),
    ];
    let aside = whys
        .into_iter()
        .map(|why| Person::aside(Some(9), "p9".to_owned(), why));
    all.extend(aside);
    all
}

struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> std::path::PathBuf {
        self.0.path().join("plan.json")
    }

    fn write(&self, head: &Head, people: &[Planned]) -> Written {
        let mut writer = PlanWriter::begin(&self.path(), head).unwrap();
        for one in people {
            writer.add(one).unwrap();
        }
        writer.finish().unwrap().written
    }

    fn put(&self, text: impl AsRef<[u8]>) {
        fs::write(self.path(), text).unwrap();
    }

    fn open(&self) -> Result<PlanFile, PlanFileError> {
        PlanFile::open(&self.path())
    }

    /// Writes a plan, changes what it says, and opens that.
    fn edited(&self, edit: impl FnOnce(&mut Value)) -> Result<PlanFile, PlanFileError> {
        self.write(&head(), &people());
        let text = fs::read(self.path()).unwrap();
        let mut said: Value = serde_json::from_slice(&text).unwrap();
        edit(&mut said);
        self.put(said.to_string());
        self.open()
    }
}

#[test]
fn what_is_written_is_read_again_person_by_person() {
    let place = Place::new();
    let written = place.write(&head(), &people());
    let plan = place.open().unwrap();
    assert_eq!((&plan.head, &plan.written), (&head(), &written));
    assert_eq!((plan.people, plan.steps), (people().len(), 3));
    let read: Vec<Planned> = plan.planned().collect::<Result<_, _>>().unwrap();
    assert_eq!(read, people());
    let again: Vec<Planned> = plan.planned().take(2).collect::<Result<_, _>>().unwrap();
    assert_eq!(
        again,
        people()[..2],
        "as often as it is asked, and not to the end"
    );
}

#[test]
fn an_empty_plan_is_a_plan() {
    let place = Place::new();
    place.write(&head(), &[]);
    let plan = place.open().unwrap();
    assert_eq!((plan.people, plan.steps, plan.planned().count()), (0, 0, 0));
}

#[test]
fn only_its_owner_may_read_a_plan_and_nothing_is_there_before_it_is_whole() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    let mut writer = PlanWriter::begin(&place.path(), &head()).unwrap();
    writer.add(&people()[0]).unwrap();
    drop(writer);
    assert!(!place.path().exists());
    assert_eq!(fs::read_dir(place.0.path()).unwrap().count(), 0);
    place.write(&head(), &people());
    let mode = fs::metadata(place.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn the_same_plan_has_the_same_hash_whoever_makes_it() {
    let place = Place::new();
    let first = place.write(&head(), &people());
    assert_eq!(place.write(&head(), &people()), first);
    let other = Head {
        actor: "somebody else".to_owned(),
        reason: None,
        ..head()
    };
    assert_eq!(place.write(&other, &people()), first);
    let mut moved = people();
    moved[0].who.observed.clear();
    let second = place.write(&head(), &moved);
    assert_ne!(second.observed_hash, first.observed_hash);
    assert_ne!(second.plan_hash, first.plan_hash);
}

#[test]
fn a_plan_that_a_tool_has_laid_out_anew_is_the_same_plan() {
    let place = Place::new();
    place.write(&head(), &people());
    let text = fs::read_to_string(place.path()).unwrap();
    let said: Value = serde_json::from_str(&text).unwrap();
    let pretty = serde_json::to_string_pretty(&said).unwrap();
    // Tools write DEL and letters beyond ASCII as they like, and keys in the order of the alphabet.
    let escaped = pretty.replace('\u{7f}', "\\u007f").replace('У', "\\u0423");
    for text in [pretty, escaped] {
        place.put(text.replace('\n', "\r\n"));
        let read: Vec<Planned> = place
            .open()
            .unwrap()
            .planned()
            .map(Result::unwrap)
            .collect();
        assert_eq!(read, people());
    }
}

#[test]
fn a_plan_that_is_cut_off_at_any_byte_is_none() {
    let place = Place::new();
    place.write(&head(), &people()[1..5]);
    let text = fs::read(place.path()).unwrap();
    for end in 0..text.len() - 1 {
        place.put(&text[..end]);
        let cut = place.open();
        assert!(
            matches!(cut, Err(PlanFileError::CutOff { .. })),
            "at {end} of {}: {cut:?}",
            text.len()
        );
    }
}

#[test]
fn a_plan_with_any_other_byte_is_none() {
    let place = Place::new();
    place.write(&head(), &people()[1..5]);
    let text = fs::read(place.path()).unwrap();
    let whole = place.open().unwrap();
    for at in 0..text.len() {
        let mut other = text.clone();
        // Digits, letters and signs become others of their kind, so that most of it is JSON still.
        other[at] = match other[at] {
            b'9' => b'8',
            digit @ b'0'..=b'8' => digit + 1,
            b'z' => b'y',
            letter @ b'a'..=b'y' => letter + 1,
            b' ' | b'\n' => continue,
            sign => sign ^ 1,
        };
        place.put(&other);
        if let Ok(opened) = place.open() {
            // Who made it and why is told, and is no part of what is done.
            let told = Head {
                actor: whole.head.actor.clone(),
                reason: whole.head.reason.clone(),
                ..opened.head.clone()
            };
            assert_ne!(opened.head, whole.head, "byte {at}");
            assert_eq!(told, whole.head, "byte {at}");
        }
    }
}

#[test]
fn a_fault_is_told_by_its_line_and_column() {
    let place = Place::new();
    place.write(&head(), &people());
    let text = fs::read_to_string(place.path()).unwrap();
    let faults = [
        ("plan-1\",", "plan-1\";", (1, 25), "expected `,`"),
        ("{\"line\":4,", "{\"line\":x,", (6, 9), "expected value"),
        ("{\"line\":2,", "{\"also\":2,", (4, 1), "more than a plan"),
        ("{\"seq\":3,", "{\"seq\":-3,", (21, 9), "invalid value"),
        (
            "{\"person\":\"p1",
            "{\"also\":2,\"person\":\"p1",
            (5, 1),
            "more than a plan",
        ),
        (
            "\n\"plan_hash",
            "\n\"plan_mash",
            (23, 13),
            "unknown field `plan_mash`",
        ),
    ];
    for (said, instead, at, why) in faults {
        assert!(text.contains(said), "{said}");
        place.put(text.replacen(said, instead, 1));
        let opened = place.open();
        let Err(PlanFileError::NotAPlan {
            line,
            column,
            message,
        }) = opened
        else {
            panic!("{instead}: {opened:?}");
        };
        assert_eq!((line, column), at, "{instead}: {message}");
        assert!(message.contains(why), "{instead}: {message}");
        assert!(!message.contains("column"), "{message}");
    }
}

#[test]
fn whatever_else_is_said_in_a_plan_is_an_edit() {
    let place = Place::new();
    let edits: [fn(&mut Value); 10] = [
        |said| said["also"] = json!(true),
        |said| said["intent"]["also"] = json!(true),
        |said| said["intent"]["allow"] = json!({ "suspend": 400 }),
        |said| said["people"][0]["also"] = json!(true),
        |said| said["people"][0]["why"] = json!(null),
        |said| said["people"][0]["intent"]["flow"]["onboard"]["privileged"] = json!(true),
        |said| said["people"][0]["intent"]["command"] = json!("rm"),
        |said| said["steps"][0]["also"] = json!(true),
        |said| said["steps"][1]["before"] = json!({}),
        |said| said["people"][1]["steps"] = json!(0),
    ];
    for (number, edit) in edits.into_iter().enumerate() {
        let opened = place.edited(edit);
        assert!(
            matches!(
                opened,
                Err(PlanFileError::NotAPlan { .. } | PlanFileError::Edited { .. })
            ),
            "edit {number}: {opened:?}"
        );
    }
    assert!(place.edited(|_| {}).is_ok());
}

#[test]
fn steps_that_are_swapped_missing_or_doubled_are_an_edit() {
    let place = Place::new();
    let edits: [fn(&mut Vec<Value>); 5] = [
        |steps| steps.swap(0, 2),
        |steps| steps.swap(0, 1),
        |steps| drop(steps.remove(2)),
        |steps| drop(steps.remove(0)),
        |steps| steps.push(steps[0].clone()),
    ];
    for edit in edits {
        for list in ["steps", "people"] {
            let opened = place.edited(|said| edit(said[list].as_array_mut().unwrap()));
            assert!(opened.is_err(), "{list}");
        }
    }
}

#[test]
fn a_plan_of_another_format_is_told_by_its_name() {
    let place = Place::new();
    place.put(r#"{"format": "kadry-plan-2", "entirely": "different"}"#);
    let opened = place.open();
    let Err(PlanFileError::AnotherFormat { found }) = opened else {
        panic!("{opened:?}");
    };
    assert_eq!(found, "kadry-plan-2");
    for no_plan in ["", "[]", "{}", "nonsense", r#"{"format": "kadry-plan-1"}"#] {
        place.put(no_plan);
        let opened = place.open();
        assert!(
            matches!(
                opened,
                Err(PlanFileError::NotAPlan { .. } | PlanFileError::CutOff { .. })
            ),
            "{no_plan:?}: {opened:?}"
        );
    }
}

#[test]
fn a_plan_that_is_edited_after_it_was_opened_ends_with_an_error() {
    let place = Place::new();
    place.write(&head(), &people());
    let plan = place.open().unwrap();
    let text = fs::read_to_string(place.path()).unwrap();
    place.put(text.replace("00aa11", "00aa12"));
    let read: Vec<_> = plan.planned().collect();
    assert!(
        matches!(read.last(), Some(Err(PlanFileError::Edited { .. }))),
        "{read:?}"
    );
}

#[test]
fn a_plan_that_was_just_written_is_the_one_that_is_opened() {
    let place = Place::new();
    let mut writer = PlanWriter::begin(&place.path(), &head()).unwrap();
    for one in &people() {
        writer.add(one).unwrap();
    }
    let (written, opened) = (writer.finish().unwrap(), place.open().unwrap());
    let told = |plan: &PlanFile| {
        let PlanFile {
            head,
            written,
            people,
            steps,
            ..
        } = plan.clone();
        (head, written, people, steps)
    };
    assert_eq!(told(&written), told(&opened));
    let all: Vec<Planned> = written.planned().collect::<Result<_, _>>().unwrap();
    assert_eq!(all, people());
}
