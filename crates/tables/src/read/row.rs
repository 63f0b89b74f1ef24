//! One row of a roster.

use std::borrow::Cow;
use std::collections::HashMap;

use kadry_core::{Email, FieldName, Fields, fold};

use super::fault::{At, CellFault, Fault};
use super::grid::{Cell, Record, Shown};
use super::header::{Column, Header, Meaning};
use super::leaves::{self, Leaves};
use super::name::{self, Name};
use super::roster::Preset;
use super::value;

/// One person of a roster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The line of the text where the record begins, or the row of the sheet, from 1.
    pub line: u32,
    /// The values; what is empty in the file is not in the map. Of a row with faults only some may be here.
    pub fields: Fields,
    /// The role that the person gets.
    pub role: Option<String>,
    /// What the row says about staying and leaving; none if no column tells.
    pub leaves: Option<Leaves>,
    /// What is wrong. A row with any fault must be refused: its other values may have been read from the wrong place.
    pub faults: Vec<CellFault>,
}

/// What is known of a roster when its rows are read.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) preset: Preset,
    pub(super) header: Header,
    pub(super) columns: Vec<Column>,
    pub(super) counts_cells: bool,
    /// For each column without a header, whether a value in it is a fault.
    pub(super) unheaded: Vec<usize>,
    /// Which ids may have lost their zeros; known when all of them were seen.
    pub(super) ids: Ids,
    /// The rows that repeat a key of a row above.
    pub(super) same: HashMap<u32, Vec<CellFault>>,
    /// Whether the last cell of a text without a last line end ends as others do, so that it is whole.
    pub(super) ends_whole: bool,
}

/// What all the ids of a roster together tell of each.
#[derive(Clone, Debug, Default)]
pub(super) struct Ids {
    /// The width of the ids that are written with their zeros.
    written: Width,
    /// The width of those that begin with a zero.
    led: Width,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Width {
    #[default]
    None,
    One(usize),
    Several,
}

impl Width {
    const fn add(self, width: usize) -> Self {
        match self {
            Self::None => Self::One(width),
            Self::One(known) if known == width => self,
            Self::One(_) | Self::Several => Self::Several,
        }
    }

    /// Reports whether an id of so many digits is too short to be whole.
    const fn exceeds(self, digits: usize) -> bool {
        match self {
            Self::None => false,
            Self::One(width) => digits < width,
            Self::Several => true,
        }
    }
}

impl Ids {
    /// Takes an id into account.
    pub(super) fn see(&mut self, cell: &Cell<'_>, id: &str) {
        let written = matches!(cell, Cell::Text(_) | Cell::Number(_, Shown::Padded(_)));
        if written && value::is_digits(id) {
            self.written = self.written.add(id.len());
            if id.starts_with('0') && id.len() > 1 {
                self.led = self.led.add(id.len());
            }
        }
    }

    /// Returns what is wrong with an id beside the others.
    fn fault(&self, cell: &Cell<'_>, id: &str) -> Option<Fault> {
        let number = match cell {
            Cell::Number(_, Shown::Unseen) => return Some(Fault::FormatUnseen),
            Cell::Number(_, Shown::Plain | Shown::Otherwise) => true,
            Cell::Number(_, Shown::Padded(_)) | Cell::Text(_) => false,
            Cell::Empty
            | Cell::Date(_)
            | Cell::NoDate
            | Cell::Bool(_)
            | Cell::Error(_)
            | Cell::Formula
            | Cell::Merged => false,
        };
        let digits = id.len();
        let beside_led = match self.led {
            Width::One(width) => digits < width,
            Width::Several => number,
            Width::None => false,
        };
        let beside_written =
            number && matches!(self.written, Width::One(_)) && self.written.exceeds(digits);
        Some(Fault::ZerosLost).filter(|_| value::is_digits(id) && (beside_led || beside_written))
    }
}

/// The names of a row, as they stand there.
#[derive(Default)]
struct Names<'a> {
    full: Option<(&'a At, Name)>,
    last: Option<(&'a At, String)>,
    first: Option<(&'a At, String)>,
    middle: Option<(&'a At, String)>,
    spoiled: bool,
}

impl Rules {
    /// Returns a column by what it holds.
    pub(super) fn column(&self, meaning: Meaning) -> Option<(usize, &At)> {
        let column = self
            .columns
            .iter()
            .find(|column| column.meaning == meaning)?;
        Some((column.at.number as usize - 1, &column.at))
    }

    /// Reads a row.
    pub(super) fn read(&self, record: &Record<'_>) -> Row {
        let mut row = Row {
            line: record.line,
            ..Row::default()
        };
        let misshapen = self.check_shape(record, &mut row);
        let mut names = Names::default();
        for column in &self.columns {
            let index = column.at.number as usize - 1;
            let cell = record.cells.get(index).unwrap_or(&Cell::Empty);
            if let Err(what) = self.read_cell(column, cell, &mut row, &mut names) {
                names.spoiled |= is_name(column.meaning);
                row.faults.push(CellFault {
                    column: Some(column.at.clone()),
                    what,
                });
            }
        }
        put_names(&mut row, names);
        self.check_key(&mut row);
        if let Some(same) = self.same.get(&record.line) {
            row.faults.extend(same.iter().cloned());
        }
        if let Some(shape) = misshapen {
            // In a row that is cut in the wrong places every other fault is only an echo.
            row.faults = vec![shape];
        }
        row
    }

    /// Compares the cells of a record with those of the header.
    fn check_shape(&self, record: &Record<'_>, row: &mut Row) -> Option<CellFault> {
        let expected = self.header.width();
        let used = record
            .cells
            .iter()
            .rposition(|cell| !cell.is_blank())
            .map_or(0, |at| at + 1);
        let whole = |what| Some(CellFault { column: None, what });
        if self.counts_cells && used > expected {
            return whole(Fault::TooManyCells {
                found: used,
                expected,
            });
        }
        let found = record.cells.len();
        if self.counts_cells && found < expected {
            return whole(Fault::TooFewCells { found, expected });
        }
        let stray = self.unheaded.iter().find(|column| {
            record
                .cells
                .get(**column)
                .is_some_and(|cell| !cell.is_blank())
        });
        if let Some(column) = stray {
            return Some(CellFault {
                column: Some(self.header.at(*column)),
                what: Fault::Unheaded,
            });
        }
        let last = self
            .columns
            .iter()
            .find(|column| column.at.number as usize == found);
        if let Some(last) = last
            && !record.ended
            && !self.ends_whole
        {
            row.faults.push(CellFault {
                column: Some(last.at.clone()),
                what: Fault::PerhapsCut,
            });
        }
        None
    }

    fn read_cell<'a>(
        &self,
        column: &'a Column,
        cell: &Cell<'_>,
        row: &mut Row,
        names: &mut Names<'a>,
    ) -> Result<(), Fault> {
        let leaves = match column.meaning {
            Meaning::Field(field) => return self.read_field(field, &column.at, cell, row, names),
            Meaning::FullName => return self.read_full_name(&column.at, cell, names),
            Meaning::Role => {
                row.role = value::plain(cell)?.map(Cow::into_owned);
                return Ok(());
            }
            Meaning::LeftOn => value::date(cell)?.map(|on| Leaves::Left { on: Some(on) }),
            Meaning::HasLeft => leaves::has_left(cell)?,
            Meaning::Active => leaves::is_active(cell)?,
            Meaning::Status => leaves::status(cell)?,
        };
        row.leaves = leaves::both(row.leaves.take(), leaves);
        Ok(())
    }

    fn read_field<'a>(
        &self,
        field: FieldName,
        at: &'a At,
        cell: &Cell<'_>,
        row: &mut Row,
        names: &mut Names<'a>,
    ) -> Result<(), Fault> {
        let value = match field {
            FieldName::Email => value::email(cell)?,
            FieldName::ExternalId => {
                let id = value::id(cell)?;
                if let Some(fault) = id.as_deref().and_then(|id| self.ids.fault(cell, id)) {
                    return Err(fault);
                }
                id
            }
            FieldName::Phone => value::phone(cell)?,
            FieldName::Title | FieldName::Department => value::plain(cell)?,
            FieldName::LastName | FieldName::FirstName | FieldName::MiddleName => {
                let Some(text) = value::plain(cell)? else {
                    return Ok(());
                };
                let name = Some((at, name::single(&text)?));
                if field == FieldName::LastName {
                    names.last = name;
                } else if field == FieldName::FirstName {
                    names.first = name;
                } else {
                    names.middle = name;
                }
                return Ok(());
            }
        };
        if let Some(value) = value {
            row.fields.insert(field, value.into_owned());
        }
        Ok(())
    }

    fn read_full_name<'a>(
        &self,
        at: &'a At,
        cell: &Cell<'_>,
        names: &mut Names<'a>,
    ) -> Result<(), Fault> {
        let Some(text) = value::plain(cell)? else {
            return Ok(());
        };
        let name = match self.preset {
            Preset::DealApp => name::split_in_two(&text)?,
            Preset::Common => name::split(&text, at.header.is_ascii())?,
        };
        names.full = Some((at, name));
        Ok(())
    }

    fn check_key(&self, row: &mut Row) {
        let keys = [FieldName::Email, FieldName::ExternalId];
        let given = keys.iter().any(|key| row.fields.contains_key(key));
        let spoiled = row.faults.iter().any(|fault| {
            let column = fault.column.as_ref();
            let meaning = column.and_then(|at| self.columns.iter().find(|column| column.at == *at));
            meaning.is_some_and(|column| {
                keys.iter()
                    .any(|key| column.meaning == Meaning::Field(*key))
            })
        });
        if !given && !spoiled {
            row.faults.push(CellFault {
                column: None,
                what: Fault::NoKey,
            });
        }
    }
}

const fn is_name(meaning: Meaning) -> bool {
    matches!(
        meaning,
        Meaning::FullName
            | Meaning::Field(FieldName::LastName | FieldName::FirstName | FieldName::MiddleName)
    )
}

/// Puts the names into the row, and refuses those that stand in each other's columns.
fn put_names(row: &mut Row, names: Names<'_>) {
    let spoiled = names.spoiled;
    match (names.last, names.first, names.full) {
        (Some((last_at, last)), Some((first_at, first)), full) => {
            let middle = names.middle.map(|(_, middle)| middle);
            let faults = [
                (
                    last_at,
                    Fault::Patronymic,
                    name::is_misplaced_patronymic(&last, middle.as_deref()),
                ),
                (
                    first_at,
                    Fault::Patronymic,
                    first.split(' ').any(name::is_patronymic),
                ),
                (
                    last_at,
                    Fault::SwappedNames,
                    name::are_swapped(&last, &first),
                ),
            ];
            for (at, what, holds) in faults {
                if holds {
                    row.faults.push(CellFault {
                        column: Some(at.clone()),
                        what,
                    });
                }
            }
            let name = Name {
                last,
                first,
                middle,
            };
            if let Some((at, full)) = full
                && !agree(&full, &name)
            {
                row.faults.push(CellFault {
                    column: Some(at.clone()),
                    what: Fault::NamesDiffer,
                });
            }
            put(row, name);
        }
        (None, None, Some((_, name))) => put(row, name),
        (_, _, _) if spoiled => {}
        (_, _, _) => row.faults.push(CellFault {
            column: None,
            what: Fault::NoName,
        }),
    }
}

fn agree(full: &Name, name: &Name) -> bool {
    let middle = |name: &Name| name.middle.as_deref().map(fold);
    let same_middle =
        full.middle.is_none() || name.middle.is_none() || middle(full) == middle(name);
    fold(&full.last) == fold(&name.last) && fold(&full.first) == fold(&name.first) && same_middle
}

fn put(row: &mut Row, name: Name) {
    row.fields.insert(FieldName::LastName, name.last);
    row.fields.insert(FieldName::FirstName, name.first);
    if let Some(middle) = name.middle {
        row.fields.insert(FieldName::MiddleName, middle);
    }
}

/// Returns an address in the form in which addresses are compared.
pub(super) fn email_key(cell: &Cell<'_>) -> Option<Email> {
    let email = value::email(cell).ok()??;
    Some(Email::of_record(&email))
}
