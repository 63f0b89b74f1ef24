//! What cannot be used as it was typed or written.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::support::{Company, Ended, bare};

#[test]
fn whatever_is_mistyped_ends_with_2_and_the_nearest_name() {
    let company = Company::open();
    company.write(
        "anna.toml",
        "email = \"anna@example.test\"\nlast_nam = \"О\"\n",
    );
    let email = ["onboard", "--email", "anna@example.test", "--yes"];
    for (command, near) in [
        (
            [&email[..], &["--role", "acountant"]].concat(),
            "accountant",
        ),
        (
            [&email[..], &["--role", "accountant", "--on", "mesenger"]].concat(),
            "messenger",
        ),
        (vec!["people", "--on", "call"], "calls"),
        (vec!["onboard", "anna.toml"], "last_name"),
        (vec!["onboard", "missing.toml"], "missing.toml"),
        (vec!["offboard", "anna@nowhere"], "anna@nowhere"),
        (vec!["offboard", "anna"], "person:1042"),
        (vec!["offboard", "Черновикова"], "kadry people Черновикова"),
        (vec!["offboard", "mesenger:7"], "messenger"),
        (vec!["offboard", "person:"], "person:1042"),
        (
            vec!["onboard", "--last-name", "О", "--role", "accountant"],
            "--external-id",
        ),
    ] {
        let ended = company.kadry(&command);
        assert_eq!(ended.code, 2, "{command:?} {ended:?}");
        assert!(ended.err.contains(near), "{command:?} {ended:?}");
        assert_eq!(ended.out, "");
        let (document, _) = company.json(&command);
        assert!(document["error"]["message"].is_string(), "{document:#}");
    }
    assert_eq!(company.emulator.log(), [], "nobody was asked");
}

#[test]
fn a_value_that_nobody_can_mean_is_refused_with_its_flag_or_its_place_in_the_file() {
    let company = Company::open();
    let long = "Ю".repeat(256);
    let address = format!("{}@example.test", "a".repeat(300));
    let base = ["onboard", "--email", "anna@example.test", "--yes"];
    company.write("anna.toml", "phone = \"abc\"\n");
    for (more, said) in [
        (["--phone", "abc"], "--phone: this is no phone number"),
        (["--title", &long], "--title: the value is longer than 255"),
        (
            ["--last-name", "Орлова\nАнна"],
            "--last-name: the value holds a line break",
        ),
        (
            ["anna.toml", "-q"],
            "anna.toml, phone: this is no phone number",
        ),
    ] {
        let ended = company.kadry(&[&base[..], &more].concat());
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(ended.err.contains(said), "{ended:?}");
    }
    let ended = company.kadry(&["onboard", "--email", &address, "--role", "accountant"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("at most 254 characters"), "{ended:?}");
    assert_eq!(company.emulator.log(), [], "nobody was asked");
}

#[test]
fn what_the_help_says_to_try_can_be_typed_as_it_stands() {
    let company = Company::open();
    let config = company.kadry(&["emulate", "--print-config"]).out;
    let exports = |line: &&str| line.starts_with("# export ");
    assert!(config.lines().any(|line| exports(&line)), "{config}");
    for lang in ["ru", "en"] {
        let help = company.kadry(&["--help", "--lang", lang]).out;
        assert!(help.contains("sed -n 's/^# export/export/p' kadry.toml"));
        let commands = help.lines().map(str::trim);
        let mut tried = commands.filter(|line| line.starts_with("kadry offboard irina"));
        let plan: Vec<&str> = tried.next().unwrap().split(' ').skip(1).collect();
        let ended = company.kadry(&plan);
        assert_eq!(ended.code, 0, "{ended:?}");
        assert!(ended.out.contains("Close access"), "{ended:?}");
    }
}

#[test]
fn a_help_that_cannot_be_printed_is_no_success() {
    let folder = tempfile::tempdir().unwrap();
    for line in [&["--help"][..], &["--version"], &["people", "-h"]] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = bare(folder.path(), line);
        let ended = command.stdout(full).output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{line:?} {said}");
        assert!(said.contains("cannot be printed"), "{line:?} {said}");
    }
}

#[test]
fn arguments_that_cannot_be_parsed_are_one_document_too() {
    let folder = tempfile::tempdir().unwrap();
    for command in [
        &["-o", "json", "nonsense"][..],
        &["people", "--output=json", "--nonsense"],
        &["-ojson"],
        &["offboard", "-o", "json"],
    ] {
        let ended = Ended::from(bare(folder.path(), command).output().unwrap());
        assert_eq!(ended.code, 2, "{ended:?}");
        assert_eq!(ended.json()["error"]["kind"], "usage", "{ended:?}");
    }
}

#[test]
fn without_a_configuration_init_is_the_hint() {
    let folder = tempfile::tempdir().unwrap();
    let ended = Ended::from(bare(folder.path(), &["providers"]).output().unwrap());
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("kadry init"), "{ended:?}");
}

#[test]
fn a_configuration_that_others_can_write_is_not_used() {
    let company = Company::open();
    let path = company.path("kadry.toml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o660)).unwrap();
    let ended = company.kadry(&["people"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("chmod"), "{ended:?}");
    assert_eq!(company.emulator.log(), []);
}

#[test]
fn the_language_follows_the_locale_and_the_flag_wins() {
    let company = Company::open();
    let mut command = company.command(&["offboard", "anna"]);
    let russian = Ended::from(command.env("LC_ALL", "ru_RU.UTF-8").output().unwrap());
    assert!(russian.err.contains("Непонятно, о ком речь"), "{russian:?}");
    let mut command = company.command(&["offboard", "anna", "--lang", "en"]);
    let english = Ended::from(command.env("LC_ALL", "ru_RU.UTF-8").output().unwrap());
    assert!(
        english.err.contains("It is not clear who is meant by"),
        "{english:?}"
    );
}

#[test]
fn quiet_leaves_the_data_alone() {
    let company = Company::open();
    let ended = company.kadry(&["people", "-q"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.err, "");
    assert!(ended.out.contains("people"), "{ended:?}");
}

#[test]
fn what_is_no_platform_is_told_with_those_that_are() {
    let company = Company::open();
    for (name, told) in [
        ("nonsense", "Configured: calls, edo, messenger."),
        ("pachca", "of this kind: messenger."),
    ] {
        let ended = company.kadry(&["people", "--on", name]);
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(ended.err.contains(told), "{ended:?}");
    }
}

#[test]
fn an_address_without_an_at_is_told_as_one() {
    let company = Company::open();
    let command = ["onboard", "--email", "a2", "--role", "accountant"];
    let (document, code) = company.json(&command);
    assert_eq!(code, 2, "{document:#}");
    assert_eq!(document["error"]["kind"], "bad_email", "{document:#}");
}

#[test]
fn who_only_looks_makes_no_store() {
    let company = Company::open();
    let somebody = &company.on_calls()[0].email;
    for command in [
        &["people"][..],
        &["runs"],
        &["providers"],
        &["show", somebody],
        &["offboard", somebody, "--plan-only"],
    ] {
        let ended = company.kadry(command);
        assert_eq!(ended.code, 0, "{command:?} {ended:?}");
    }
    let stores = fs::read_dir(company.path("state/kadry")).unwrap();
    let mut names = stores.map(|entry| entry.unwrap().file_name());
    assert!(!names.any(|name| name.to_string_lossy().contains(".sqlite")));
    let ended = company.kadry(&["runs", "--store", "typo.sqlite"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(
        ended.err.contains("There is no store at typo.sqlite"),
        "{ended:?}"
    );
    assert!(!company.path("typo.sqlite").exists());
}

#[test]
fn secrets_of_platforms_that_are_left_out_are_not_needed() {
    let company = Company::open();
    company.configure(|settings| settings.replace("env = \"PACHCA_TOKEN\"", "env = \"NOT_SET\""));
    let ended = company.kadry(&["people", "--on", "calls"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let ended = company.kadry(&["people"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("NOT_SET"), "{ended:?}");
}

#[test]
fn lines_of_json_are_only_for_what_prints_rows() {
    let company = Company::open();
    for command in [&["people"][..], &["runs", "list"], &["providers"]] {
        let ended = company.kadry(&[command, &["-o", "ndjson"]].concat());
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{ended:?}");
        assert!(ended.err.contains("-o ndjson"), "{ended:?}");
    }
    assert!(company.emulator.log().is_empty());
}
