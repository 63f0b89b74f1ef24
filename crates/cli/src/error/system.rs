//! What the operating system answers, in words.

use std::io;
use std::path::Path;

use crate::words::{Value, Words};

/// The sentences that tell of something that was to be made: a folder is missing then, and no file.
const WRITES: [&str; 2] = ["file-unwritable", "report-file-lost"];

/// Says what the system answered about a file; the sentence has a place for its path and one for the cause.
pub(crate) fn with_path(words: &Words, key: &str, path: &Path, cause: &io::Error) -> String {
    let cause = match io_word(cause) {
        "not-found" if WRITES.contains(&key) => words.say("io-no-new-files"),
        _ => of_io(words, cause),
    };
    let variables: &[(&str, Value<'_>)] = &[
        ("path", path.display().to_string().into()),
        ("cause", cause.into()),
    ];
    words.say_with(key, variables)
}

/// Says what the system answered. What is rare is quoted, since only the system has words for it.
pub(crate) fn of_io(words: &Words, error: &io::Error) -> String {
    match io_word(error) {
        OTHER => words.say_with("io-other", &[("said", innermost(error).into())]),
        word => of_io_word(words, word),
    }
}

/// Says what the system answered, when only the word of it is left.
pub(crate) fn of_io_word(words: &Words, word: &str) -> String {
    words
        .try_say(&format!("io-{word}"), &[])
        .unwrap_or_else(|| words.say("io-refused"))
}

/// What has no word of its own.
const OTHER: &str = "refused";

/// What people meet, and its words.
const COMMON: [(io::ErrorKind, &str); 11] = [
    (io::ErrorKind::NotFound, "not-found"),
    (io::ErrorKind::PermissionDenied, "denied"),
    (io::ErrorKind::ReadOnlyFilesystem, "read-only"),
    (io::ErrorKind::StorageFull, "full"),
    (io::ErrorKind::QuotaExceeded, "full"),
    (io::ErrorKind::FileTooLarge, "too-large"),
    (io::ErrorKind::IsADirectory, "folder"),
    (io::ErrorKind::NotADirectory, "no-folder"),
    (io::ErrorKind::InvalidFilename, "bad-name"),
    (io::ErrorKind::AddrInUse, "address-in-use"),
    (io::ErrorKind::AddrNotAvailable, "address-not-here"),
];

/// Returns a word for what the system answered, the same in every language.
pub(crate) fn io_word(error: &io::Error) -> &'static str {
    // Only a text that cannot be decoded has this kind and no number of the system's.
    if error.kind() == io::ErrorKind::InvalidData && error.raw_os_error().is_none() {
        return "not-text";
    }
    let known = COMMON.iter().find(|(kind, _)| *kind == error.kind());
    known.map_or(OTHER, |(_, word)| word)
}

/// The system's own words, without its number and without the name of a temporary file.
fn innermost(error: &io::Error) -> String {
    let mut said = error.to_string();
    let mut below = error
        .get_ref()
        .map(|inner| inner as &(dyn std::error::Error + 'static));
    while let Some(one) = below {
        if let Some(system) = one.downcast_ref::<io::Error>() {
            said = system.to_string();
        }
        below = one.source();
    }
    match said.rfind(" (os error ") {
        Some(at) => said[..at].to_owned(),
        None => said,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;
    use crate::words::Lang;

    /// No place, no full disk, no rights, and so on, as Linux numbers them.
    const NUMBERS: [i32; 10] = [2, 13, 1, 30, 28, 27, 21, 20, 98, 36];

    #[test]
    fn what_is_common_is_said_in_the_language_of_the_reader_and_without_numbers() {
        for lang in [Lang::En, Lang::Ru] {
            let words = Words::new(lang);
            for number in NUMBERS {
                let said = of_io(&words, &io::Error::from_raw_os_error(number));
                assert!(!said.contains("os error"), "{said}");
                let is_latin = said.chars().any(|letter| letter.is_ascii_alphabetic());
                assert_eq!(is_latin, lang == Lang::En, "{said}");
            }
        }
    }

    #[test]
    fn what_is_rare_is_quoted_without_its_number() {
        let words = Words::new(Lang::Ru);
        let said = of_io(&words, &io::Error::from_raw_os_error(71));
        assert!(said.contains("«Protocol error»"), "{said}");
    }

    #[test]
    fn a_temporary_file_is_named_to_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing");
        let error = tempfile::Builder::new().tempfile_in(&missing).unwrap_err();
        assert!(error.to_string().contains("missing"), "{error}");
        let words = Words::new(Lang::En);
        let said = with_path(&words, "file-unwritable", Path::new("a.html"), &error);
        assert!(
            !said.contains("missing") && said.contains("folder"),
            "{said}"
        );
    }
}
