//! A review in the terminal, and as a list for programs.

use kadry_core::Email;
use kadry_flow::review::{Place, Reviewed, Thing, Verdict};

use super::{Whole, document, say};
use crate::error::{Failure, of_platform};
use crate::ui::table::{Field, Tint};
use crate::ui::{Screen, unprintable};
use crate::words::Words;

/// Prints a table of whoever is worth a look, and how many there are of what.
///
/// # Errors
///
/// That it cannot be printed.
pub(super) fn table(screen: &Screen, whole: &Whole<'_>) -> Result<(), Failure> {
    let words = &screen.words;
    let mut rows = Vec::new();
    let read = whole.each(|one| {
        if whole.filter.shows(one) {
            rows.extend(shown(words, one));
        }
        Ok(())
    });
    read.map_err(|cause| unprintable(words, &cause))?;
    let mut sheet = screen.data_sheet();
    if !rows.is_empty() {
        let header = [
            "list-who",
            "review-column-role",
            "column-provider",
            "column-access",
            "review-column-found",
        ];
        sheet.table(&header.map(|key| words.say(key)), rows, &[2]);
        sheet.gap();
    }
    sheet.text(0, &summary(words, whole));
    if !whole.filter.narrows() && !whole.filter.all {
        sheet.text(0, &words.say("review-all-hint"));
    }
    screen.data(&sheet)
}

/// The rows of somebody: of the platforms there is something to say, or of all where there is nothing anywhere.
fn shown(words: &Words, one: &Reviewed) -> Vec<Vec<Field>> {
    let worth = |place: &&Place| {
        let differs = !place.beyond.is_empty() || !place.lacks.is_empty();
        differs || place.administers() || place.signs() || place.own || place.is_unsure()
    };
    let some: Vec<&Place> = one.places.iter().filter(worth).collect();
    let places = if some.is_empty() {
        one.places.iter().collect()
    } else {
        some
    };
    let mut rows = Vec::new();
    for (at, place) in places.iter().enumerate() {
        // Whose rows they are stands in the first.
        let first = |text: String| if at == 0 { text } else { String::new() };
        let (found, tint) = found(words, one, place);
        rows.push(vec![
            Field::from(first(one.person.clone())),
            first(say::role(words, &one.basis)).into(),
            place.provider.as_str().into(),
            say::access(words, place).into(),
            Field::new(found, tint),
        ]);
    }
    if rows.is_empty() {
        let why = say::why(words, &one.basis);
        let why = why.unwrap_or_else(|| say::verdict(words, one.verdict()));
        rows.push(vec![
            Field::from(one.person.clone()),
            say::role(words, &one.basis).into(),
            Field::from("–"),
            Field::from("–"),
            Field::new(why, Tint::Warning),
        ]);
    }
    rows
}

/// What is to be said of somebody on one platform, line by line.
fn found(words: &Words, one: &Reviewed, place: &Place) -> (String, Tint) {
    let mut lines = Vec::new();
    for (things, key) in [
        (&place.beyond, "review-beyond"),
        (&place.lacks, "review-lacks"),
    ] {
        if !things.is_empty() {
            let things = say::things(words, things).replace('\n', "; ");
            lines.push(words.say_with(key, &[("things", things.into())]));
        }
    }
    lines.extend(say::rights(words, one, place));
    lines.extend(say::why(words, &one.basis));
    lines.extend(say::doubts(words, one, place));
    let tint = match (place.beyond.is_empty(), lines.is_empty()) {
        (false, _) => Tint::Bad,
        (true, false) => Tint::Warning,
        (true, true) => Tint::Good,
    };
    if lines.is_empty() {
        lines.push(say::verdict(words, one.verdict()));
    }
    (lines.join("\n"), tint)
}

fn summary(words: &Words, whole: &Whole<'_>) -> String {
    let tally = whole.tally;
    let people = [("people", tally.people.into())];
    let mut parts = vec![words.say_with("people-count", &people)];
    for verdict in Verdict::ALL {
        let people = tally.of(verdict);
        if people > 0 {
            parts.push(format!("{} – {people}", say::verdict(words, verdict)));
        }
    }
    for (key, people) in [
        ("review-administrators", tally.administrators),
        ("review-signers", tally.signers),
    ] {
        parts.push(format!("{} – {people}", words.say(key)));
    }
    parts.join("\n")
}

/// Says which platforms could not be read, and what others show of nobody.
pub(super) fn complain(screen: &Screen, whole: &Whole<'_>) {
    let words = &screen.words;
    let hidden = whole.hidden.lines(words);
    let mut sheet = screen.rest_sheet();
    if !hidden.is_empty() {
        sheet.text(0, &words.say("review-hidden-from-us"));
        sheet.pairs(2, hidden);
        screen.tell(&sheet);
    }
    if whole.unread.is_empty() {
        return;
    }
    let mut sheet = screen.rest_sheet();
    sheet.paragraph(0, &words.say("review-silent"), Tint::Bad);
    let silent = whole.unread.iter();
    sheet.pairs(
        2,
        silent.map(|(id, error)| (id.to_string(), of_platform(words, error))),
    );
    screen.complain(&sheet);
}

/// The names of the columns for programs; no language changes them.
const HEADER: [&str; 20] = [
    "line",
    "person",
    "name",
    "email",
    "external_id",
    "role",
    "basis",
    "verdict",
    "platform",
    "record",
    "access",
    "beyond",
    "lacks",
    "besides",
    "administrator",
    "signer",
    "service_account",
    "exempt",
    "privileged",
    "doubts",
];

/// Prints a line for each person and platform.
///
/// # Errors
///
/// That it cannot be printed.
pub(super) fn list(screen: &Screen, whole: &Whole<'_>) -> Result<(), Failure> {
    let words = &screen.words;
    let mut rows = Vec::new();
    let read = whole.each(|one| {
        rows.extend(lines(words, one));
        Ok(())
    });
    read.map_err(|cause| unprintable(words, &cause))?;
    screen.csv(&HEADER, rows)
}

fn lines(words: &Words, one: &Reviewed) -> Vec<Vec<String>> {
    let person = vec![
        one.line.map(|line| line.to_string()).unwrap_or_default(),
        one.person.clone(),
        one.name.clone(),
        one.email.as_ref().map(Email::to_string).unwrap_or_default(),
        one.external_id.clone().unwrap_or_default(),
        one.basis.role().unwrap_or_default().to_owned(),
        document::basis(&one.basis).to_owned(),
        one.verdict().name().to_owned(),
    ];
    let last = [one.exempt.to_string(), one.privileged.to_string()];
    let why: Vec<String> = say::why(words, &one.basis).into_iter().collect();
    let on = |place: &Place| {
        let mark = |mark| document::known(mark).map_or_else(String::new, |is| is.to_string());
        let doubts = [why.clone(), say::doubts(words, one, place)].concat();
        let mut cells = person.clone();
        cells.extend([
            place.provider.to_string(),
            place
                .record
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            access(place),
            things(&place.beyond),
            things(&place.lacks),
            things(&place.besides),
            mark(&place.administrator),
            mark(&place.signer),
            place.own.to_string(),
        ]);
        cells.extend(last.clone());
        cells.push(doubts.join(" "));
        cells
    };
    if one.places.is_empty() {
        let mut cells = person.clone();
        cells.extend((0..9).map(|_| String::new()));
        cells.extend(last.clone());
        cells.push(why.join(" "));
        return vec![cells];
    }
    one.places.iter().map(on).collect()
}

fn access(place: &Place) -> String {
    match (place.access, &place.silent) {
        (_, Some(_)) => "unread".to_owned(),
        (Some(access), None) => access.to_string(),
        (None, None) => "none".to_owned(),
    }
}

/// The things as programs read them, such as `tag:Accounting; access`.
fn things(things: &[Thing]) -> String {
    let said = things.iter().map(|thing| match thing {
        Thing::Record => "record".to_owned(),
        Thing::Access => "access".to_owned(),
        Thing::Grant { kind, name } => format!("{kind}:{name}"),
    });
    said.collect::<Vec<_>>().join("; ")
}
