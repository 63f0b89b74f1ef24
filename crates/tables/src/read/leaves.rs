//! Whether a row says that its person leaves.

use jiff::civil::Date;
use kadry_core::fold;

use super::fault::Fault;
use super::grid::Cell;
use super::value::{date, plain, read_date};

/// What a row says about staying and leaving. Nothing here knows what day it is: whether a day has come is judged by whoever asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaves {
    /// The person works there.
    Stays,
    /// The person is on leave, ill or travelling, and still belongs there.
    Away,
    /// The person has left, or leaves on a day that may lie ahead.
    Left {
        /// The day, if it is told.
        on: Option<Date>,
    },
    /// The record is switched off, which need not mean that the person has left.
    Inactive,
    /// The row says something that is not understood.
    Unknown(String),
}

const STAYS: [&str; 22] = [
    "работает",
    "работа",
    "в штате",
    "активен",
    "активна",
    "активный",
    "активная",
    "действует",
    "действующий",
    "основное",
    "принят",
    "принята",
    "active",
    "employed",
    "working",
    "current",
    "enabled",
    "hired",
    "не уволен",
    "не уволена",
    "испытательный срок",
    "probation",
];

const AWAY: [&str; 14] = [
    "отпуск",
    "в отпуске",
    "декрет",
    "в декрете",
    "больничный",
    "на больничном",
    "командировка",
    "в командировке",
    "болезнь",
    "отсутствует",
    "on leave",
    "leave",
    "maternity leave",
    "parental leave",
];

/// Beginnings of what 1С calls the kinds of leave.
const AWAY_BEGINS: [&str; 5] = ["отпуск ", "декрет", "больничн", "командировк", "отсутств"];

const LEFT: [&str; 19] = [
    "уволен",
    "уволена",
    "увольнение",
    "уволен(а)",
    "уволен (а)",
    "уволенные",
    "не работает",
    "больше не работает",
    "terminated",
    "dismissed",
    "fired",
    "left",
    "resigned",
    "former",
    "ex-employee",
    "separated",
    "уволился",
    "уволилась",
    "расторгнут",
];

const INACTIVE: [&str; 16] = [
    "inactive",
    "неактивен",
    "неактивна",
    "неактивный",
    "не активен",
    "не активна",
    "disabled",
    "blocked",
    "заблокирован",
    "заблокирована",
    "архив",
    "archived",
    "suspended",
    "отключен",
    "отключена",
    "приостановлен",
];

const YES: [&str; 8] = ["да", "yes", "true", "истина", "1", "y", "д", "+"];
const NO: [&str; 8] = ["нет", "no", "false", "ложь", "0", "n", "н", "не уволен"];

/// Returns what a status says.
pub(super) fn status(cell: &Cell<'_>) -> Result<Option<Leaves>, Fault> {
    let Some(text) = plain(cell)? else {
        return Ok(None);
    };
    Ok(Some(hear(&text)))
}

fn hear(text: &str) -> Leaves {
    let folded = fold(text);
    let word = folded.trim_end_matches(['.', ';', ' ']);
    if STAYS.contains(&word) {
        Leaves::Stays
    } else if AWAY.contains(&word) || AWAY_BEGINS.iter().any(|begins| word.starts_with(begins)) {
        Leaves::Away
    } else if LEFT.contains(&word) {
        Leaves::Left { on: None }
    } else if INACTIVE.contains(&word) {
        Leaves::Inactive
    } else if let Some(rest) = ["уволена ", "уволен "]
        .iter()
        .find_map(|begins| word.strip_prefix(begins))
    {
        // «Уволен 01.11.2026», «Уволен с 01.11.2026».
        let day = rest.trim_start_matches("с ").trim_start_matches("от ");
        Leaves::Left { on: read_date(day) }
    } else {
        Leaves::Unknown(text.to_owned())
    }
}

/// Returns what stands in a column that asks whether the person has left: yes, no or the day.
pub(super) fn has_left(cell: &Cell<'_>) -> Result<Option<Leaves>, Fault> {
    answer(cell, &Leaves::Left { on: None }, &Leaves::Stays)
}

/// Returns what stands in a column that asks whether the person still works there.
pub(super) fn is_active(cell: &Cell<'_>) -> Result<Option<Leaves>, Fault> {
    answer(cell, &Leaves::Stays, &Leaves::Inactive)
}

fn answer(cell: &Cell<'_>, yes: &Leaves, no: &Leaves) -> Result<Option<Leaves>, Fault> {
    if let Cell::Bool(said) = cell {
        return Ok(Some(if *said { yes.clone() } else { no.clone() }));
    }
    if let Cell::Date(on) = cell {
        return Ok(Some(Leaves::Left { on: Some(*on) }));
    }
    let Some(text) = plain(cell)? else {
        return Ok(None);
    };
    let folded = fold(&text);
    if YES.contains(&folded.as_str()) {
        return Ok(Some(yes.clone()));
    }
    if NO.contains(&folded.as_str()) {
        return Ok(Some(no.clone()));
    }
    match read_date(&text) {
        Some(_) => Ok(date(cell)?.map(|on| Leaves::Left { on: Some(on) })),
        None => Ok(Some(hear(&text))),
    }
}

/// Puts together what several columns say: that somebody leaves outweighs that they work, and a day outweighs none.
pub(super) fn both(one: Option<Leaves>, other: Option<Leaves>) -> Option<Leaves> {
    let weight = |leaves: &Option<Leaves>| match leaves {
        None => 0,
        Some(Leaves::Stays) => 1,
        Some(Leaves::Away) => 2,
        Some(Leaves::Unknown(_)) => 3,
        Some(Leaves::Inactive) => 4,
        Some(Leaves::Left { on: Some(_) }) => 6,
        Some(Leaves::Left { on: None }) => 5,
    };
    if weight(&other) > weight(&one) {
        other
    } else {
        one
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn text(text: &str) -> Cell<'_> {
        Cell::Text(Cow::Borrowed(text))
    }

    #[test]
    fn a_status_is_understood_or_told_as_it_stands() {
        for (said, leaves) in [
            ("Работает", Leaves::Stays),
            ("Active", Leaves::Stays),
            ("Отпуск по уходу за ребёнком", Leaves::Away),
            ("УВОЛЕНА", Leaves::Left { on: None }),
            ("Terminated", Leaves::Left { on: None }),
            ("Inactive", Leaves::Inactive),
            (
                "Уволен с 01.11.2026",
                Leaves::Left {
                    on: Date::new(2026, 11, 1).ok(),
                },
            ),
            ("Не уволен", Leaves::Stays),
            ("Командирован?", Leaves::Unknown("Командирован?".to_owned())),
        ] {
            assert_eq!(status(&text(said)), Ok(Some(leaves)), "{said}");
        }
        assert_eq!(status(&Cell::Empty), Ok(None));
    }

    #[test]
    fn yes_no_and_days_answer_whether_somebody_left() {
        let day = Date::new(2026, 11, 1).ok();
        assert_eq!(has_left(&text("Да")), Ok(Some(Leaves::Left { on: None })));
        assert_eq!(has_left(&text("нет")), Ok(Some(Leaves::Stays)));
        assert_eq!(
            has_left(&text("01.11.2026")),
            Ok(Some(Leaves::Left { on: day }))
        );
        assert_eq!(
            has_left(&Cell::Bool(true)),
            Ok(Some(Leaves::Left { on: None }))
        );
        assert_eq!(is_active(&text("Нет")), Ok(Some(Leaves::Inactive)));
        assert_eq!(is_active(&Cell::Bool(true)), Ok(Some(Leaves::Stays)));
    }

    #[test]
    fn leaving_outweighs_working_and_a_day_outweighs_none() {
        let on = |on| Some(Leaves::Left { on });
        let day = Date::new(2026, 12, 31).ok();
        assert_eq!(both(Some(Leaves::Stays), on(day)), on(day));
        assert_eq!(both(on(None), on(day)), on(day));
        assert_eq!(both(on(None), Some(Leaves::Stays)), on(None));
        assert_eq!(both(None, Some(Leaves::Away)), Some(Leaves::Away));
    }
}
