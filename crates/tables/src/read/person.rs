//! The file of one person.

use std::fmt;
use std::io;
use std::path::Path;

use kadry_core::{FieldName, Fields, nearest};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};

/// The key that is no field of a person: which role they get.
const ROLE: &str = "role";

/// The longest file that is read: a person is a page of text at most.
const LONGEST: u64 = 1024 * 1024;

/// What is known of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The values; what is empty in the file is not in the map.
    pub fields: Fields,
    /// The role that the person gets.
    pub role: Option<String>,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// TOML.
    Toml,
    /// JSON.
    Json,
}

impl Format {
    /// Returns the format of a file by the extension of its name.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?;
        if extension.eq_ignore_ascii_case("toml") {
            Some(Self::Toml)
        } else if extension.eq_ignore_ascii_case("json") {
            Some(Self::Json)
        } else {
            None
        }
    }
}

/// What is wrong with a person's file.
#[derive(Debug, thiserror::Error)]
pub enum PersonFileError {
    /// The file cannot be read.
    #[error("the file cannot be read")]
    Unreadable(#[source] io::Error),
    /// The file is too long to be the file of one person.
    #[error("the file is too long to be the file of one person")]
    TooLong,
    /// The extension is neither `.toml` nor `.json`.
    #[error("the name of the file ends neither in .toml nor in .json")]
    UnknownFormat,
    /// The file is not written in its format.
    #[error("line {line}: {message}")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// There is no such key.
    #[error("line {line}: there is no key {key:?}")]
    UnknownKey {
        /// The line, from 1.
        line: usize,
        /// The key as it stands there.
        key: String,
        /// The nearest key that exists.
        nearest: Option<&'static str>,
    },
    /// A value is no text.
    #[error("line {line}: the value of {key:?} must be text in quotes")]
    NotText {
        /// The line, from 1.
        line: usize,
        /// The key.
        key: String,
    },
    /// A key is given twice.
    #[error("line {line}: {key:?} is given twice")]
    Twice {
        /// The line, from 1.
        line: usize,
        /// The key.
        key: String,
    },
}

/// Lists the keys that a person's file may have.
fn keys() -> impl Iterator<Item = &'static str> {
    FieldName::ALL
        .into_iter()
        .map(FieldName::as_str)
        .chain([ROLE])
}

/// Reads the file of one person; its extension tells how it is written.
///
/// # Errors
///
/// [`PersonFileError`] with the place of the first mistake.
pub fn open_person(path: &Path) -> Result<Person, PersonFileError> {
    let format = Format::of(path).ok_or(PersonFileError::UnknownFormat)?;
    let length = std::fs::metadata(path)
        .map_err(PersonFileError::Unreadable)?
        .len();
    if length > LONGEST {
        return Err(PersonFileError::TooLong);
    }
    let text = std::fs::read_to_string(path).map_err(PersonFileError::Unreadable)?;
    read_person(&text, format)
}

/// Reads the text of one person's file.
///
/// # Errors
///
/// [`PersonFileError`] with the place of the first mistake.
pub fn read_person(text: &str, format: Format) -> Result<Person, PersonFileError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match format {
        Format::Toml => read_toml(text),
        Format::Json => read_json(text),
    }
}

fn read_toml(text: &str) -> Result<Person, PersonFileError> {
    let mut mistake = None;
    let read =
        toml::Deserializer::parse(text).and_then(|toml| Reading(&mut mistake).deserialize(toml));
    read.map_err(|error| {
        let line = line_of(text, error.span().map_or(0, |span| span.start));
        let message = error.message().to_owned();
        place(mistake, line, message)
    })
}

fn read_json(text: &str) -> Result<Person, PersonFileError> {
    let mut mistake = None;
    let mut json = serde_json::Deserializer::from_str(text);
    let read = Reading(&mut mistake).deserialize(&mut json);
    read.and_then(|person| json.end().map(|()| person))
        .map_err(|error| {
            // A file that breaks off in the middle of a value has no wrong value.
            let mistake = mistake.filter(|_| error.is_data());
            place(mistake, error.line().max(1), error.to_string())
        })
}

fn place(mistake: Option<Mistake>, line: usize, message: String) -> PersonFileError {
    match mistake {
        Some(mistake) => mistake.at(line),
        None => PersonFileError::Malformed { line, message },
    }
}

fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

/// A mistake in the content, before its place is known: the parsers tell where they were when it was made.
#[derive(Debug)]
enum Mistake {
    UnknownKey(String),
    NotText(String),
    Twice(String),
}

impl Mistake {
    fn at(self, line: usize) -> PersonFileError {
        match self {
            Self::UnknownKey(key) => PersonFileError::UnknownKey {
                nearest: nearest(&key, keys()),
                line,
                key,
            },
            Self::NotText(key) => PersonFileError::NotText { line, key },
            Self::Twice(key) => PersonFileError::Twice { line, key },
        }
    }
}

/// Reads a person out of either format, and remembers the mistake that the parser's own error would only hold as text.
#[derive(Debug)]
struct Reading<'a>(&'a mut Option<Mistake>);

impl<'de> DeserializeSeed<'de> for Reading<'_> {
    type Value = Person;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Person, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Reading<'_> {
    type Value = Person;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the fields of one person")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Person, A::Error> {
        let mut person = Person::default();
        let mut seen: Vec<String> = Vec::new();
        while let Some(key) = map.next_key_seed(Key(&mut *self.0, &seen))? {
            let value: Option<String> = map.next_value().inspect_err(|_| {
                *self.0 = Some(Mistake::NotText(key.clone()));
            })?;
            let field = FieldName::ALL
                .into_iter()
                .find(|field| field.as_str() == key);
            // An empty value says nothing: it never clears.
            if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
                match field {
                    Some(field) => {
                        person.fields.insert(field, value.trim().to_owned());
                    }
                    None => person.role = Some(value.trim().to_owned()),
                }
            }
            seen.push(key);
        }
        Ok(person)
    }
}

/// A key that exists and was not seen yet.
struct Key<'a>(&'a mut Option<Mistake>, &'a [String]);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        let key = <String as serde::Deserialize>::deserialize(deserializer)?;
        let mistake = if !keys().any(|known| known == key) {
            Mistake::UnknownKey(key)
        } else if self.1.contains(&key) {
            Mistake::Twice(key)
        } else {
            return Ok(key);
        };
        *self.0 = Some(mistake);
        Err(D::Error::custom("this key cannot stand here"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toml(text: &str) -> Result<Person, String> {
        read_person(text, Format::Toml).map_err(|error| format!("{error:?}"))
    }

    fn json(text: &str) -> Result<Person, String> {
        read_person(text, Format::Json).map_err(|error| format!("{error:?}"))
    }

    #[test]
    fn both_formats_give_the_same_person() {
        let written = toml(
            "external_id = \"00042\"\nlast_name = \" Иванова \"\nmiddle_name = \"\"\nrole = \"accountant\"\n",
        );
        let person = Person {
            fields: Fields::from([
                (FieldName::ExternalId, "00042".to_owned()),
                (FieldName::LastName, "Иванова".to_owned()),
            ]),
            role: Some("accountant".to_owned()),
        };
        assert_eq!(written.as_ref(), Ok(&person));
        let exported = "\u{feff}{\"role\": \"accountant\", \"middle_name\": null,\n \
                        \"external_id\": \"00042\", \"last_name\": \"Иванова\"}\n";
        assert_eq!(json(exported), Ok(person));
    }

    #[test]
    fn every_field_and_any_length_pass() {
        let long = "я".repeat(300);
        for field in FieldName::ALL {
            let person = toml(&format!("{field} = \"{long}\""));
            assert_eq!(
                person.map(|person| person.fields),
                Ok(Fields::from([(field, long.clone())]))
            );
        }
    }

    #[test]
    fn an_unknown_key_is_told_with_its_line_and_the_nearest_key() {
        let told = "UnknownKey { line: 2, key: \"lastname\", nearest: Some(\"last_name\") }";
        assert_eq!(toml("role = \"a\"\nlastname = \"b\""), Err(told.to_owned()));
        assert_eq!(
            json("{\"role\": \"a\",\n\"lastname\": \"b\"}"),
            Err(told.to_owned())
        );
    }

    #[test]
    fn a_value_that_is_no_text_is_told_with_its_line() {
        let told = "NotText { line: 2, key: \"phone\" }";
        assert_eq!(toml("\nphone = 70000000001"), Err(told.to_owned()));
        assert_eq!(json("{\n\"phone\": 70000000001}"), Err(told.to_owned()));
        assert_eq!(json("{\n\"phone\": [\"1\"]}"), Err(told.to_owned()));
    }

    #[test]
    fn what_is_not_in_its_format_or_is_given_twice_is_told_with_its_line() {
        for text in ["", "[]", "{\"role\": \"a", "{} {}", "{\"role\": }"] {
            let told = read_person(text, Format::Json);
            assert!(
                matches!(told, Err(PersonFileError::Malformed { line: 1, .. })),
                "{text:?}"
            );
        }
        let told = read_person("role = \"a\"\nrole = ", Format::Toml);
        assert!(matches!(
            told,
            Err(PersonFileError::Malformed { line: 2, .. })
        ));
        assert_eq!(
            json("{\"role\": \"a\",\n\"role\": \"b\"}"),
            Err("Twice { line: 2, key: \"role\" }".to_owned())
        );
    }

    #[test]
    fn the_extension_tells_the_format() {
        assert_eq!(Format::of(Path::new("anna.TOML")), Some(Format::Toml));
        assert_eq!(Format::of(Path::new("anna.json")), Some(Format::Json));
        assert_eq!(Format::of(Path::new("anna")), None);
        let unknown = open_person(Path::new("anna.xlsx"));
        assert!(matches!(unknown, Err(PersonFileError::UnknownFormat)));
        let missing = open_person(Path::new("no-such-folder/anna.toml"));
        assert!(matches!(missing, Err(PersonFileError::Unreadable(_))));
    }
}
