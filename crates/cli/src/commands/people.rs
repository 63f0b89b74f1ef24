//! Who has access where.

use std::collections::BTreeMap;

use clap::Args;
use kadry_core::{Access, Email, Employee, ProviderId, fold};
use kadry_flow::{People as Everybody, PersonRow};
use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use super::{Session, exit_of};
use crate::error::{Exit, Failure, of_platform};
use crate::setup::Purpose;
use crate::ui::Screen;
use crate::ui::json::Silent;
use crate::ui::progress::Waiting;
use crate::ui::table::{Field, Sheet, Tint};
use crate::words::Words;

/// Show who has access where
///
/// One row for each person, one column for each platform.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry people
  kadry people анна --on messenger,calls
  kadry people --suspended -o json
  kadry people -o csv > people.csv")]
pub(crate) struct People {
    /// Only people whose name, e-mail or id contains this
    #[arg(value_name = "QUERY")]
    query: Option<String>,
    /// Only people who are suspended somewhere
    #[arg(long)]
    suspended: bool,
    /// Only on these platforms
    #[arg(long, value_name = "PROVIDER", value_delimiter = ',')]
    on: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
struct Matrix {
    people: Vec<Row>,
    silent: Vec<Silent>,
    exit: u8,
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    email: Option<String>,
    external_id: Option<String>,
    records: BTreeMap<String, Vec<Record>>,
}

#[derive(Debug, Serialize)]
struct Record {
    id: String,
    access: Access,
}

impl People {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with the arguments or the configuration.
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let (screen, words) = (&session.screen, &session.screen.words);
        let setup = session.open(Purpose::Look, self.on.as_deref()).await?;
        let on = setup.config.on(self.on.as_deref(), words)?;
        let mut everybody = {
            let _waiting = Waiting::show(screen, words.say("progress-reading"));
            setup.organisation.people(&on).await
        };
        everybody.rows.retain(|row| self.wants(row));
        let exit = exit_of(everybody.silent.len(), on.len());
        if screen.is_json() {
            screen.document(&document(words, &everybody, exit))?;
        } else if screen.is_csv() {
            list(screen, &everybody, &on)?;
            complain(screen, &everybody);
        } else {
            let mut sheet = screen.data_sheet();
            matrix(&mut sheet, words, &everybody, &on);
            screen.data(&sheet)?;
            complain(screen, &everybody);
        }
        Ok(exit)
    }

    fn wants(&self, row: &PersonRow) -> bool {
        let wanted = self.query.as_deref().map(fold).unwrap_or_default();
        let mut texts = vec![row.name.as_str()];
        texts.extend(row.email.as_ref().map(Email::as_str));
        texts.extend(row.external_id.as_deref());
        texts.extend(row.records.values().flatten().map(|one| one.at.id.as_str()));
        texts.iter().any(|text| fold(text).contains(&wanted))
            && (!self.suspended || accesses(row).any(|access| access == Access::Suspended))
    }
}

fn accesses(row: &PersonRow) -> impl Iterator<Item = Access> {
    row.records.values().flatten().map(|one| one.access)
}

/// The widest e-mail column that is kept whole: an address in two pieces cannot be copied.
const WHOLE: usize = 40;

/// Writes the rows as a table, and how many there are.
pub(super) fn matrix(sheet: &mut Sheet, words: &Words, everybody: &Everybody, on: &[ProviderId]) {
    let count = everybody.rows.len();
    if everybody.silent.len() == on.len() {
        // That nobody was seen says nothing of how many there are.
        return;
    }
    if count > 0 {
        let asked = on.iter().filter(|id| !everybody.silent.contains_key(id));
        let asked: Vec<&ProviderId> = asked.collect();
        let mut header = vec![words.say("column-name"), words.say("column-email")];
        header.extend(asked.iter().map(ToString::to_string));
        let widest = everybody.rows.iter().map(|row| known_by(row).width()).max();
        let first = if widest.is_some_and(|widest| widest <= WHOLE) {
            1
        } else {
            2
        };
        let whole: Vec<usize> = (first..header.len()).collect();
        let rows = |name: fn(&str) -> String| -> Vec<Vec<Field>> {
            let rows = everybody.rows.iter().map(|row| {
                let mut cells = vec![Field::from(name(&row.name)), known_by(row).into()];
                cells.extend(
                    asked
                        .iter()
                        .map(|id| access(words, row.records.get(id).map_or(&[], Vec::as_slice))),
                );
                cells
            });
            rows.collect()
        };
        let mut written = rows(str::to_owned);
        if !sheet.has_room(&header, &written) {
            written = rows(with_initials);
        }
        sheet.table(&header, written, &whole);
        sheet.gap();
    }
    sheet.text(
        0,
        &words.say_with("people-count", &[("people", count.into())]),
    );
}

/// Returns a name in which what follows the family name and the given name is an initial.
fn with_initials(name: &str) -> String {
    let words = name.split_whitespace().enumerate();
    let words = words.map(|(place, word)| match word.chars().next() {
        Some(first) if place > 1 => format!("{first}."),
        Some(_) | None => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn known_by(row: &PersonRow) -> &str {
    let email = row.email.as_ref().map(Email::as_str);
    email.or(row.external_id.as_deref()).unwrap_or_default()
}

/// The access of everybody where nobody could be read; an empty cell is somebody without a record.
const UNKNOWN: &str = "unknown";

/// Prints a line for each person: who, and for each platform that was asked the access and the id of the record there. A platform that
/// could not be read keeps its columns: whoever counts them must not depend on who answers.
fn list(screen: &Screen, everybody: &Everybody, on: &[ProviderId]) -> Result<(), Failure> {
    let mut header = ["name", "email", "external_id"].map(str::to_owned).to_vec();
    header.extend(
        on.iter()
            .flat_map(|id| [id.to_string(), format!("{id}_id")]),
    );
    let rows = everybody.rows.iter().map(|row| {
        let email = row.email.as_ref().map(ToString::to_string);
        let mut cells = vec![
            row.name.clone(),
            email.unwrap_or_default(),
            row.external_id.clone().unwrap_or_default(),
        ];
        cells.extend(on.iter().flat_map(|id| here(everybody, row, id)));
        cells
    });
    screen.csv(&header, rows)
}

/// Returns the access and the id of one person on one platform.
fn here(everybody: &Everybody, row: &PersonRow, id: &ProviderId) -> [String; 2] {
    if everybody.silent.contains_key(id) {
        return [UNKNOWN.to_owned(), String::new()];
    }
    let records = row.records.get(id).map_or(&[][..], Vec::as_slice);
    let listed =
        |what: fn(&Employee) -> String| records.iter().map(what).collect::<Vec<_>>().join(", ");
    [
        listed(|one| one.access.to_string()),
        listed(|one| one.at.id.to_string()),
    ]
}

/// Returns the cell of one person on one platform.
fn access(words: &Words, records: &[Employee]) -> Field {
    let open = records.iter().any(|one| one.access == Access::Open);
    let text = records
        .iter()
        .map(|one| words.say(&format!("access-{}", one.access)))
        .collect::<Vec<_>>()
        .join(", ");
    match (records, open) {
        ([], _) => Field::new("–", Tint::Faint),
        (_, true) => Field::new(text, Tint::Good),
        (_, false) => Field::new(text, Tint::Warning),
    }
}

fn complain(screen: &Screen, everybody: &Everybody) {
    if everybody.silent.is_empty() {
        return;
    }
    let mut sheet = screen.rest_sheet();
    sheet.paragraph(0, &screen.words.say("platforms-silent"), Tint::Bad);
    let silent = everybody.silent.iter();
    sheet.pairs(
        2,
        silent.map(|(id, error)| (id.to_string(), of_platform(&screen.words, error))),
    );
    screen.complain(&sheet);
}

fn document(words: &Words, everybody: &Everybody, exit: Exit) -> Matrix {
    let row = |row: &PersonRow| Row {
        name: row.name.clone(),
        email: row.email.as_ref().map(ToString::to_string),
        external_id: row.external_id.clone(),
        records: row
            .records
            .iter()
            .map(|(id, records)| (id.to_string(), records.iter().map(record).collect()))
            .collect(),
    };
    Matrix {
        people: everybody.rows.iter().map(row).collect(),
        silent: everybody
            .silent
            .iter()
            .map(|(id, error)| Silent::new(words, id, error))
            .collect(),
        exit: exit.code(),
    }
}

fn record(employee: &Employee) -> Record {
    Record {
        id: employee.at.id.to_string(),
        access: employee.access,
    }
}
