//! Whole lists, page after page.
//!
//! Pages are numbered, and rows come and go while they are read: one that slips over the edge of a page is seen twice or not at all.
//! Nobody may get lost in that way, so that what the platform counts is held against what it shows.

use std::collections::HashSet;

use futures::{StreamExt as _, stream};
use kadry_core::{Cursor, Error, ErrorKind, Result};

use crate::wire::document::{Listing, Resource};
use crate::wire::organisation::Named;

/// Why pages are no whole list.
const CHANGED: &str = "the list changed while it was read";
const REPEATED: &str = "a page of the list repeats the ones before it";

/// How many pages are asked for at once. The pace lets no more requests be under way than the operator allows.
const AHEAD: usize = 16;

/// A whole list.
#[derive(Debug)]
pub(super) struct Rows<A> {
    /// The rows, each once.
    pub(super) data: Vec<Resource<A>>,
    /// What came along with them, as often as it came.
    pub(super) included: Vec<Resource<Named>>,
}

/// Refuses every cursor: a list is answered whole, so that none of them is ours.
pub(crate) fn from_the_start(from: Option<&Cursor>) -> Result<()> {
    match from {
        None => Ok(()),
        Some(_) => Err(Error::new(
            ErrorKind::Invalid,
            "the cursor is not one of this platform",
        )),
    }
}

/// Returns a whole list. Where the pages do not fit together they are all asked for once more.
pub(super) async fn whole<A, P, F>(page: P) -> Result<Rows<A>>
where
    A: Send,
    P: Fn(u64) -> F + Send + Sync,
    F: Future<Output = Result<Listing<A>>> + Send,
{
    match read(&page).await? {
        Ok(rows) => Ok(rows),
        Err(misfit) => {
            tracing::debug!(misfit, "a list is read once more");
            let again = read(&page).await?;
            again.map_err(|misfit| Error::new(ErrorKind::Protocol, misfit))
        }
    }
}

async fn read<A, P, F>(page: &P) -> Result<Result<Rows<A>, &'static str>>
where
    A: Send,
    P: Fn(u64) -> F + Send + Sync,
    F: Future<Output = Result<Listing<A>>> + Send,
{
    let mut reading = Reading::new();
    loop {
        let known = reading.number..=reading.last_known();
        let mut pages = stream::iter(known).map(page).buffered(AHEAD);
        while let Some(listing) = pages.next().await {
            match reading.take(listing?) {
                Verdict::GoOn => {}
                Verdict::Whole => return Ok(Ok(reading.rows)),
                Verdict::Misfit(why) => return Ok(Err(why)),
            }
        }
    }
}

/// What a page makes of the list so far.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    GoOn,
    Whole,
    Misfit(&'static str),
}

/// A list that is being read.
struct Reading<A> {
    /// The page to ask for.
    number: u64,
    rows: Rows<A>,
    seen: HashSet<String>,
    /// How many rows the first page had.
    first: usize,
    pages: Option<u64>,
    /// The most that was ever counted: a row that went away may have pulled another one onto a page that was read already.
    total: Option<u64>,
}

impl<A> Reading<A> {
    fn new() -> Self {
        Self {
            number: 1,
            rows: Rows {
                data: Vec::new(),
                included: Vec::new(),
            },
            seen: HashSet::new(),
            first: 0,
            pages: None,
            total: None,
        }
    }

    /// Returns the last page of which the ones before it tell, or the one to ask for next.
    fn last_known(&self) -> u64 {
        self.pages.unwrap_or(0).max(self.number)
    }

    fn take(&mut self, listing: Listing<A>) -> Verdict {
        let length = listing.data.len();
        if self.number == 1 {
            self.first = length;
        }
        // No pages at all are an empty list, or nothing that could be relied on.
        let pages = listing.meta.total_pages.filter(|pages| *pages > 0);
        self.pages = pages.or(self.pages);
        self.total = listing.meta.total_count.max(self.total);
        let known = self.seen.len();
        for row in listing.data {
            if self.seen.insert(row.id.clone()) {
                self.rows.data.push(row);
            }
        }
        self.rows.included.extend(listing.included);
        let verdict = self.judge(length, self.seen.len() > known);
        self.number = self.number.saturating_add(1);
        verdict
    }

    /// Decides about the page that has just been taken, by how many rows it had and whether any of them is new.
    fn judge(&self, length: usize, is_new: bool) -> Verdict {
        let announced = match (self.pages, self.total) {
            (Some(pages), _) => Some(self.number < pages),
            (None, Some(total)) => Some(self.count() < total),
            (None, None) => None,
        };
        match announced {
            Some(true) if is_new => Verdict::GoOn,
            Some(true) if length > 0 => Verdict::Misfit(REPEATED),
            Some(true) => Verdict::Misfit(CHANGED),
            Some(false) if self.total.is_some_and(|total| total != self.count()) => {
                Verdict::Misfit(CHANGED)
            }
            // An installation that counts nothing may pay no heed to the number either: then every page is the whole list.
            None if is_new && length >= self.first => Verdict::GoOn,
            Some(false) | None => Verdict::Whole,
        }
    }

    fn count(&self) -> u64 {
        u64::try_from(self.seen.len()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::*;

    const ON: Verdict = Verdict::GoOn;

    fn rows(ids: &str) -> Value {
        let row = |id: char| json!({ "id": id.to_string() });
        ids.chars().map(row).collect()
    }

    fn counted(ids: &str, pages: u64, total: u64) -> Value {
        json!({"data": rows(ids), "meta": {"total-pages": pages, "total-count": total}})
    }

    /// What is said of each page, and the ids of the rows.
    fn taken(pages: impl IntoIterator<Item = Value>) -> (Vec<Verdict>, String) {
        let mut reading: Reading<Named> = Reading::new();
        let verdicts = pages
            .into_iter()
            .map(|page| reading.take(serde_json::from_value(page).unwrap()))
            .collect();
        let ids = reading.rows.data.into_iter().map(|row| row.id).collect();
        (verdicts, ids)
    }

    #[test]
    fn a_list_ends_where_its_pages_end_in_either_spelling() {
        for meta in [
            json!({"page": 1, "total-pages": 1, "total-count": 1}),
            json!({"total_pages": "1", "total_count": "1"}),
            json!({"total-count": 1}),
            json!({"total-pages": 0, "total-count": 1}),
        ] {
            let page = json!({"data": rows("a"), "meta": meta});
            assert_eq!(taken([page]).0, [Verdict::Whole], "{meta}");
        }
        for meta in [
            json!({"total-pages": 0, "total-count": 0}),
            json!({"total-pages": 1, "total-count": 0}),
            Value::Null,
        ] {
            let page = json!({"data": [], "meta": meta});
            assert_eq!(taken([page]).0, [Verdict::Whole], "{meta}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_pages_of_which_the_first_tells_are_asked_for_beside_each_other() {
        let began = tokio::time::Instant::now();
        let page = |number: u64| async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let page = counted(&number.to_string(), 9, 9);
            Ok(serde_json::from_value::<Listing<Named>>(page).unwrap())
        };
        let ids = whole(page)
            .await
            .unwrap()
            .data
            .into_iter()
            .map(|row| row.id);
        assert_eq!(ids.collect::<String>(), "123456789");
        assert_eq!(began.elapsed(), Duration::from_secs(2));
    }

    #[test]
    fn rows_that_are_added_at_the_end_are_read_too() {
        let pages = [counted("ab", 2, 3), counted("cd", 3, 5), counted("e", 3, 5)];
        assert_eq!(taken(pages), (vec![ON, ON, Verdict::Whole], "abcde".into()));
    }

    #[test]
    fn a_row_that_slipped_away_is_missed() {
        let inserted = [counted("ab", 2, 3), counted("bc", 2, 4)];
        let removed = [counted("ab", 2, 4), counted("d", 2, 3)];
        let cut = [counted("ab", 1, 3)];
        for pages in [inserted.as_slice(), &removed, &cut] {
            let (verdicts, _) = taken(pages.to_vec());
            assert_eq!(verdicts.last(), Some(&Verdict::Misfit(CHANGED)));
        }
    }

    #[test]
    fn a_page_without_anything_new_is_no_end_while_more_are_announced() {
        for (second, why) in [("ab", REPEATED), ("", CHANGED)] {
            let pages = [counted("ab", 3, 6), counted(second, 3, 6)];
            assert_eq!(taken(pages).0, [ON, Verdict::Misfit(why)]);
        }
        let counted_rows = |ids| json!({"data": rows(ids), "meta": {"total-count": 4}});
        assert_eq!(
            taken([counted_rows("ab"), counted_rows("ab")]).0,
            [ON, Verdict::Misfit(REPEATED)]
        );
    }

    #[test]
    fn a_list_that_counts_nothing_ends_with_an_empty_a_shorter_or_a_repeated_page() {
        let page = |ids| json!({ "data": rows(ids) });
        for (last, all) in [("", "abcd"), ("e", "abcde"), ("ab", "abcd"), ("cd", "abcd")] {
            let pages = [page("ab"), page("cd"), page(last)];
            assert_eq!(
                taken(pages),
                (vec![ON, ON, Verdict::Whole], all.to_owned()),
                "{last:?}"
            );
        }
        assert_eq!(taken([page("")]).0, [Verdict::Whole]);
    }

    #[test]
    fn a_count_that_is_not_repeated_still_counts() {
        let pages = [
            counted("ab", 2, 4),
            json!({ "data": rows("c"), "meta": null }),
        ];
        assert_eq!(taken(pages).0, [ON, Verdict::Misfit(CHANGED)]);
    }

    #[test]
    fn no_cursor_is_ours() {
        assert!(from_the_start(None).is_ok());
        let error = from_the_start(Some(&Cursor::new("2:a"))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
    }
}
