//! Where the header stands, and which delimiter it speaks for.

use kadry_core::{FieldName, fold};

use super::csv::{DELIMITERS, Text};
use super::fault::RosterError;
use super::grid::{Grid, Mark, Record};
use super::header::{Header, Layout, Meaning};
use super::hear::{Heard, Whose, hear, hear_below};
use super::roster::Preset;

/// The header is sought in so many rows from the top.
const SEARCHED: usize = 50;

/// The columns of the vendor's own file.
const DEALAPP: [(&str, Meaning); 5] = [
    ("ФИО", Meaning::FullName),
    ("id", Meaning::Field(FieldName::ExternalId)),
    ("email", Meaning::Field(FieldName::Email)),
    ("Отдел", Meaning::Field(FieldName::Department)),
    ("Роль", Meaning::Role),
];

/// A header and the place where the people begin.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) header: Header,
    pub(super) body: Mark,
}

impl Found {
    /// Returns the columns that the header makes.
    ///
    /// # Errors
    ///
    /// [`RosterError`], see [`Header::layout`] and [`Header::preset`].
    pub(super) fn layout(&self, preset: Preset) -> Result<Layout, RosterError> {
        match preset {
            Preset::Common => self.header.layout(),
            Preset::DealApp => self.header.preset(&DEALAPP),
        }
    }
}

/// Splits a text by the delimiter that its header speaks for.
///
/// # Errors
///
/// [`RosterError`]: no delimiter gives a header, or two give the same.
pub(super) fn split(text: String, preset: Preset) -> Result<(Grid, Found), RosterError> {
    let mut text = Text::new(text, b';');
    let named = text.named_delimiter();
    let tried: Vec<u8> = named.map_or_else(|| DELIMITERS.to_vec(), |named| vec![named]);
    let mut best: Option<(u8, Found)> = None;
    let mut rival = None;
    let mut fault = None;
    for delimiter in tried {
        text = text.with(delimiter);
        let grid = Grid::Text(text);
        match find(&grid, preset) {
            Ok(found) => match &best {
                Some((other, known)) if known.header.score() == found.header.score() => {
                    rival = Some((*other, delimiter));
                }
                Some((_, known)) if known.header.score() > found.header.score() => {}
                Some(_) | None => {
                    rival = None;
                    best = Some((delimiter, found));
                }
            },
            Err(RosterError::NoHeader) => {}
            Err(told) => fault = fault.or(Some(told)),
        }
        let Grid::Text(back) = grid else {
            return Err(RosterError::NoHeader);
        };
        text = back;
    }
    match (best, rival) {
        (Some(_), Some((one, other))) => {
            Err(RosterError::AmbiguousDelimiter(one.into(), other.into()))
        }
        (Some((delimiter, found)), None) => Ok((Grid::Text(text.with(delimiter)), found)),
        (None, _) => Err(fault.unwrap_or(RosterError::NoHeader)),
    }
}

/// Finds the header of a table.
///
/// # Errors
///
/// [`RosterError::NoHeader`], or what breaks the text before a header is found.
pub(super) fn find(grid: &Grid, preset: Preset) -> Result<Found, RosterError> {
    let mut records = grid.records(grid.start());
    let mut above: Option<Record<'_>> = None;
    let mut best: Option<Found> = None;
    let mut fault = None;
    let mut almost = None;
    for _ in 0..SEARCHED {
        let record = match records.next() {
            Some(Ok(record)) => record,
            Some(Err(told)) => {
                fault = Some(told);
                break;
            }
            None => break,
        };
        let body = records.mark();
        let mut candidates = vec![single(&record, preset)];
        if let Some(above) = &above
            && preset == Preset::Common
        {
            candidates.extend(double(grid, above, &record));
        }
        for header in candidates {
            if header.score() < 2 {
                almost = almost.or_else(|| misspelt(&header));
                continue;
            }
            if best
                .as_ref()
                .is_none_or(|best| beats(&header, &best.header))
            {
                best = Some(Found { header, body });
            }
        }
        above = Some(record);
    }
    best.ok_or_else(|| fault.or(almost).unwrap_or(RosterError::NoHeader))
}

/// Returns what is misspelt in a row that says only one thing as it is.
fn misspelt(header: &Header) -> Option<RosterError> {
    if header.score() != 1 {
        return None;
    }
    let fault = header.layout().err()?;
    Some(fault).filter(|fault| matches!(fault, RosterError::NearHeader { .. }))
}

/// Reports whether a header that ends lower says more than one above it. Of two that say the same the upper one is the header, unless
/// the lower one belongs to it and tells apart what the upper one holds twice.
fn beats(lower: &Header, upper: &Header) -> bool {
    if lower.score() != upper.score() {
        return lower.score() > upper.score();
    }
    let joined = lower.rows > 1 && upper.line + 1 >= lower.line;
    joined && (lower.joined || (upper.layout().is_err() && lower.layout().is_ok()))
}

fn text_of(record: &Record<'_>, column: usize) -> String {
    let cell = record.cells.get(column);
    cell.and_then(super::grid::Cell::text)
        .map(std::borrow::Cow::into_owned)
        .unwrap_or_default()
}

/// Returns the texts of a record, cleaned.
pub(super) fn texts_of(record: &Record<'_>) -> Vec<String> {
    (0..record.cells.len())
        .map(|column| text_of(record, column))
        .collect()
}

fn single(record: &Record<'_>, preset: Preset) -> Header {
    let texts = texts_of(record);
    let heard = texts.iter().map(|text| match preset {
        Preset::Common => hear(text),
        Preset::DealApp => hear_exactly(text),
    });
    Header {
        line: record.line,
        rows: 1,
        joined: false,
        raw: vec![texts.clone()],
        heard: heard.collect(),
        texts,
    }
}

fn hear_exactly(text: &str) -> Option<Heard> {
    let known = DEALAPP.iter().find(|(name, _)| fold(name) == fold(text));
    known.map(|(_, meaning)| Heard {
        meaning: *meaning,
        whose: Whose::Unsaid,
        bare_name: false,
    })
}

/// Reads two rows as one header: the lower text decides, the upper one stands over every column to its right that has none.
fn double(grid: &Grid, above: &Record<'_>, below: &Record<'_>) -> Option<Header> {
    let width = above.cells.len().max(below.cells.len());
    let mut header = Header {
        line: above.line,
        rows: 2,
        joined: false,
        raw: vec![texts_of(above), texts_of(below)],
        texts: Vec::with_capacity(width),
        heard: Vec::with_capacity(width),
    };
    let mut over = String::new();
    let mut until = usize::MAX;
    for column in 0..width {
        let upper = text_of(above, column);
        let lower = text_of(below, column);
        if !upper.is_empty() {
            until = grid
                .merged(above.line, column)
                .map_or(usize::MAX, |(_, last)| last);
            over.clone_from(&upper);
        } else if column > until {
            over.clear();
        }
        if lower.is_empty() {
            header.heard.push(hear(&upper));
            header.texts.push(upper);
        } else {
            let heard = hear_below(&over, &lower);
            header.joined |= heard.is_some() && hear(&lower).is_none();
            header.heard.push(heard);
            header.texts.push(lower);
        }
    }
    let lower_says = (0..below.cells.len()).any(|column| {
        !text_of(below, column).is_empty() && header.heard.get(column).is_some_and(Option::is_some)
    });
    Some(header).filter(|_| lower_says)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        match split(text.to_owned(), Preset::Common) {
            Ok((grid, found)) => {
                let Grid::Text(_) = &grid else {
                    return String::new();
                };
                let columns = found.layout(Preset::Common).map(|layout| {
                    layout
                        .columns
                        .iter()
                        .map(|column| format!("{}={}", column.at.letters(), column.meaning))
                        .collect::<Vec<_>>()
                        .join(" ")
                });
                let columns = columns.unwrap_or_else(|fault| fault.to_string());
                let next = grid.records(found.body).next();
                let next = next.and_then(Result::ok).map(|record| record.line);
                format!("{columns}, then line {next:?}")
            }
            Err(fault) => format!("{fault:?}"),
        }
    }

    #[test]
    fn the_delimiter_is_the_one_that_the_header_speaks_for() {
        for delimiter in [";", "\t", ",", "|"] {
            let text = ["ФИО", "email", "Отдел"].join(delimiter) + "\nа\n";
            assert_eq!(
                told(&text),
                "A=full_name B=email C=department, then line Some(2)",
                "{delimiter:?}"
            );
        }
        assert_eq!(
            told("ФИО;email\nФИО,email\n"),
            "AmbiguousDelimiter(';', ',')"
        );
        assert_eq!(
            told("sep=,\r\nФИО,email\r\nа,б\r\n"),
            "A=full_name B=email, then line Some(3)"
        );
    }

    #[test]
    fn titles_above_the_header_are_passed_over() {
        let text = "ООО \"Ромашка\";;\nСписок сотрудников на 01.11.2026;;\nОтбор: Состояние Равно \"Работает\";;\n\nФИО;email;Отдел\nа;б;в\n";
        assert_eq!(
            told(text),
            "A=full_name B=email C=department, then line Some(6)"
        );
    }

    #[test]
    fn of_two_rows_the_lower_decides_and_the_upper_tells_apart() {
        assert_eq!(
            told("Сотрудник;;;Контакты;\nФамилия;Имя;Отчество;E-mail;Телефон\nа;б;в;г;д\n"),
            "A=last_name B=first_name C=middle_name D=email E=phone, then line Some(3)"
        );
        assert_eq!(
            told("Таб. №;ФИО;Контакты;;Должность\n;;E-mail;Телефон;\nа;б;в;г;д\n"),
            "A=external_id B=full_name C=email D=phone E=title, then line Some(3)"
        );
        assert_eq!(
            told("ФИО;Личный;Рабочий\n;E-mail;E-mail\nа;б;в\n"),
            "A=full_name C=email, then line Some(3)"
        );
        assert_eq!(
            told("ФИО;E-mail;\n;Личный;Рабочий\nа;б;в\n"),
            "A=full_name C=email, then line Some(3)"
        );
        assert_eq!(
            told("Сотрудник;;Руководитель;\nФИО;E-mail;ФИО;E-mail\nа;б;в;г\n"),
            "A=full_name B=email, then line Some(3)"
        );
    }

    #[test]
    fn a_slip_is_told_even_if_only_one_header_is_left() {
        assert!(told("ФИО;emial\nа;б\n").contains("NearHeader"));
        assert_eq!(told("а;б\nв;г\n"), "NoHeader");
    }
}
