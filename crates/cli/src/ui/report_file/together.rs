//! The page of an operation about several people: one page of all of theirs.

use kadry_tables::write::html::{Outcome, Page, Section, Table, Tone};

/// Puts pages together: what stands under one heading comes into one section, what came out worst stands on top.
pub(super) fn page(pages: Vec<Page>) -> Page {
    let mut pages = pages.into_iter();
    let mut whole = pages.next().unwrap_or_default();
    for page in pages {
        if let Some(result) = page.result {
            whole.result = Some(worse(whole.result, result));
        }
        for fact in page.facts {
            if !whole.facts.contains(&fact) {
                whole.facts.push(fact);
            }
        }
        for section in page.sections {
            let mut known = whole.sections.iter_mut();
            match known.find(|known| known.heading == section.heading) {
                Some(known) => join(known, section),
                None => whole.sections.push(section),
            }
        }
    }
    whole
}

fn worse(one: Option<Outcome>, other: Outcome) -> Outcome {
    let badness = |outcome: &Outcome| match outcome.tone {
        Tone::Good => 0,
        Tone::Plain | Tone::Faint => 1,
        Tone::Warning => 2,
        Tone::Bad => 3,
    };
    match one {
        Some(one) if badness(&one) >= badness(&other) => one,
        Some(_) | None => other,
    }
}

fn join(known: &mut Section, section: Section) {
    for paragraph in section.paragraphs {
        if !known.paragraphs.contains(&paragraph) {
            known.paragraphs.push(paragraph);
        }
    }
    for table in section.tables {
        let mut tables = known.tables.iter_mut();
        match tables.find(|known| known.title == table.title) {
            Some(known) => {
                let Table { columns, rows, .. } = table;
                // A column that would be empty for one person may be there for another.
                if columns.len() > known.columns.len() {
                    known.columns = columns;
                }
                let new: Vec<_> = rows
                    .into_iter()
                    .filter(|row| !known.rows.contains(row))
                    .collect();
                known.rows.extend(new);
            }
            None => known.tables.push(table),
        }
    }
}
