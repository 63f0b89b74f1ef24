//! The document that programs read of a review. It is written person by person; keys, and their order, are a contract.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write as _};

use kadry_core::{Access, Known};
use kadry_flow::review::{Basis, Place, Reviewed, Thing, Verdict};
use serde::Serialize;

use super::{Whole, say};
use crate::error::Exit;
use crate::ui::json::Silent;
use crate::ui::time::exact;
use crate::words::Words;

#[derive(Debug, Serialize)]
struct Head<'a> {
    organisation: Option<&'a str>,
    at: Option<String>,
    by: &'a str,
    reason: Option<&'a str>,
    file: Option<&'a str>,
    sha256: Option<&'a str>,
    platforms: BTreeMap<&'a str, usize>,
    counts: Counts,
    hidden: Vec<Hides>,
}

#[derive(Debug, Serialize)]
struct Hides {
    provider: String,
    message: String,
}

#[derive(Debug, Serialize)]
struct Counts {
    people: u32,
    #[serde(flatten)]
    verdicts: BTreeMap<&'static str, u32>,
    administrators: u32,
    signers: u32,
}

#[derive(Debug, Serialize)]
struct Person<'a> {
    line: Option<u32>,
    person: &'a str,
    name: &'a str,
    email: Option<&'a str>,
    external_id: Option<&'a str>,
    role: Option<&'a str>,
    basis: &'static str,
    verdict: Verdict,
    why: Option<String>,
    exempt: bool,
    privileged: bool,
    platforms: Vec<On<'a>>,
}

#[derive(Debug, Serialize)]
struct On<'a> {
    provider: &'a str,
    record: Option<&'a str>,
    access: Option<Access>,
    covered: bool,
    beyond: Vec<What<'a>>,
    lacks: Vec<What<'a>>,
    besides: Vec<What<'a>>,
    administrator: Option<bool>,
    signer: Option<bool>,
    registered: Option<bool>,
    service_account: bool,
    unseen: Vec<&'a str>,
    doubts: Vec<String>,
}

#[derive(Debug, Serialize)]
struct What<'a> {
    kind: &'a str,
    name: Option<&'a str>,
}

/// Returns the document in a file without a name, from its beginning.
///
/// # Errors
///
/// That it cannot be made.
pub(super) fn of(words: &Words, whole: &Whole<'_>, exit: Exit) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    let mut out = BufWriter::new(&mut file);
    out.write_all(b"{\n  \"review\": ")?;
    serde_json::to_writer(&mut out, &head(words, whole))?;
    out.write_all(b",\n  \"people\": [")?;
    let mut any = false;
    whole.each(|one| {
        out.write_all(if any { b",\n    " } else { b"\n    " })?;
        any = true;
        serde_json::to_writer(&mut out, &person(words, one)).map_err(io::Error::from)
    })?;
    out.write_all(if any { b"\n  ]" } else { b"]" })?;
    let unread = whole.unread.iter();
    let silent: Vec<Silent> = unread
        .map(|(id, error)| Silent::new(words, id, error))
        .collect();
    out.write_all(b",\n  \"silent\": ")?;
    serde_json::to_writer(&mut out, &silent)?;
    write!(out, ",\n  \"exit\": {}\n}}\n", exit.code())?;
    out.flush()?;
    drop(out);
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

fn head<'a>(words: &Words, whole: &'a Whole<'_>) -> Head<'a> {
    let (about, tally) = (whole.about, whole.tally);
    let verdicts = Verdict::ALL.iter();
    let platforms = whole.read.iter();
    let hidden = whole.hidden.lines(words).into_iter();
    Head {
        organisation: about.organisation.as_deref(),
        at: exact(about.began_ms),
        by: &about.actor,
        reason: about.reason.as_deref(),
        file: about.file.as_deref(),
        sha256: about.sha256.as_deref(),
        platforms: platforms
            .map(|(id, people)| (id.as_str(), *people))
            .collect(),
        counts: Counts {
            people: tally.people,
            verdicts: verdicts.map(|one| (one.name(), tally.of(*one))).collect(),
            administrators: tally.administrators,
            signers: tally.signers,
        },
        hidden: hidden
            .map(|(provider, message)| Hides { provider, message })
            .collect(),
    }
}

fn person<'a>(words: &Words, one: &'a Reviewed) -> Person<'a> {
    Person {
        line: one.line,
        person: &one.person,
        name: &one.name,
        email: one.email.as_ref().map(kadry_core::Email::as_str),
        external_id: one.external_id.as_deref(),
        role: one.basis.role(),
        basis: basis(&one.basis),
        verdict: one.verdict(),
        why: say::why(words, &one.basis),
        exempt: one.exempt,
        privileged: one.privileged,
        platforms: one
            .places
            .iter()
            .map(|place| on(words, one, place))
            .collect(),
    }
}

/// The word for what somebody is held against.
pub(super) const fn basis(basis: &Basis) -> &'static str {
    match basis {
        Basis::Role(_) => "role",
        Basis::NoRole => "no_role",
        Basis::Left => "left",
        Basis::Unknown => "unknown",
        Basis::Unclear(_) => "unclear",
        Basis::TwoPeople => "two_people",
    }
}

fn on<'a>(words: &Words, one: &'a Reviewed, place: &'a Place) -> On<'a> {
    let whats = |things: &'a [Thing]| things.iter().map(what).collect();
    On {
        provider: place.provider.as_str(),
        record: place.record.as_ref().map(kadry_core::RemoteId::as_str),
        access: place.access,
        covered: place.covered,
        beyond: whats(&place.beyond),
        lacks: whats(&place.lacks),
        besides: whats(&place.besides),
        administrator: known(&place.administrator),
        signer: known(&place.signer),
        registered: known(&place.registered),
        service_account: place.own,
        unseen: place
            .unseen
            .keys()
            .map(kadry_core::KindName::as_str)
            .collect(),
        doubts: say::doubts(words, one, place),
    }
}

fn what(thing: &Thing) -> What<'_> {
    match thing {
        Thing::Record => What {
            kind: "record",
            name: None,
        },
        Thing::Access => What {
            kind: "access",
            name: None,
        },
        Thing::Grant { kind, name } => What {
            kind: kind.as_str(),
            name: Some(name),
        },
    }
}

/// What a record shows; none where it shows nothing.
pub(super) const fn known(mark: &Known<bool>) -> Option<bool> {
    match mark {
        Known::Value(is) => Some(*is),
        Known::Empty => Some(false),
        Known::Hidden => None,
    }
}
