//! The store: where it is, what is in it, whether it is whole and whose eyes it is for.

use kadry_journal::{Journal, JournalError, Place};

use super::finding::Finding;
use crate::commands::left::{batches_left_behind, left_behind};
use crate::commands::runs::left_undone;
use crate::error::{Failure, of_journal, of_setup};
use crate::setup::{Examined, Opening};
use crate::ui::time::local;
use crate::words::Words;

const PART: &str = "store";

/// A larger store takes too long to be read as a whole.
const LOOKED_THROUGH_BYTES: u64 = 200 * MEGABYTE;

/// With less than this free on the disk a run may not be written down.
const SCARCE_BYTES: u64 = 100 * MEGABYTE;

const MEGABYTE: u64 = 1_000_000;

/// Returns the journal, if there is one that could be opened.
pub(super) fn journal(examined: &Examined) -> Option<&Journal> {
    let opening = examined.store.as_ref()?.as_ref().ok()?;
    let opened = opening.journal.as_ref()?.as_ref().ok()?;
    Some(&opened.journal)
}

/// Tells how the store stands.
pub(super) async fn check(words: &Words, examined: &Examined) -> Vec<Finding> {
    let opening = match &examined.store {
        None => return Vec::new(),
        Some(Err(fault)) => return vec![Finding::of(PART, "file", of_setup(words, fault))],
        Some(Ok(opening)) => opening,
    };
    let mut findings = Vec::new();
    match (&opening.journal, journal(examined)) {
        (_, Some(journal)) => findings.extend(contents(words, opening, journal).await),
        (Some(Err(fault)), None) => {
            findings.push(Finding::of(PART, "file", of_setup(words, fault)));
        }
        (Some(Ok(_)) | None, None) => findings.push(none(words, opening)),
    }
    if let Some(place) = &opening.place {
        findings.extend(surroundings(words, place));
    }
    findings.extend(kept(words, opening));
    findings
}

/// Tells whether the first run can make the store.
fn none(words: &Words, opening: &Opening) -> Finding {
    let path = opening.path.display().to_string();
    match &opening.rehearsed {
        Ok(()) => {
            let none = words.say_with("check-store-none", &[("path", path.into())]);
            Finding::ok(PART, "file", none)
        }
        Err(error) => {
            let mut failure = cannot_write(words, error);
            let about = [
                ("path", path.into()),
                ("cause", failure.message.as_str().into()),
            ];
            failure.message = words.say_with("check-store-unmakeable", &about);
            Finding::of(PART, "file", failure)
        }
    }
}

/// Says why a run could not write. Where the store is stands above.
fn cannot_write(words: &Words, error: &JournalError) -> Failure {
    let mut failure = of_journal(words, error);
    if matches!(error, JournalError::Full) {
        failure.hint = Some(words.say("check-hint-space"));
    }
    failure
}

/// Tells whether a run can write into it.
fn writable(words: &Words, opening: &Opening) -> Finding {
    match &opening.rehearsed {
        Ok(()) => Finding::ok(PART, "writable", words.say("check-store-writable")),
        Err(error) => Finding::of(PART, "writable", cannot_write(words, error)),
    }
}

async fn contents(words: &Words, opening: &Opening, journal: &Journal) -> Vec<Finding> {
    let census = match journal.census().await {
        Ok(census) => census,
        Err(error) => return vec![Finding::of(PART, "file", of_journal(words, &error))],
    };
    let bytes = opening.place.map_or(0, |place| place.bytes);
    let made = opening.place.and_then(|place| place.made_ms);
    // A copy that was put back is younger than what is in it.
    let since = made.into_iter().chain(census.first_ms).min();
    let facts = [
        ("path", opening.path.display().to_string().into()),
        ("size", size(words, bytes).into()),
        ("people", census.people.into()),
        ("runs", census.runs.into()),
        ("since", since.map_or_else(String::new, local).into()),
    ];
    let mut findings = vec![Finding::ok(
        PART,
        "file",
        words.say_with("check-store-facts", &facts),
    )];
    findings.push(writable(words, opening));
    findings.push(runs(words, journal).await);
    findings.push(if bytes > LOOKED_THROUGH_BYTES {
        let limit = size(words, LOOKED_THROUGH_BYTES);
        let skipped = words.say_with("check-store-too-large", &[("size", limit.into())]);
        Finding::note(PART, "integrity", skipped)
    } else {
        match journal.look_through().await {
            Ok(()) => Finding::ok(PART, "integrity", words.say("check-store-whole")),
            Err(error) => Finding::of(PART, "integrity", of_journal(words, &error)),
        }
    });
    findings
}

/// Tells how many runs wait for a command or for an answer.
async fn runs(words: &Words, journal: &Journal) -> Finding {
    let open = async {
        let mut open = left_behind(journal).await?;
        open.extend(journal.all_asking().await?);
        let undone = left_undone(journal).await?.into_iter();
        open.extend(undone.map(|story| story.run));
        Ok(open.len() + batches_left_behind(journal).await?.len())
    };
    match open.await {
        Ok(0) => Finding::ok(PART, "runs", words.say("check-runs-ended")),
        Ok(open) => Finding::warning(
            PART,
            "runs",
            words.say_with("check-runs-open", &[("runs", open.into())]),
            words.say("check-hint-runs"),
        ),
        Err(error) => Finding::of(PART, "runs", of_journal(words, &error)),
    }
}

/// Tells who else could read it, what is left on its disk, and whether that disk is ours.
pub(super) fn surroundings(words: &Words, place: &Place) -> Vec<Finding> {
    let free = || [("free", size(words, place.free_bytes).into())];
    vec![
        if place.shared {
            let hint = words.say("check-hint-shared");
            Finding::warning(PART, "permissions", words.say("check-store-shared"), hint)
        } else {
            Finding::ok(PART, "permissions", words.say("check-store-private"))
        },
        if place.free_bytes < SCARCE_BYTES {
            let said = words.say_with("check-disk-scarce", &free());
            Finding::warning(PART, "disk", said, words.say("check-hint-space"))
        } else {
            Finding::ok(PART, "disk", words.say_with("check-disk", &free()))
        },
        if place.remote {
            let hint = words.say("check-hint-local");
            Finding::warning(PART, "file_system", words.say("check-store-remote"), hint)
        } else {
            Finding::ok(PART, "file_system", words.say("check-store-local"))
        },
    ]
}

/// Tells whether others can read the tokens that are kept beside the store.
fn kept(words: &Words, opening: &Opening) -> Vec<Finding> {
    let shared = opening.kept.iter().filter(|(_, shared)| *shared);
    let mut findings: Vec<Finding> = shared
        .map(|(path, _)| {
            let about = [("path", path.display().to_string().into())];
            let said = words.say_with("check-kept-shared", &about);
            let hint = words.say_with("hint-chmod-read", &about);
            Finding::failure(PART, "kept", said, Some(hint))
        })
        .collect();
    if findings.is_empty() && !opening.kept.is_empty() {
        let files = [("files", opening.kept.len().into())];
        let said = words.say_with("check-kept-private", &files);
        findings.push(Finding::ok(PART, "kept", said));
    }
    findings
}

fn size(words: &Words, bytes: u64) -> String {
    let (unit, one) = if bytes < MEGABYTE {
        ("kilo", MEGABYTE / 1_000)
    } else {
        ("mega", MEGABYTE)
    };
    let number = bytes.div_ceil(one).to_string();
    words.say_with(
        "check-size",
        &[("number", number.into()), ("unit", unit.into())],
    )
}
