//! A header, and the columns that it makes.

use std::fmt;

use kadry_core::{FieldName, fold};

use super::fault::{At, RosterError};
use super::hear::{Heard, Whose, almost};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    /// A field of a person.
    Field(FieldName),
    /// Last, first and middle name in one cell.
    FullName,
    /// The role that the person gets.
    Role,
    /// The day on which the person leaves, or left.
    LeftOn,
    /// Whether the person has left; it may hold the day, too.
    HasLeft,
    /// Whether the person still works there: yes or no.
    Active,
    /// Whether the person works, is away or has left.
    Status,
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Field(field) => field.as_str(),
            Self::FullName => "full_name",
            Self::Role => "role",
            Self::LeftOn => "left_on",
            Self::HasLeft => "has_left",
            Self::Active => "active",
            Self::Status => "status",
        })
    }
}

/// A column that is understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Where it stands and what stands above it.
    pub at: At,
    /// What it holds.
    pub meaning: Meaning,
}

/// A header row, or two of them, with what was heard in each column.
#[derive(Clone, Debug)]
pub(super) struct Header {
    /// The row of the sheet or line of the text where it begins.
    pub(super) line: u32,
    /// How many rows it takes: one or two.
    pub(super) rows: usize,
    /// Whether some column is known only by both rows together.
    pub(super) joined: bool,
    /// The texts of its rows as they stand, to know them again.
    pub(super) raw: Vec<Vec<String>>,
    /// The text of each column; empty where there is none.
    pub(super) texts: Vec<String>,
    /// What was heard in it.
    pub(super) heard: Vec<Option<Heard>>,
}

/// The columns of a roster.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    pub(super) columns: Vec<Column>,
    pub(super) ignored: Vec<At>,
}

impl Header {
    /// Returns how many different things the header says.
    pub(super) fn score(&self) -> usize {
        let mut meanings: Vec<Meaning> = self
            .heard
            .iter()
            .flatten()
            .map(|heard| heard.meaning)
            .collect();
        meanings.sort_unstable();
        meanings.dedup();
        meanings.len()
    }

    /// Returns the number of columns up to the last that has a header.
    pub(super) fn width(&self) -> usize {
        self.texts
            .iter()
            .rposition(|text| !text.is_empty())
            .map_or(0, |at| at + 1)
    }

    pub(super) fn at(&self, column: usize) -> At {
        At {
            number: u32::try_from(column + 1).unwrap_or(u32::MAX),
            header: self.texts.get(column).cloned().unwrap_or_default(),
        }
    }

    /// Returns the columns that the header makes.
    ///
    /// # Errors
    ///
    /// [`RosterError`]: two columns hold the same, a header is almost a known one, no column holds keys or names.
    pub(super) fn layout(&self) -> Result<Layout, RosterError> {
        let heard = self.resolve_names();
        let mut taken: Vec<(usize, Heard)> = Vec::new();
        for (column, heard) in heard.iter().enumerate() {
            let Some(heard) = heard else { continue };
            self.take(&mut taken, column, *heard)?;
        }
        let has = |meaning: Meaning| taken.iter().any(|(_, heard)| heard.meaning == meaning);
        let parts =
            has(Meaning::Field(FieldName::LastName)) && has(Meaning::Field(FieldName::FirstName));
        self.refuse_typos(|meaning| match meaning {
            Meaning::FullName => parts || has(meaning),
            Meaning::Field(FieldName::LastName | FieldName::FirstName | FieldName::MiddleName) => {
                has(Meaning::FullName) || has(meaning)
            }
            Meaning::Field(_)
            | Meaning::Role
            | Meaning::LeftOn
            | Meaning::HasLeft
            | Meaning::Active
            | Meaning::Status => has(meaning),
        })?;
        let line = self.line;
        if !parts && !has(Meaning::FullName) {
            return Err(RosterError::NoNameColumn { line });
        }
        if !has(Meaning::Field(FieldName::Email)) && !has(Meaning::Field(FieldName::ExternalId)) {
            return Err(RosterError::NoKeyColumn { line });
        }
        if has(Meaning::FullName) && !parts {
            // A single name beside a full one says nothing that could be compared.
            taken.retain(|(_, heard)| {
                !matches!(
                    heard.meaning,
                    Meaning::Field(
                        FieldName::LastName | FieldName::FirstName | FieldName::MiddleName
                    )
                )
            });
        }
        Ok(self.laid_out(&taken))
    }

    fn laid_out(&self, taken: &[(usize, Heard)]) -> Layout {
        let mut layout = Layout::default();
        for column in 0..self.width() {
            let at = self.at(column);
            match taken.iter().find(|(taken, _)| *taken == column) {
                Some((_, heard)) => layout.columns.push(Column {
                    at,
                    meaning: heard.meaning,
                }),
                None if at.header.is_empty() => {}
                None => layout.ignored.push(at),
            }
        }
        layout
    }

    /// Returns the columns of a preset, which must be there and alone.
    ///
    /// # Errors
    ///
    /// [`RosterError::PresetColumns`] or [`RosterError::ColumnTwice`].
    pub(super) fn preset(&self, wanted: &[(&'static str, Meaning)]) -> Result<Layout, RosterError> {
        let mut taken: Vec<(usize, Heard)> = Vec::new();
        let mut extra = Vec::new();
        for (column, text) in self
            .texts
            .iter()
            .enumerate()
            .filter(|(_, text)| !text.is_empty())
        {
            match wanted.iter().find(|(name, _)| fold(name) == fold(text)) {
                Some((_, meaning)) => {
                    let heard = Heard {
                        meaning: *meaning,
                        whose: Whose::Unsaid,
                        bare_name: false,
                    };
                    self.take(&mut taken, column, heard)?;
                }
                None => extra.push(self.at(column)),
            }
        }
        let missing = wanted
            .iter()
            .filter(|(_, meaning)| taken.iter().all(|(_, heard)| heard.meaning != *meaning));
        let missing: Vec<_> = missing.map(|(name, _)| *name).collect();
        if !missing.is_empty() || !extra.is_empty() {
            return Err(RosterError::PresetColumns {
                line: self.line,
                missing,
                extra,
            });
        }
        Ok(self.laid_out(&taken))
    }

    /// Returns what was heard, with `Name` beside `Surname` as the first name.
    fn resolve_names(&self) -> Vec<Option<Heard>> {
        let says = |meaning: Meaning| {
            self.heard
                .iter()
                .flatten()
                .any(|heard| heard.meaning == meaning)
        };
        let first = Meaning::Field(FieldName::FirstName);
        let beside = says(Meaning::Field(FieldName::LastName)) && !says(first);
        let resolve = |heard: &Option<Heard>| {
            heard.map(|heard| Heard {
                meaning: if heard.bare_name && beside {
                    first
                } else {
                    heard.meaning
                },
                ..heard
            })
        };
        self.heard.iter().map(resolve).collect()
    }

    /// Takes a column, unless one that says more plainly that it is for work is taken already.
    fn take(
        &self,
        taken: &mut Vec<(usize, Heard)>,
        column: usize,
        heard: Heard,
    ) -> Result<(), RosterError> {
        if heard.whose == Whose::Personal && heard.meaning == Meaning::Field(FieldName::Email) {
            // A private address is never the one that opens doors.
            return Ok(());
        }
        let Some(rival) = taken
            .iter_mut()
            .find(|(_, other)| other.meaning == heard.meaning)
        else {
            taken.push((column, heard));
            return Ok(());
        };
        match (rival.1.whose, heard.whose) {
            (Whose::Unsaid | Whose::Work, Whose::Personal) => Ok(()),
            (Whose::Personal, Whose::Unsaid | Whose::Work) => {
                *rival = (column, heard);
                Ok(())
            }
            (Whose::Personal, Whose::Personal)
            | (Whose::Unsaid | Whose::Work, Whose::Unsaid | Whose::Work) => {
                Err(RosterError::ColumnTwice {
                    line: self.line,
                    meaning: heard.meaning,
                    first: self.at(rival.0),
                    second: self.at(column),
                })
            }
        }
    }

    /// Refuses a header that is almost one that is known, if no other column holds what that one would.
    fn refuse_typos(&self, has: impl Fn(Meaning) -> bool) -> Result<(), RosterError> {
        for (column, text) in self.texts.iter().enumerate() {
            if text.is_empty() || self.heard.get(column).is_some_and(Option::is_some) {
                continue;
            }
            if let Some((meant, meaning)) = almost(text)
                && !has(meaning)
            {
                return Err(RosterError::NearHeader {
                    line: self.line,
                    at: self.at(column),
                    meant,
                    meaning,
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::hear::hear;
    use super::*;

    fn header(texts: &[&str]) -> Header {
        Header {
            line: 1,
            rows: 1,
            joined: false,
            raw: Vec::new(),
            heard: texts.iter().map(|text| hear(text)).collect(),
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        }
    }

    fn told(texts: &[&str]) -> String {
        match header(texts).layout() {
            Ok(layout) => {
                let columns = layout
                    .columns
                    .iter()
                    .map(|column| format!("{}={}", column.at.letters(), column.meaning));
                let ignored = layout.ignored.iter().map(|at| format!("-{}", at.letters()));
                columns.chain(ignored).collect::<Vec<_>>().join(" ")
            }
            Err(fault) => fault.to_string(),
        }
    }

    #[test]
    fn what_is_not_known_is_told_and_not_read() {
        assert_eq!(
            told(&["№ п/п", "ФИО", "", "email", "Дата рождения", "Любимый цвет"]),
            "B=full_name D=email -A -E -F"
        );
    }

    #[test]
    fn a_work_address_wins_over_a_private_one_and_two_alike_are_refused() {
        assert_eq!(
            told(&["ФИО", "Личный e-mail", "Рабочий e-mail"]),
            "A=full_name C=email -B"
        );
        assert_eq!(
            told(&["ФИО", "E-mail", "Личный e-mail"]),
            "A=full_name B=email -C"
        );
        assert!(told(&["ФИО", "E-mail", "Почта"]).contains("both hold email"));
        assert!(told(&["ФИО", "id", "Табельный номер"]).contains("both hold external_id"));
        assert!(told(&["ФИО", "Личный e-mail"]).contains("no column holds an e-mail address"));
    }

    #[test]
    fn a_header_with_a_slip_is_told_and_one_of_another_kind_is_not() {
        for (texts, slip) in [
            (&["Фамлия", "Имя", "email"][..], "фамилия"),
            (&["ФИО", "emial", "id"], "email"),
            (&["ФИО", "email", "Должноть"], "должность"),
            (&["ФОИ", "email"], "фио"),
            (&["ФИО", "id", "Рабочий emial"], "email"),
            (&["ФИО", "id", "Дата уволнения"], "датаувольнения"),
        ] {
            assert!(
                told(texts).contains(&format!("{slip:?} may be meant")),
                "{texts:?}: {}",
                told(texts)
            );
        }
        for text in [
            "Дата рождения",
            "Дата приема",
            "ФИО руководителя",
            "Город",
            "Пол",
            "Код",
            "Оклад",
            "Дом",
            "Пост",
            "Должностной оклад",
        ] {
            assert!(
                told(&["ФИО", "email", text]).ends_with("-C"),
                "{text}: {}",
                told(&["ФИО", "email", text])
            );
        }
        assert_eq!(told(&["ФИО", "Фамлия", "email"]), "A=full_name C=email -B");
    }

    #[test]
    fn names_and_keys_must_be_there() {
        assert_eq!(
            told(&["Surname", "Name", "email"]),
            "A=last_name B=first_name C=email"
        );
        assert_eq!(told(&["Name", "email"]), "A=full_name B=email");
        assert!(told(&["Фамилия", "email"]).contains("no column holds the names"));
        assert!(told(&["ФИО", "Телефон"]).contains("no column holds an e-mail"));
    }
}
