//! Reading a whole list whose pages are numbered.
//!
//! The platform has no snapshot: somebody who registers or is deleted between two pages shifts the rows, so that one comes twice
//! and another never. A list is therefore read to its end before anything is made of it.
//!
//! Two rows of one alias are one person whose id changed between two pages, or two people of whom nobody should know. An id that has
//! changed never comes back, so that the same two ids in a second walk are two people.
//!
//! Only a list that stood still shows who is not on it. Who is on it, one that moved shows as well: whoever was seen under one id in
//! both walks is there, whatever the rows of others did meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt as _, stream};
use kadry_core::{Error, ErrorKind, Result};

/// How many pages are asked for at once. The pace lets no more requests than that be under way.
const AHEAD: usize = 4;

/// How often a list is read before it is given up: once, and once more if its rows have moved meanwhile.
const WALKS: usize = 2;

/// How often a walk reads on to the last page that it knows of: once, and once more for the pages that a list which grew meanwhile did
/// not have at first, where its newest rows are. One that grows as fast as it is read would have no end.
const STRETCHES: usize = 2;

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
    match still(page, OnMove::Stop, |_| false).await? {
        Reading::Still(rows) => Ok(rows),
        Reading::Moving(_) => Err(moving()),
    }
}

/// The rows that were looked for.
#[derive(Debug)]
pub(crate) struct Found<T> {
    pub(crate) rows: Vec<T>,
    /// Whether the list stood still, so that there are no others.
    pub(crate) proven: bool,
}

/// Returns the rows that are wanted, each once, given what reads the page of a number. That there is none is proven.
///
/// # Errors
///
/// `Protocol` when rows moved in both walks and nothing that is wanted, or more than one id of it, was seen in them, and the errors
/// of any page.
pub(crate) async fn search<T, F, Fut>(
    page: F,
    wanted: impl Fn(&T) -> bool + Send + Sync,
) -> Result<Found<T>>
where
    T: Row + Send,
    F: Fn(u32) -> Fut + Send + Sync,
    Fut: Future<Output = Result<Numbered<T>>> + Send,
{
    match still(page, OnMove::GoOn, &wanted).await? {
        Reading::Still(mut rows) => {
            rows.retain(wanted);
            Ok(Found { rows, proven: true })
        }
        Reading::Moving(walks) => {
            let row = same_in_all(walks).ok_or_else(moving)?;
            Ok(Found {
                rows: vec![row],
                proven: false,
            })
        }
    }
}

fn moving() -> Error {
    Error::new(
        ErrorKind::Protocol,
        "the list changed each time while it was read, so nobody can tell what is on it",
    )
}

/// Returns the row that every walk showed, if none of them showed anything else.
fn same_in_all<T: Row>(walks: Vec<Vec<T>>) -> Option<T> {
    let ids: BTreeSet<&str> = walks.iter().flatten().map(Row::id).collect();
    if ids.len() != 1 || walks.iter().any(Vec::is_empty) {
        return None;
    }
    walks.into_iter().flatten().last()
}

/// What reading a list brought.
enum Reading<T> {
    /// Every row, each once.
    Still(Vec<T>),
    /// What was kept of each walk, since rows moved in all of them.
    Moving(Vec<Vec<T>>),
}

/// What a walk does when it notices that rows have moved.
#[derive(Clone, Copy)]
enum OnMove {
    /// It ends.
    Stop,
    /// It goes on to the end.
    GoOn,
}

/// Reads a list until it stands still while it is read, and keeps these rows of each walk in which it does not.
async fn still<T, F, Fut>(
    page: F,
    on_move: OnMove,
    keep: impl Fn(&T) -> bool + Send + Sync,
) -> Result<Reading<T>>
where
    T: Row + Send,
    F: Fn(u32) -> Fut + Send + Sync,
    Fut: Future<Output = Result<Numbered<T>>> + Send,
{
    let mut suspected = BTreeSet::new();
    let mut moving = Vec::new();
    for _ in 0..WALKS {
        let mut rows = match walk(&page, on_move).await? {
            Walk::Whole(rows) => return Ok(Reading::Still(rows)),
            Walk::Doubled { rows, twins } if twins.is_subset(&suspected) => {
                return Ok(Reading::Still(rows));
            }
            Walk::Doubled { rows, twins } => {
                suspected = twins;
                rows
            }
            Walk::Moved(rows) => rows,
        };
        tracing::info!("rows of a list moved while it was read");
        rows.retain(&keep);
        moving.push(rows);
    }
    Ok(Reading::Moving(moving))
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
    /// The rows that were read although they moved meanwhile; some came twice, and others never.
    Moved(Vec<T>),
}

/// Reads a list once, from its first page to its last.
async fn walk<T, F, Fut>(page: &F, on_move: OnMove) -> Result<Walk<T>>
where
    T: Row + Send,
    F: Fn(u32) -> Fut + Send + Sync,
    Fut: Future<Output = Result<Numbered<T>>> + Send,
{
    let first = page(1).await?;
    let length = first.rows.len();
    // A list that does not say how long it is ends with an empty page.
    let ahead = if first.total.is_some() { AHEAD } else { 1 };
    let mut collected = Collected::default();
    let mut ended = collected.take(first, on_move);
    let mut read = 1;
    for _ in 0..STRETCHES {
        let last = collected.pages(length);
        if ended || last <= read {
            break;
        }
        let mut rest = stream::iter(read + 1..=last).map(page).buffered(ahead);
        while !ended && let Some(next) = rest.next().await {
            ended = collected.take(next?, on_move);
        }
        read = last;
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
    /// How many rows the list has: the most that any page said.
    total: Option<u64>,
    rows: Vec<T>,
    ids: BTreeSet<String>,
    /// Whether a page did not fit the pages before it.
    moved: bool,
}

impl<T> Default for Collected<T> {
    fn default() -> Self {
        Self {
            total: None,
            rows: Vec::new(),
            ids: BTreeSet::new(),
            moved: false,
        }
    }
}

impl<T: Row> Collected<T> {
    /// Takes in a page, which should fit the pages before it: the same count, and no row a second time. Reports whether it is the last
    /// that is of use.
    fn take(&mut self, page: Numbered<T>, on_move: OnMove) -> bool {
        let is_empty = page.rows.is_empty();
        self.moved |= page.total.is_some() && self.total.is_some() && page.total != self.total;
        self.total = self.total.max(page.total);
        for row in page.rows {
            self.moved |= !self.ids.insert(row.id().to_owned());
            self.rows.push(row);
        }
        match on_move {
            OnMove::Stop => is_empty || self.moved,
            OnMove::GoOn => is_empty,
        }
    }

    /// Returns how many pages there are if the first has so many rows.
    fn pages(&self, length: usize) -> u32 {
        self.total.map_or(u32::MAX, |total| pages(total, length))
    }

    /// Says what the rows amount to, against the number that the list has.
    fn complete(mut self) -> Walk<T> {
        if self.moved {
            return Walk::Moved(self.rows);
        }
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
            Some(total) if rows != total => Walk::Moved(self.rows),
            Some(_) | None => Walk::Doubled {
                rows: self.rows,
                twins,
            },
        }
    }
}

#[cfg(test)]
mod tests;
