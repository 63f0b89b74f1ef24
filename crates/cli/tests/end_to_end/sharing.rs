//! Two commands at once over one store.

use std::process::{Child, Stdio};

use kadry_emulator::Options;
use kadry_emulator::log::Entry;

use crate::support::{Company, Ended};

/// A company of so many people that reading them takes many requests, on platforms that take a while for each.
fn busy() -> Company {
    let company = Company::open_like(&Options {
        people: 600,
        latency_ms: 60,
        ..Options::default()
    });
    // The budgets are beside the store, and whoever only looks makes none.
    company.hire("vera.obraztsova@example.test");
    company
}

/// Begins a command that reads everybody.
fn begin(company: &Company, arguments: &[&str]) -> Child {
    let mut command = company.command(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

fn end(child: Child) -> Ended {
    let ended = Ended::from(child.wait_with_output().unwrap());
    assert_eq!(ended.code, 0, "{ended:?}");
    ended
}

/// Runs two commands at once and returns what was asked of the platforms meanwhile.
fn both(company: &Company, arguments: &[&str]) -> Vec<Entry> {
    let before = company.emulator.log().len();
    let children = [(); 2].map(|()| begin(company, arguments));
    let [first, second] = children.map(end);
    assert_eq!(first.out, second.out);
    company.emulator.log().split_off(before)
}

#[test]
fn two_commands_never_have_more_than_four_requests_under_way_at_diadoc() {
    let company = busy();
    let log = both(&company, &["people", "--on", "edo", "-o", "json"]);
    assert!(company.emulator.most_under_way("/diadoc") <= 4);
    let refused: Vec<_> = log.iter().filter(|seen| seen.status == Some(429)).collect();
    assert!(refused.is_empty(), "{refused:#?}");
    assert_eq!(company.violations(), []);
}

#[test]
fn two_boxes_of_one_diadoc_user_share_the_four_requests_under_way() {
    let company = busy();
    company.configure(|settings| {
        let begin = settings.find("[providers.edo]").unwrap();
        let table = &settings[begin..begin + settings[begin..].find("\n\n").unwrap()];
        let another = table.replace("[providers.edo]", "[providers.edo-south]");
        format!("{settings}\n{another}\n")
    });
    let (document, code) = company.json(&["people"]);
    assert_eq!(code, 0, "{document:#}");
    assert_eq!(company.emulator.most_under_way("/diadoc"), 4);
}

#[test]
fn two_commands_send_no_more_requests_a_second_than_one_may() {
    let company = busy();
    company.configure(|settings| {
        let kind = "kind = \"pachca\"";
        settings.replace(kind, &format!("{kind}\nrequests_per_second = 8"))
    });
    let log = both(&company, &["people", "--on", "messenger", "-o", "json"]);
    let times: Vec<i64> = log
        .iter()
        .filter(|seen| seen.platform == "pachca")
        .map(|seen| seen.at_ms)
        .collect();
    let gaps = i64::try_from(times.len()).unwrap() - 1;
    let took_ms = times[times.len() - 1] - times[0];
    assert!(gaps >= 15, "{gaps}");
    // Two budgets of their own would take half as long; some of the difference is left to a busy machine.
    assert!(took_ms >= gaps * 125 * 3 / 4, "{gaps} in {took_ms} ms");
}

#[test]
fn a_long_pause_that_one_command_was_asked_for_is_respected_by_the_next() {
    let company = busy();
    company.fault(serde_json::json!({
        "match": { "platform": "diadoc", "path": "/GetMyEmployee" },
        "do": { "status": 429, "retry_after": 1_000 }
    }));
    let arguments = ["people", "--on", "edo"];
    assert_ne!(company.kadry(&arguments).code, 0);
    company.emulator.clear_faults();
    let before = company.emulator.log().len();
    assert_ne!(company.kadry(&arguments).code, 0);
    let log = company.emulator.log().split_off(before);
    assert!(
        log.iter().all(|seen| !seen.path.starts_with("/diadoc")),
        "{log:#?}"
    );
}
