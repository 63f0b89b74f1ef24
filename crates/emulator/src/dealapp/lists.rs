//! Numbered pages.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::document::{answer, spelt};
use super::habits::Habits;
use super::request::Call;
use crate::wire::Refused;

/// Which page a request asks for.
#[derive(Clone, Copy)]
pub(super) struct Paging {
    number: usize,
    asked: Option<usize>,
    size: usize,
    /// Whether all rows come at once and nothing is said about pages.
    whole: bool,
}

impl Paging {
    /// Reads the page number, and the size, which is obeyed though only the number is documented.
    pub(super) fn read(call: &Call) -> Result<Self, Refused> {
        let positive = |name: &str| {
            call.param(name)
                .map(|sent| sent.parse().ok().filter(|&number: &usize| number > 0))
        };
        let number = match positive("page[number]") {
            None => 1,
            Some(Some(number)) => number,
            Some(None) => {
                call.wire
                    .undocumented("`page[number]` is not a positive number")?;
                1
            }
        };
        Ok(Self {
            number,
            asked: positive("page[size]").flatten(),
            size: 1,
            whole: false,
        })
    }

    /// Returns the paging as the installation does it.
    pub(super) fn under(self, habits: Habits) -> Self {
        let asked = self.asked.filter(|_| habits.obeys_page_size);
        let size = asked.unwrap_or(habits.page_size).min(habits.largest_page);
        Self {
            size: size.max(1),
            ..self
        }
    }

    /// Returns the paging of units and roles, which an installation may not have.
    pub(super) fn of_structure(self, habits: Habits) -> Self {
        Self {
            whole: habits.unpaged_structure,
            ..self.under(habits)
        }
    }

    /// Cuts the page out of all rows; a page beyond the end is empty.
    pub(super) fn cut<T>(self, rows: &[T]) -> &[T] {
        if self.whole {
            return rows;
        }
        let from = (self.number - 1).saturating_mul(self.size).min(rows.len());
        &rows[from..rows.len().min(from + self.size)]
    }

    /// Answers with one page out of `total` rows.
    pub(super) fn answer(
        self,
        habits: Habits,
        data: &[Value],
        included: &[Value],
        total: usize,
    ) -> Response {
        let mut body = Map::new();
        body.insert("data".to_owned(), json!(data));
        if !self.whole {
            let pages = total.div_ceil(self.size);
            let meta = json!({ "page": self.number, "total-pages": pages, "total-count": total });
            body.insert("meta".to_owned(), meta);
        }
        if !included.is_empty() {
            body.insert("included".to_owned(), json!(included));
        }
        answer(StatusCode::OK, &spelt(habits, Value::Object(body)))
    }
}
