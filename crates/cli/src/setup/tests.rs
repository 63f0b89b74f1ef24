#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use kadry_core::{Capability, FieldRule, Foresight, GrantKind, OnLeave, Reason, Support, Write};
use kadry_emulator::{Emulator, Options, serve};
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::*;
use crate::words::Lang;

fn written(text: &str, mode: u32) -> (TempDir, Global) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("romashka.toml");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    let global = Global {
        config: Some(path),
        store: Some(folder.path().join("romashka.sqlite")),
        ..Global::default()
    };
    (folder, global)
}

async fn failure(global: &Global) -> Failure {
    let wanted = Wanted {
        purpose: Purpose::Write,
        on: None,
        precedence: Precedence::Usual,
    };
    open(global, wanted, &Words::new(Lang::En))
        .await
        .unwrap_err()
}

#[tokio::test]
async fn a_configuration_that_others_can_write_is_refused() {
    for mode in [0o620, 0o602, 0o666] {
        let (_folder, global) = written("", mode);
        let failure = failure(&global).await;
        assert_eq!(failure.exit, error::Exit::Usage);
        assert!(failure.hint.unwrap().starts_with("chmod go-w "), "{mode:o}");
    }
    let (_folder, global) = written("", 0o644);
    let hint = failure(&global).await.hint.unwrap();
    assert!(!hint.starts_with("chmod"), "{hint}");
}

#[tokio::test]
async fn a_folder_in_the_place_of_a_configuration_is_called_one_and_keeps_its_mode() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
    let global = Global {
        config: Some(folder.path().to_owned()),
        ..Global::default()
    };
    let failure = failure(&global).await;
    assert!(failure.message.contains("is a folder"), "{failure:?}");
    assert!(!failure.hint.unwrap().contains("chmod"));
}

#[tokio::test]
async fn nobody_is_told_to_change_the_mode_of_what_is_no_file() {
    let device = PathBuf::from("/dev/null");
    let global = Global {
        config: Some(device),
        ..Global::default()
    };
    let failure = failure(&global).await;
    assert!(
        !failure.hint.clone().unwrap().contains("chmod"),
        "{failure:?}"
    );
}

#[test]
fn a_place_that_must_not_be_looked_at_is_not_one_where_there_is_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let (hidden, missing) = (file.join(CONFIG), folder.path().join(CONFIG));
    let refused = first_of(vec![missing.clone(), hidden.clone()]);
    assert!(matches!(refused, Err(Fault::Unreadable(path, _)) if path == hidden));
    let none = first_of(vec![missing.clone()]);
    assert!(matches!(none, Err(Fault::NoConfig(places)) if places == [missing.clone()]));
    assert!(matches!(first_of(vec![missing, file.clone()]), Ok(found) if found == file));
}

#[tokio::test]
async fn a_mistake_is_told_with_file_line_and_nearest_key() {
    let (_folder, global) = written("\norganization = \"romashka\"\n", 0o600);
    let failure = failure(&global).await;
    assert!(
        failure.message.contains("romashka.toml:2: "),
        "{}",
        failure.message
    );
    assert_eq!(
        failure.hint.as_deref(),
        Some("Did you mean “organisation”?")
    );
}

#[tokio::test]
async fn a_missing_secret_is_told_by_name_and_leaves_no_store_behind() {
    let kind = KINDS[0];
    let secret = kind.secrets[0];
    let text = format!(
        "[providers.messenger]\nkind = \"{}\"\n{secret} = {{ env = \"KADRY_NO_SUCH\" }}\n",
        kind.name
    );
    let folder = tempfile::tempdir().unwrap();
    let given = Given {
        text: &text,
        config_path: &folder.path().join("kadry.toml"),
        store: &folder.path().join("store.sqlite"),
    };
    let words = Words::new(Lang::En);
    let failure = open_with(given, &|_| None, &words).await.unwrap_err();
    assert_eq!(failure.kind, "secret");
    assert!(failure.message.contains("KADRY_NO_SUCH"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn every_configured_platform_is_what_the_registry_says_and_every_no_is_worded() {
    let now_ms = jiff::Timestamp::now().as_millisecond();
    let clock = kadry_emulator::Clock::starting_at(now_ms);
    let emulator = Emulator::new(Options::default(), clock);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(serve(listener, emulator.clone(), std::future::pending()));

    let folder = tempfile::tempdir().unwrap();
    let exports: BTreeMap<_, _> = emulator.exports().into_iter().collect();
    let given = Given {
        text: &emulator.settings(&base),
        config_path: &folder.path().join("kadry.toml"),
        store: &folder.path().join("store.sqlite"),
    };
    let words = Words::new(Lang::Ru);
    let environment = |name: &str| exports.get(name).cloned();
    let setup = open_with(given, &environment, &words).await.unwrap();

    let kinds: BTreeMap<_, _> = setup
        .config
        .providers()
        .into_iter()
        .map(|row| (row.id, row.kind))
        .collect();
    let mut met = BTreeSet::new();
    for connect in &setup.organisation.connects {
        let provider = connect.connect(Foresight::default()).await.unwrap();
        assert!(Arc::ptr_eq(
            &provider,
            &connect.connect(Foresight::default()).await.unwrap()
        ));
        let kind = kinds[connect.id()];
        let kind = KINDS.iter().find(|known| known.name == kind).unwrap();
        let capability = provider.capability();
        let keys: BTreeSet<_> = capability.grants.iter().map(|kind| kind.role_key).collect();
        assert_eq!(keys, kind.role_keys.iter().copied().collect(), "{kind:?}");
        for reason in reasons(capability) {
            assert_ne!(error::reason(&words, reason), reason.key, "{kind:?}");
        }
        met.insert(kind.name);
    }
    assert_eq!(met, KINDS.iter().map(|kind| kind.name).collect());
    serving.abort();
}

/// Every reason in the table.
fn reasons(capability: &Capability) -> Vec<&Reason> {
    let supports = [
        &capability.list,
        &capability.create,
        &capability.update,
        &capability.suspend,
        &capability.reopen,
        &capability.remove,
        &capability.notify,
        &capability.was_notified,
    ];
    let supports = supports
        .into_iter()
        .chain(capability.fields.values().flat_map(supports_of_field))
        .chain(capability.grants.iter().flat_map(supports_of));
    let writes = capability
        .grants
        .iter()
        .filter_map(|kind| match &kind.on_update {
            Write::No(reason) => Some(reason),
            Write::WholeSet | Write::Delta => None,
        });
    let keeps = capability
        .grants
        .iter()
        .filter_map(|kind| match &kind.on_leave {
            OnLeave::Keep(reason) => Some(reason),
            OnLeave::Revoke => None,
        });
    supports
        .filter_map(Support::reason)
        .chain(writes)
        .chain(keeps)
        .chain(&capability.caveats)
        .collect()
}

fn supports_of(kind: &GrantKind) -> [&Support; 6] {
    [
        &kind.on_create,
        &kind.alone,
        &kind.catalogue,
        &kind.define,
        &kind.while_suspended,
        &kind.hand_over,
    ]
}

fn supports_of_field(rule: &FieldRule) -> [&Support; 3] {
    [&rule.create, &rule.update, &rule.clear]
}
