//! The configuration that `init` writes.

use std::io::ErrorKind;
use std::path::Path;

use super::fault::Fault;
use super::whole;
use crate::words::Lang;

const ENGLISH: &str = include_str!("kadry.en.toml");
const RUSSIAN: &str = include_str!("kadry.ru.toml");

/// Returns the commented configuration in a language.
const fn text(lang: Lang) -> &'static str {
    match lang {
        Lang::En => ENGLISH,
        Lang::Ru => RUSSIAN,
    }
}

/// Writes the commented configuration to a new file that only we can read.
///
/// # Repeats
///
/// A file that is there already is left as it is.
///
/// # Errors
///
/// [`Fault::Exists`] when there is one, and [`Fault::Unwritable`].
pub(crate) fn write(path: &Path, lang: Lang) -> Result<(), Fault> {
    match whole::make(path, text(lang)) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Err(Fault::Exists(path.to_owned()))
        }
        Err(error) => Err(Fault::Unwritable(path.to_owned(), error)),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use toml::{Table, Value};

    use super::super::config::{self, Config};
    use super::super::registry::KINDS;
    use super::super::{provider, roles};
    use super::*;

    /// The example that stands beside the library.
    const EXAMPLE: &str = include_str!("../../../../examples/company.toml");

    /// The keys of a table and of everything below it.
    fn keys(table: &Table) -> Vec<&str> {
        let below = table.values().filter_map(Value::as_table).flat_map(keys);
        table.keys().map(String::as_str).chain(below).collect()
    }

    /// The text with every commented setting switched on. Prose is commented with a blank, settings without one.
    fn switched_on(text: &str) -> String {
        let line = |line: &str| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') && !setting.is_empty() => setting.to_owned(),
            Some(_) | None => line.to_owned(),
        };
        text.lines().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn it_is_a_configuration_as_it_stands_and_with_every_setting_switched_on() {
        for lang in [Lang::En, Lang::Ru] {
            let path = Path::new(super::super::CONFIG);
            Config::parse(text(lang), path).unwrap();
            let full = Config::parse(&switched_on(text(lang)), path).unwrap();
            let kinds: Vec<_> = full.providers().iter().map(|row| row.kind).collect();
            for kind in KINDS {
                assert!(kinds.contains(&kind.name), "{kind:?}");
            }
        }
    }

    #[test]
    fn every_key_that_there_is_stands_in_the_template_and_in_the_example() {
        for text in [ENGLISH, RUSSIAN, EXAMPLE] {
            let text = switched_on(text);
            Config::parse(&text, Path::new("company.toml")).unwrap();
            let table: Table = text.parse().unwrap();
            let found = keys(&table);
            let mut known: Vec<&str> = config::TOP.to_vec();
            known.extend(config::PROTECT);
            known.extend(provider::SHARED);
            known.extend(roles::ROLE_KEYS);
            known.extend(roles::SECTION_KEYS);
            for kind in KINDS {
                known.extend(kind.secrets);
                known.extend(kind.role_keys);
            }
            known.extend(["base_url", "email", "levels"]);
            known.extend(["identity_url", "box_id", "client_id"]);
            known.extend(["create", "update", "grant", "revoke", "suspend"]);
            known.extend(["reactivate", "remove", "run", "day", "month"]);
            for key in known {
                assert!(found.contains(&key), "{key}");
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_settings() {
        let settings = |text: &str| {
            let keys = switched_on(text);
            let keys = keys.lines().filter(|line| !line.starts_with('#'));
            keys.map(|line| line.split('=').next().unwrap_or(line).trim().to_owned())
                .filter(|key| !key.is_empty())
                .collect::<Vec<_>>()
        };
        assert_eq!(settings(ENGLISH), settings(RUSSIAN));
    }

    #[test]
    fn it_is_written_for_our_eyes_only_and_never_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kadry.toml");
        write(&path, Lang::En).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(matches!(write(&path, Lang::Ru), Err(Fault::Exists(_))));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), ENGLISH);
    }
}
