//! Where secrets come from, and where those that change are kept.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::process::Stdio;

use serde_json::Value;

use crate::support::{Company, Ended};

const SOURCE: &str = "token = { env = \"PACHCA_TOKEN\" }";

/// Lets the messenger's token come from elsewhere.
fn with_source(company: &Company, source: &str) {
    company.configure(|settings| {
        assert!(settings.contains(SOURCE), "{settings}");
        settings.replace(SOURCE, &format!("token = {source}"))
    });
}

fn token(company: &Company) -> String {
    let exports = company.emulator.exports().into_iter();
    let mut exports = exports.filter(|(name, _)| *name == "PACHCA_TOKEN");
    exports.next().unwrap().1
}

fn refused(company: &Company) -> Value {
    let (document, code) = company.json(&["providers", "--on", "messenger"]);
    assert_eq!(code, 2, "{document:#}");
    document["error"].clone()
}

#[test]
fn a_secret_may_lie_in_a_file_of_ours_beside_the_configuration() {
    let company = Company::open();
    company.write("messenger.token", &format!("{}\n", token(&company)));
    with_source(&company, "{ file = \"messenger.token\" }");
    let mut command = company.command(&["providers", "--on", "messenger"]);
    let ended = Ended::from(command.env_remove("PACHCA_TOKEN").output().unwrap());
    assert_eq!(ended.code, 0, "{ended:?}");
}

#[test]
fn a_file_that_others_can_read_is_refused_with_the_command_that_mends_it() {
    let company = Company::open();
    company.write("messenger.token", &token(&company));
    with_source(&company, "{ file = \"messenger.token\" }");
    let path = company.path("messenger.token");
    fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
    let error = refused(&company);
    assert_eq!(error["kind"], "secret");
    assert!(
        error["hint"].as_str().unwrap().starts_with("chmod 600 "),
        "{error:#}"
    );
    assert!(!error.to_string().contains(&token(&company)));
}

#[test]
fn a_keyring_answers_with_the_ways_that_work() {
    let company = Company::open();
    with_source(&company, "{ keyring = \"kadry\" }");
    let error = refused(&company);
    assert_eq!(error["kind"], "secret");
    let hint = error["hint"].as_str().unwrap();
    assert!(
        hint.contains("env = ") && hint.contains("file = "),
        "{error:#}"
    );
}

#[test]
fn a_secret_in_the_configuration_itself_is_refused_and_not_repeated() {
    let company = Company::open();
    with_source(&company, "\"canary-inline-secret-1\"");
    let error = refused(&company);
    assert_eq!(error["kind"], "config");
    assert!(
        error["hint"].as_str().unwrap().contains("env = "),
        "{error:#}"
    );
    assert!(!error.to_string().contains("canary-inline-secret-1"));
}

#[test]
fn an_empty_variable_is_as_good_as_none() {
    let company = Company::open();
    let mut command = company.command(&["providers", "-o", "json"]);
    let ended = Ended::from(command.env("PACHCA_TOKEN", " ").output().unwrap());
    assert_eq!(ended.code, 2, "{ended:?}");
    let error = &ended.json()["error"];
    assert!(
        error["message"].as_str().unwrap().contains("PACHCA_TOKEN"),
        "{error:#}"
    );
}

#[test]
fn what_is_kept_beside_the_store_is_ours_alone() {
    let company = Company::open();
    assert_eq!(company.kadry(&["providers"]).code, 0);
    let folder = company.path("state/kadry");
    let mode = |path| fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!(mode(folder.clone()), 0o700);
    let mut tokens = 0;
    for file in fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(path.clone()) & 0o077, 0, "{}", path.display());
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(!name.starts_with(".token-"), "{name} was left behind");
        tokens += usize::from(name.ends_with(".token"));
    }
    assert_eq!(tokens, 2);
}

#[test]
fn processes_that_renew_the_same_credential_do_not_end_each_other() {
    let company = Company::open();
    let begun: Vec<_> = (0..4)
        .map(|_| {
            let mut command = company.command(&["providers", "--on", "calls,edo"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    for running in begun {
        let ended = Ended::from(running.wait_with_output().unwrap());
        assert_eq!(ended.code, 0, "{ended:?}");
    }
    assert_eq!(company.kadry(&["providers", "--on", "calls,edo"]).code, 0);
}
