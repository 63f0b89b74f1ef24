//! Saying whose a record is.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::support::{Company, join};

const ANNA: &str = "anna.novichkova@example.test";
const RENAMED: &str = "anna.zamuzhnyaya@example.test";

/// Changes an e-mail on the messenger, as its administrator would.
fn rename(company: &Company, id: &str, email: &str) {
    let exports = company.emulator.exports();
    let (_, token) = exports
        .iter()
        .find(|(name, _)| *name == "PACHCA_TOKEN")
        .unwrap();
    let body = json!({ "user": { "email": email } }).to_string();
    let host = company.address.trim_start_matches("http://");
    let mut line = TcpStream::connect(host).unwrap();
    write!(
        line,
        "PUT /pachca/api/shared/v1/users/{id} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// Returns the id of the one record that somebody has on a platform.
fn record(company: &Company, email: &str, on: &str) -> String {
    let people = company.kadry(&["people", email, "-o", "json"]).json();
    let id = &people["people"][0]["records"][on][0]["id"];
    id.as_str().unwrap().to_owned()
}

/// Returns Anna's record on the messenger, which carries another e-mail since she was hired, and stops every flow.
fn strayed(company: &Company) -> String {
    company.hire(ANNA);
    let id = record(company, ANNA, "messenger");
    rename(company, &id, RENAMED);
    for command in [&["offboard", ANNA, "--yes"][..], &join(ANNA)] {
        let refused = company.kadry(command);
        assert_eq!(refused.code, 5, "{refused:?}");
        for way_out in [
            format!("kadry link {ANNA} messenger:{id}"),
            format!("kadry unlink {ANNA} messenger"),
        ] {
            assert!(refused.err.contains(&way_out), "{way_out} in {refused:?}");
        }
    }
    id
}

fn closed(report: &Value) -> Vec<&str> {
    let steps = report["steps"].as_array().unwrap().iter();
    let steps = steps.filter(|step| step["stage"] == "close");
    steps
        .map(|step| step["provider"].as_str().unwrap())
        .collect()
}

#[test]
fn a_record_whose_email_was_changed_leaves_with_its_person_once_it_is_linked() {
    let company = Company::open();
    let id = strayed(&company);
    let named = format!("messenger:{id}");
    let before = company.records();

    let shown = company.kadry(&["link", ANNA, &named, "--plan-only"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    for told in [
        "Образцова Анна",
        RENAMED,
        "open",
        ANNA,
        "nothing is written",
    ] {
        assert!(shown.out.contains(told), "{told} in {shown:?}");
    }
    let (document, code) = company.json(&["link", ANNA, &named, "--yes"]);
    let linked =
        json!({ "person": ANNA, "provider": "messenger", "record": id, "linked": true, "exit": 0 });
    assert_eq!((document, code), (linked.clone(), 0));
    let (again, code) = company.json(&["link", ANNA, &named]);
    assert_eq!((again, code), (linked, 0), "nothing is left to ask about");
    assert!(company.records() == before, "something was written");

    let (plan, code) = company.json(&[&join(ANNA)[..9], &["--plan-only"]].concat());
    assert_eq!(code, 0, "{plan:#}");
    let (report, code) = company.json(&["offboard", ANNA, "--yes"]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(closed(&report), ["calls", "edo", "messenger"]);
    assert_eq!(company.violations(), []);
}

#[test]
fn a_record_that_is_somebody_elses_now_stays_open_once_it_is_unlinked() {
    let company = Company::open();
    let id = strayed(&company);
    let before = company.records();
    let (plan, code) = company.json(&["unlink", ANNA, "messenger", "--plan-only"]);
    let linked =
        json!({ "person": ANNA, "provider": "messenger", "record": id, "linked": true, "exit": 0 });
    assert_eq!((plan, code), (linked, 0), "it is linked still");
    let (document, code) = company.json(&["unlink", ANNA, "messenger", "--yes"]);
    let unlinked = json!({ "person": ANNA, "provider": "messenger", "record": id, "linked": false, "exit": 0 });
    assert_eq!((document, code), (unlinked, 0));
    let nothing = company.kadry(&["unlink", ANNA, "messenger", "--lang", "ru"]);
    assert_eq!(nothing.code, 0, "{nothing:?}");
    assert!(nothing.out.contains("Ничего не изменено"), "{nothing:?}");
    assert!(company.records() == before, "something was written");

    let (report, code) = company.json(&["offboard", ANNA, "--yes"]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(closed(&report), ["calls", "edo"]);
}

/// Anna (7) has another e-mail on the messenger, and in the document exchange somebody has the one that she had before.
fn with_an_old_address(company: &Company) -> String {
    let command = [
        &join(ANNA)[..],
        &["--external-id", "7", "--on", "messenger"],
    ]
    .concat();
    assert_eq!(company.kadry(&command).code, 0);
    let id = record(company, ANNA, "messenger");
    rename(company, &id, RENAMED);
    let linked = company.kadry(&["link", "person:7", &format!("messenger:{id}"), "--yes"]);
    assert_eq!(linked.code, 0, "{linked:?}");
    let other = json!({ "diadoc": { "employees": [
        { "login": ANNA, "last_name": "Новичкова", "first_name": "Анна", "registered": true }
    ] } });
    company.emulator.seed(&other).unwrap();
    let refused = company.kadry(&["offboard", "person:7", "--plan-only"]);
    assert_eq!(refused.code, 5, "{refused:?}");
    let other = record(company, ANNA, "edo");
    let way_out = format!("kadry link person:7 edo:{other}");
    assert!(refused.err.contains(&way_out), "{refused:?}");
    other
}

#[test]
fn whoever_has_an_earlier_email_of_a_leaver_stays_once_the_email_is_forgotten() {
    let company = Company::open();
    let other = with_an_old_address(&company);
    let shown = company.kadry(&["unlink", "person:7", "edo", "--plan-only"]);
    assert!(shown.out.contains(ANNA), "{shown:?}");
    let (document, code) = company.json(&["unlink", "person:7", "edo", "--yes"]);
    let forgotten = json!({ "person": "person:7", "provider": "edo", "record": other, "linked": false, "exit": 0 });
    assert_eq!((document, code), (forgotten, 0));
    let (report, code) = company.json(&["offboard", "person:7", "--yes"]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(closed(&report), ["messenger"]);
}

#[test]
fn a_record_with_an_earlier_email_leaves_with_its_person_once_it_is_linked() {
    let company = Company::open();
    let other = with_an_old_address(&company);
    let linked = company.kadry(&["link", "person:7", &format!("edo:{other}"), "--yes"]);
    assert_eq!(linked.code, 0, "{linked:?}");
    assert!(linked.out.contains("is linked to person:7"), "{linked:?}");
    let (report, code) = company.json(&["offboard", "person:7", "--yes"]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(closed(&report), ["edo", "messenger"]);
}

#[test]
fn what_must_not_be_linked_is_refused_with_a_way_out() {
    let company = Company::open();
    company.hire(ANNA);
    let anna = format!("messenger:{}", record(&company, ANNA, "messenger"));
    let service = format!(
        "messenger:{}",
        record(&company, "svc@example.test", "messenger")
    );
    let ceo = format!(
        "messenger:{}",
        record(&company, "ceo@example.test", "messenger")
    );
    let refused = |who: &str, record: &str, kind: &str, told: &str| {
        let (document, code) = company.json(&["link", who, record, "--yes"]);
        assert_eq!(code, 5, "{document:#}");
        let error = &document["error"];
        assert_eq!(error["kind"], kind, "{document:#}");
        let said = format!("{} {}", error["message"], error["hint"]);
        assert!(said.contains(told), "{said}");
    };
    refused(
        "person:7",
        &anna,
        "linked_to_another",
        &format!("kadry unlink {ANNA} messenger"),
    );
    refused(
        ANNA,
        &ceo,
        "another_record",
        &format!("kadry unlink {ANNA} messenger"),
    );
    refused("person:7", &service, "service_account", "service account");
    refused(
        "person:7",
        "messenger:404404",
        "no_such_record",
        "kadry show EMAIL",
    );
    let edo = format!("edo:{}", record(&company, ANNA, "edo"));
    company.json(&["unlink", ANNA, "edo", "--yes"]);
    refused(
        "person:7",
        &edo,
        "key_of_another",
        &format!("kadry link {ANNA} {edo}"),
    );

    for command in [
        &["link", ANNA, "messenger"][..],
        &["link", ANNA, "person:7"],
        &["link", ANNA, "mesenger:7"],
        &["link", &ceo, &anna],
        &["link", "anna", &anna],
        &["unlink", ANNA, "mesenger"],
        &["link", "person:8", &ceo],
    ] {
        let (document, code) = company.json(command);
        assert_eq!(code, 2, "{command:?}: {document:#}");
    }
    let (document, code) = company.json(&["unlink", "person:404", "messenger"]);
    assert_eq!(
        (code, &document["error"]["kind"]),
        (5, &json!("known_nowhere"))
    );
    company.lose_calls();
    let silent = company.kadry(&["link", "person:8", "calls:5", "--yes"]);
    assert_eq!(silent.code, 1, "{silent:?}");
}

#[test]
fn looking_at_a_link_makes_no_store() {
    let company = Company::open();
    let ceo = format!(
        "messenger:{}",
        record(&company, "ceo@example.test", "messenger")
    );
    let shown = company.kadry(&["link", "person:1", &ceo, "--plan-only"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(shown.out.contains("person:1"), "{shown:?}");
    let stores = std::fs::read_dir(company.path("state/kadry")).unwrap();
    let mut names = stores.map(|entry| entry.unwrap().file_name());
    assert!(!names.any(|name| name.to_string_lossy().contains(".sqlite")));
}

#[test]
fn show_tells_by_what_somebody_is_remembered_and_which_links_are_not_used() {
    let company = Company::open();
    company.hire(ANNA);
    let (document, _) = company.json(&["show", ANNA]);
    assert_eq!(document["aliases"], json!([ANNA]));
    for link in document["links"].as_array().unwrap() {
        assert_eq!(link.get("other_account"), None, "{link:#}");
    }
    let text = company.kadry(&["show", ANNA]);
    assert!(
        text.out.contains(&format!("Remembered by: {ANNA}")),
        "{text:?}"
    );

    // The same store, and the platforms under another address: what was linked under the old one leads nowhere.
    company.configure(|settings| settings.replace("127.0.0.1", "localhost"));
    let (document, _) = company.json(&["show", ANNA]);
    let links = document["links"].as_array().unwrap().iter();
    let unused: Vec<_> = links
        .filter(|link| link.get("other_account").is_some())
        .map(|link| &link["provider"])
        .collect();
    assert!(unused.contains(&&json!("messenger")), "{document:#}");
    let text = company.kadry(&["show", ANNA]);
    assert!(text.out.contains("a link of another account"), "{text:?}");
}
