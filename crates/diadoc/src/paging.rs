//! Reading a whole list whose pages are numbered.
//!
//! The platform has no snapshot: somebody who registers or is deleted between two pages shifts the rows, so that one comes twice
//! and another never. A list is therefore read to its end before anything is made of it.
//!
//! Two rows of one alias are one person whose id changed between two pages, or two people of whom nobody should know. An id that has
//! changed never comes back, so that the same two ids in a second walk are two people.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt as _, stream};
use kadry_core::{Error, ErrorKind, Result};

/// How many pages are asked for at once. The pace lets no more requests than that be under way.
const AHEAD: usize = 4;

/// How often a list is read before it is given up: once, and once more if its rows have moved meanwhile.
const WALKS: usize = 2;

/// A row of a list.
pub(crate) trait Row {
    /// Returns the id of the row.
    fn id(&self) -> &str;

    /// Returns what stays the same when the id changes, and what no other row should have.
    fn alias(&self) -> Option<String>;
}

/// One page as read.
#[derive(Debug)]
pub(crate) struct Numbered<T> {
    pub(crate) rows: Vec<T>,
    /// How many rows the whole list has.
    pub(crate) total: Option<u64>,
}

/// Returns every row of a list, each once, given what reads the page of a number.
///
/// # Errors
///
/// `Protocol` when rows moved while the list was read and moved again when it was read anew, and the errors of any page.
pub(crate) async fn whole<T, F, Fut>(page: F) -> Result<Vec<T>>
where
    T: Row + Send,
    F: Fn(u32) -> Fut + Send + Sync,
    Fut: Future<Output = Result<Numbered<T>>> + Send,
{
    let mut suspected = BTreeSet::new();
    for _ in 0..WALKS {
        match walk(&page).await? {
            Walk::Whole(rows) => return Ok(rows),
            Walk::Doubled { rows, twins } if twins.is_subset(&suspected) => return Ok(rows),
            Walk::Doubled { twins, .. } => suspected = twins,
            Walk::Moved => {}
        }
        tracing::info!("rows of a list moved while it was read");
    }
    Err(Error::new(
        ErrorKind::Protocol,
        "the list changed each time while it was read, so nobody can tell what is on it",
    ))
}

/// What one walk over a list brought.
enum Walk<T> {
    /// Every row, each once.
    Whole(Vec<T>),
    /// As many rows as the list has, and some of one alias.
    Doubled {
        rows: Vec<T>,
        /// The ids of the rows that share an alias.
        twins: BTreeSet<String>,
    },
    /// Nothing: rows moved meanwhile.
    Moved,
}

/// Reads a list once, from its first page to its last.
async fn walk<T, F, Fut>(page: &F) -> Result<Walk<T>>
where
    T: Row + Send,
    F: Fn(u32) -> Fut + Send + Sync,
    Fut: Future<Output = Result<Numbered<T>>> + Send,
{
    let first = page(1).await?;
    let (last, ahead) = match first.total {
        Some(total) => (pages(total, first.rows.len()), AHEAD),
        // A list that does not say how long it is ends with an empty page.
        None => (u32::MAX, 1),
    };
    let mut ended = first.rows.is_empty();
    let mut collected = Collected::default();
    if !collected.take(first) {
        return Ok(Walk::Moved);
    }
    let mut rest = stream::iter(2..=last).map(page).buffered(ahead);
    while !ended && let Some(next) = rest.next().await {
        let next = next?;
        ended = next.rows.is_empty();
        if !collected.take(next) {
            return Ok(Walk::Moved);
        }
    }
    Ok(collected.complete())
}

/// Returns how many pages hold so many rows, if each but the last is as long as the first.
fn pages(total: u64, rows: usize) -> u32 {
    let rows = u64::try_from(rows).unwrap_or(u64::MAX).max(1);
    u32::try_from(total.div_ceil(rows)).unwrap_or(u32::MAX)
}

/// The rows of one walk so far.
struct Collected<T> {
    total: Option<u64>,
    rows: Vec<T>,
    ids: BTreeSet<String>,
}

impl<T> Default for Collected<T> {
    fn default() -> Self {
        Self {
            total: None,
            rows: Vec::new(),
            ids: BTreeSet::new(),
        }
    }
}

impl<T: Row> Collected<T> {
    /// Takes in a page and reports whether it fits the pages before it: the same count, and no row a second time.
    fn take(&mut self, page: Numbered<T>) -> bool {
        if page.total.is_some() && self.total.is_some() && page.total != self.total {
            return false;
        }
        self.total = self.total.or(page.total);
        for row in page.rows {
            if !self.ids.insert(row.id().to_owned()) {
                return false;
            }
            self.rows.push(row);
        }
        true
    }

    /// Says what the rows amount to, against the number that the list has.
    fn complete(mut self) -> Walk<T> {
        let mut latest = BTreeMap::new();
        let mut outdated = BTreeSet::new();
        let mut twins = BTreeSet::new();
        for row in &self.rows {
            let Some(alias) = row.alias() else { continue };
            if let Some(earlier) = latest.insert(alias, row.id()) {
                outdated.insert(earlier.to_owned());
                twins.extend([earlier, row.id()].map(str::to_owned));
            }
        }
        let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
        let rows = count(self.rows.len());
        let people = count(self.rows.len() - outdated.len());
        match self.total {
            _ if outdated.is_empty() && self.total.is_none_or(|total| rows >= total) => {
                Walk::Whole(self.rows)
            }
            // The later row of somebody whose id changed counts.
            Some(total) if people >= total => {
                self.rows.retain(|row| !outdated.contains(row.id()));
                Walk::Whole(self.rows)
            }
            Some(total) if rows != total => Walk::Moved,
            Some(_) | None => Walk::Doubled {
                rows: self.rows,
                twins,
            },
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// An id, with the alias before it where there is one.
    impl Row for &'static str {
        fn id(&self) -> &str {
            self
        }

        fn alias(&self) -> Option<String> {
            self.split_once('/').map(|(alias, _)| alias.to_owned())
        }
    }

    type Pages = &'static [(&'static [&'static str], Option<u64>)];

    /// Reads a list whose pages are these in the first walk and those in the second, and says which pages were read.
    async fn read(walks: [Pages; 2]) -> (Result<Vec<&'static str>>, Vec<u32>) {
        let asked = Mutex::new(Vec::new());
        let rows = whole(async |number| {
            let again = {
                let mut asked = asked.lock().unwrap();
                asked.push(number);
                asked.iter().filter(|asked| **asked == 1).count() > 1
            };
            let (rows, total) = walks[usize::from(again)][number as usize - 1];
            let rows = rows.to_vec();
            Ok(Numbered { rows, total })
        })
        .await;
        (rows, asked.into_inner().unwrap())
    }

    const NEVER: Pages = &[];

    #[tokio::test]
    async fn as_many_pages_are_read_as_the_count_says() {
        let pages: Pages = &[
            (&["a", "b"], Some(5)),
            (&["c", "d"], Some(5)),
            (&["e"], None),
        ];
        let (rows, asked) = read([pages, NEVER]).await;
        assert_eq!(rows.unwrap(), ["a", "b", "c", "d", "e"]);
        assert_eq!(asked, [1, 2, 3]);
        let (rows, asked) = read([&[(&[], Some(0))], NEVER]).await;
        assert!(rows.unwrap().is_empty());
        assert_eq!(asked, [1]);
    }

    #[tokio::test]
    async fn a_list_that_does_not_say_how_long_it_is_ends_with_an_empty_page() {
        let (rows, asked) = read([&[(&["a"], None), (&["b"], None), (&[], None)], NEVER]).await;
        assert_eq!(rows.unwrap(), ["a", "b"]);
        assert_eq!(asked, [1, 2, 3]);
        assert!(read([&[(&[], None)], NEVER]).await.0.unwrap().is_empty());
    }

    const SLIPPED: [Pages; 4] = [
        // The count changed.
        &[(&["a", "b"], Some(4)), (&["d"], Some(3))],
        // One row moved up, and "b" came again.
        &[(&["a", "b"], Some(4)), (&["b", "c"], Some(4))],
        // Two rows moved up: "b" came again, but not where it stood.
        &[(&["a", "b"], Some(4)), (&["c", "b"], Some(4))],
        // Rows are missing at the end.
        &[(&["a", "b"], Some(4)), (&[], Some(4))],
    ];

    #[tokio::test]
    async fn a_list_whose_rows_moved_is_read_again_and_the_first_walk_forgotten() {
        let settled: Pages = &[(&["e", "f"], Some(3)), (&["x/new"], Some(3))];
        for slipped in SLIPPED.into_iter().chain([TWINS]) {
            let (rows, asked) = read([slipped, settled]).await;
            assert_eq!(rows.unwrap(), ["e", "f", "x/new"]);
            assert_eq!(asked, [1, 2, 1, 2]);
        }
    }

    #[tokio::test]
    async fn a_list_whose_rows_moved_twice_is_an_error_and_never_a_shorter_list() {
        for slipped in SLIPPED {
            let (rows, asked) = read([slipped, slipped]).await;
            assert_eq!(rows.unwrap_err().kind(), ErrorKind::Protocol);
            assert_eq!(asked, [1, 2, 1, 2]);
        }
        let empty: Pages = &[(&[], Some(4))];
        let (rows, asked) = read([empty, empty]).await;
        assert_eq!(rows.unwrap_err().kind(), ErrorKind::Protocol);
        assert_eq!(asked, [1, 1]);
    }

    #[tokio::test]
    async fn of_two_rows_of_one_person_the_later_counts() {
        let pages: Pages = &[(&["x/old", "b"], Some(3)), (&["x/new", "c"], Some(3))];
        let (rows, _) = read([pages, NEVER]).await;
        assert_eq!(rows.unwrap(), ["b", "x/new", "c"]);
    }

    /// Two people of one alias, or one under the old and the new id: a single walk cannot tell.
    const TWINS: Pages = &[(&["x/one", "b"], Some(4)), (&["c", "x/two"], Some(4))];

    #[tokio::test]
    async fn two_people_of_one_alias_are_both_on_the_list_once_a_second_walk_shows_them_again() {
        let (rows, asked) = read([TWINS, TWINS]).await;
        assert_eq!(rows.unwrap(), ["x/one", "b", "c", "x/two"]);
        assert_eq!(asked, [1, 2, 1, 2]);
        let uncounted: Pages = &[(&["x/one", "b"], None), (&["x/two"], None), (&[], None)];
        let (rows, asked) = read([uncounted, uncounted]).await;
        assert_eq!(rows.unwrap(), ["x/one", "b", "x/two"]);
        assert_eq!(asked, [1, 2, 3, 1, 2, 3]);
    }

    #[tokio::test]
    async fn a_walk_in_which_somebody_else_has_two_ids_proves_nothing() {
        let other: Pages = &[(&["y/old", "b"], Some(4)), (&["c", "y/new"], Some(4))];
        let (rows, _) = read([TWINS, other]).await;
        assert_eq!(rows.unwrap_err().kind(), ErrorKind::Protocol);
    }

    #[test]
    fn a_count_that_cannot_be_true_makes_no_more_pages_than_can_be_numbered() {
        assert_eq!(pages(u64::MAX, 1), u32::MAX);
        assert_eq!(pages(101, 50), 3);
        assert_eq!(pages(4, 0), 4);
    }
}
