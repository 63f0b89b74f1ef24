//! Files that somebody names: why they cannot be read or written, and what helps.

use std::io;
use std::path::Path;

use kadry_tables::Format;
use kadry_tables::PersonFileError;

use super::system::{io_word, with_path};
use super::{Failure, did_you_mean};
use crate::setup;
use crate::words::{Value, Words};

/// Says what helps somebody whose file cannot be read.
pub(crate) fn hint_to_read(words: &Words, path: &Path, cause: &io::Error) -> String {
    let about =
        |key, path: &Path| words.say_with(key, &[("path", path.display().to_string().into())]);
    match io_word(cause) {
        "not-found" | "no-folder" => {
            let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            about("hint-file-missing", &whole)
        }
        "denied" => {
            // What stands in a closed folder cannot be looked at; the folder can.
            let mut seen = path.ancestors().filter(|one| !one.as_os_str().is_empty());
            let seen = seen.find(|one| one.symlink_metadata().is_ok());
            about("hint-file-denied", seen.unwrap_or(path))
        }
        "folder" => about("hint-file-folder", path),
        "not-text" => words.say("hint-file-text"),
        _ => words.say("hint-mend"),
    }
}

/// Says what helps somebody whose file cannot be written.
pub(crate) fn hint_to_write(words: &Words, cause: &io::Error) -> String {
    words.say(match io_word(cause) {
        "full" | "too-large" => "hint-write-full",
        _ => "hint-write-elsewhere",
    })
}

/// Says what is wrong with a person's file.
pub(crate) fn of_person_file(words: &Words, error: &PersonFileError, path: &Path) -> Failure {
    let shown = path.display().to_string();
    let say = |key, more: &[(&str, Value<'_>)]| {
        let mut variables = vec![("path", Value::from(shown.as_str()))];
        variables.extend_from_slice(more);
        words.say_with(key, &variables)
    };
    let keyed = |key, line: &usize, name: &str| {
        let line = line.to_string();
        say(key, &[("line", line.into()), ("key", name.into())])
    };
    let format = match Format::of(path) {
        Some(Format::Json) => "JSON",
        Some(Format::Toml) | None => "TOML",
    };
    let keys = || Some(words.say_with("hint-person-file", &[("format", format.into())]));
    let (message, hint) = match error {
        PersonFileError::Unreadable(source) => (
            with_path(words, "file-unreadable", path, source),
            Some(hint_to_read(words, path, source)),
        ),
        PersonFileError::TooLong => (say("person-file-too-long", &[]), keys()),
        PersonFileError::UnknownFormat if shown.contains('@') && !path.exists() => (
            say("person-file-is-address", &[]),
            Some(say("hint-person-file-is-address", &[])),
        ),
        PersonFileError::UnknownFormat => (say("person-file-format", &[]), keys()),
        PersonFileError::Malformed { line, message } => {
            let detail = malformed(words, format, message);
            let line = line.to_string();
            let variables = [("line", line.into()), ("detail", detail.into())];
            (say("person-file-malformed", &variables), keys())
        }
        PersonFileError::UnknownKey { key, .. } if setup::is_key_of_configuration(key) => (
            say("person-file-is-configuration", &[]),
            Some(words.say("hint-not-configuration")),
        ),
        PersonFileError::UnknownKey { line, key, nearest } => (
            keyed("person-file-unknown-key", line, key),
            nearest.map_or_else(keys, |nearest| Some(did_you_mean(words, nearest))),
        ),
        PersonFileError::NotText { line, key } => {
            (keyed("person-file-not-text", line, key), keys())
        }
        PersonFileError::Twice { line, key } => (
            keyed("person-file-twice", line, key),
            Some(words.say("hint-once")),
        ),
    };
    Failure::usage("person_file", message, hint)
}

/// Says why a text is not written in its format. Parsers say it in English only, and sometimes quote what must not be shown.
pub(crate) fn malformed(words: &Words, format: &str, message: &str) -> String {
    let has = |part: &str| message.contains(part);
    let what = if has("duplicate") {
        "twice"
    } else if has("EOF") {
        "ends"
    } else if has("must be quoted") || has("key must be a string") || has("expected value") {
        "quotes"
    } else if has("unclosed") || has("basic string") || has("literal string") {
        "open"
    } else if has("missing value") {
        "value"
    } else if has("comma") || has("expected `,`") {
        "comma"
    } else if has("expected `:`") {
        "colon"
    } else if has("unexpected key or value")
        || has("assignment")
        || has("key with no value")
        || has("key-value")
        || has("extra `=`")
    {
        "assignment"
    } else if has("escape") || has("unicode") || has("control character") {
        "escape"
    } else if has("trailing characters") {
        "trailing"
    } else if has("invalid type") {
        "object"
    } else {
        "other"
    };
    let variables = [("what", what.into()), ("format", format.into())];
    words.say_with("malformed", &variables)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use kadry_tables::read_person;

    use super::*;
    use crate::words::Lang;

    fn said(lang: Lang, text: &str, name: &str) -> String {
        let path = Path::new(name);
        let error = read_person(text, Format::of(path).unwrap()).unwrap_err();
        let failure = of_person_file(&Words::new(lang), &error, path);
        format!("{} {}", failure.message, failure.hint.unwrap())
    }

    #[test]
    fn no_word_of_a_parser_is_left_and_each_mistake_has_a_way_out() {
        for (name, text) in [
            ("anna.toml", "email anna"),
            ("anna.toml", "email = anna@example.test"),
            ("anna.toml", "email ="),
            ("anna.toml", "email = 'anna"),
            ("anna.toml", "email = \"anna"),
            ("anna.toml", "email = \"a\", role = \"b\""),
            ("anna.toml", "[email"),
            ("anna.json", "{ \"email\": "),
            ("anna.json", "{ \"email\" 1 }"),
            ("anna.json", "{ email: 1 }"),
            ("anna.json", "[1]"),
            ("anna.json", "{} {}"),
        ] {
            let russian = said(Lang::Ru, text, name);
            for word in ["expected", "unexpected", "EOF", "column", "key or value"] {
                assert!(!russian.contains(word), "{text}: {russian}");
            }
            assert!(said(Lang::En, text, name).contains(":1: "), "{text}");
        }
    }

    #[test]
    fn common_slips_are_told_apart() {
        for (text, part) in [
            ("email anna", "on one line"),
            ("email = anna", "in quotation marks"),
            ("email = [\"anna\"", "not closed"),
            ("email =", "in quotation marks"),
            ("email = \"a\" role = \"b\"", "on one line"),
        ] {
            let english = said(Lang::En, text, "anna.toml");
            assert!(english.contains(part), "{text}: {english}");
        }
    }

    #[test]
    fn a_configuration_in_the_place_of_a_person_is_called_one() {
        let text = "organisation = \"romashka\"\n[providers.messenger]\n";
        assert!(said(Lang::En, text, "kadry.toml").contains("is a configuration"));
        assert!(said(Lang::Ru, text, "kadry.toml").contains("--config"));
    }

    #[test]
    fn an_address_in_the_place_of_a_file_is_called_one() {
        let path = Path::new("anna@example.test");
        let error = PersonFileError::UnknownFormat;
        let failure = of_person_file(&Words::new(Lang::En), &error, path);
        let hint = failure.hint.unwrap();
        assert!(hint.contains("--email anna@example.test"), "{hint}");
    }

    #[test]
    fn what_helps_depends_on_what_the_system_said() {
        let words = Words::new(Lang::En);
        for (number, part) in [(2, "Looked for /"), (13, "ls -ld"), (21, "in it")] {
            let cause = io::Error::from_raw_os_error(number);
            let hint = hint_to_read(&words, Path::new("a.toml"), &cause);
            assert!(hint.contains(part), "{hint}");
        }
    }
}
