#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

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

/// A list whose pages are these in the first walk and those in the second, and which of them were read.
struct Book {
    walks: [Pages; 2],
    asked: Mutex<Vec<u32>>,
}

impl Book {
    fn new(walks: [Pages; 2]) -> Self {
        let asked = Mutex::default();
        Self { walks, asked }
    }

    fn page(&self, number: u32) -> Numbered<&'static str> {
        let mut asked = self.asked.lock().unwrap();
        asked.push(number);
        let again = asked.iter().filter(|asked| **asked == 1).count() > 1;
        let (rows, total) = self.walks[usize::from(again)][number as usize - 1];
        let rows = rows.to_vec();
        Numbered { rows, total }
    }
}

/// Reads a list whose pages are these in the first walk and those in the second, and says which pages were read.
async fn read(walks: [Pages; 2]) -> (Result<Vec<&'static str>>, Vec<u32>) {
    let book = Book::new(walks);
    let rows = whole(async |number| Ok(book.page(number))).await;
    (rows, book.asked.into_inner().unwrap())
}

/// Looks for the rows of this alias on such a list, and says whether there are no others, and which pages were read.
async fn look(walks: [Pages; 2]) -> (Result<(Vec<&'static str>, bool)>, Vec<u32>) {
    let book = Book::new(walks);
    let page = async |number| Ok(book.page(number));
    let found = search(page, |row| row.starts_with("x/")).await;
    let found = found.map(|found| (found.rows, found.proven));
    (found, book.asked.into_inner().unwrap())
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

#[tokio::test]
async fn a_list_that_stands_still_shows_who_is_on_it_and_who_is_not() {
    let pages: Pages = &[(&["a", "x/one"], Some(3)), (&["b"], Some(3))];
    let (found, asked) = look([pages, NEVER]).await;
    assert_eq!(found.unwrap(), (vec!["x/one"], true));
    assert_eq!(asked, [1, 2]);
    let pages: Pages = &[(&["a", "b"], Some(3)), (&["c"], Some(3))];
    assert_eq!(look([pages, NEVER]).await.0.unwrap(), (vec![], true));
    let (found, asked) = look([SLIPPED[0], pages]).await;
    assert_eq!(found.unwrap(), (vec![], true));
    assert_eq!(asked, [1, 2, 1, 2]);
    assert_eq!(
        look([TWINS, TWINS]).await.0.unwrap(),
        (vec!["x/one", "x/two"], true)
    );
}

#[tokio::test]
async fn whoever_both_walks_show_under_one_id_is_there_although_others_moved() {
    // Another row is made between the pages of each walk; who is looked for stands on the last one.
    let first: Pages = &[
        (&["a", "b"], Some(4)),
        (&["c", "x/one"], Some(5)),
        (&["d"], Some(5)),
    ];
    let again: Pages = &[
        (&["a", "b"], Some(5)),
        (&["c", "x/one"], Some(6)),
        (&["d", "e"], Some(6)),
    ];
    let (found, asked) = look([first, again]).await;
    assert_eq!(found.unwrap(), (vec!["x/one"], false));
    assert_eq!(asked, [1, 2, 3, 1, 2, 3]);
    // The row itself moved down, from the first page to the second.
    let pages: Pages = &[(&["a", "x/one"], Some(4)), (&["x/one", "c"], Some(4))];
    assert_eq!(
        look([pages, again]).await.0.unwrap(),
        (vec!["x/one"], false)
    );
}

#[tokio::test]
async fn a_list_that_moves_shows_nobody_who_was_not_seen_twice_under_one_id() {
    const ONE: Pages = &[(&["a", "x/one"], Some(4)), (&["c", "a"], Some(4))];
    const OTHER: Pages = &[(&["a", "x/other"], Some(4)), (&["c", "a"], Some(4))];
    const BOTH: Pages = &[(&["x/one", "x/other"], Some(4)), (&["c", "x/one"], Some(4))];
    let nobody = SLIPPED[1];
    for walks in [
        [nobody, nobody],
        [ONE, nobody],
        [nobody, ONE],
        [ONE, OTHER],
        [BOTH, BOTH],
        [ONE, BOTH],
        [TWINS, ONE],
    ] {
        let found = look(walks).await.0;
        assert_eq!(found.unwrap_err().kind(), ErrorKind::Protocol);
    }
}
