//! Lists: read whole, or not at all.

use kadry_core::{ErrorKind, KindName, MatchKey};
use serde_json::{Value, json};

use crate::script::{LIST, Reply, Script, connected, listing, page, record};

const ROLES: &str = "GET /api/v1/organization/roles";
/// What an installation that knows no order is asked with.
const UNSORTED: &str = "GET /api/v1/users?with_inactive=true&filters%5Bwith_inactive%5D=true&include=unit%2Crole&page%5Bnumber%5D=";

fn rows(ids: &str) -> Vec<Value> {
    let row = |id: char| record(&id.to_string(), &json!({}));
    ids.chars().map(row).collect()
}

fn part(ids: &str, number: u64, pages: u64, total: usize) -> Reply {
    Reply::ok(page(&rows(ids), number, pages, total))
}

fn uncounted(ids: &str) -> Reply {
    Reply::ok(json!({ "data": rows(ids) }))
}

/// Everybody's ids, or what went wrong.
async fn everybody(
    replies: impl IntoIterator<Item = Reply>,
) -> (Result<String, (ErrorKind, String)>, Script) {
    let (platform, script) = connected(replies).await;
    let people = platform.list(None).await;
    let ids = people
        .map(|people| {
            assert_eq!(people.next, None);
            let id = |employee: &kadry_core::Employee| employee.at.id.to_string();
            people.items.iter().map(id).collect()
        })
        .map_err(|error| (error.kind(), error.message().to_owned()));
    (ids, script)
}

#[tokio::test(start_paused = true)]
async fn a_list_follows_the_number_of_pages_as_it_grows() {
    let pages = [part("a", 1, 2, 2), part("b", 2, 3, 3), part("c", 3, 3, 3)];
    let (ids, script) = everybody(pages).await;
    assert_eq!(ids, Ok("abc".to_owned()));
    let lines = [1, 2, 3].map(|number| format!("{LIST}{number}"));
    assert_eq!(script.lines(), lines);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_slips_is_read_once_more() {
    let slips = [
        // Somebody came in front: the second page begins with the end of the first one.
        [part("ab", 1, 2, 3), part("bc", 2, 2, 4)],
        // Somebody went away: the first row of the second page moved to the first one.
        [part("ab", 1, 2, 4), part("d", 2, 2, 3)],
        // So many came in front that the second page is the first one.
        [part("ab", 1, 2, 3), part("ab", 2, 3, 5)],
    ];
    for slip in slips {
        let again = [part("bc", 1, 2, 3), part("d", 2, 2, 3)];
        let (ids, script) = everybody(slip.into_iter().chain(again)).await;
        assert_eq!(ids, Ok("bcd".to_owned()));
        let lines = [1, 2, 1, 2].map(|number| format!("{LIST}{number}"));
        assert_eq!(script.lines(), lines);
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_never_shows_whom_it_counts_is_an_error_and_not_a_shorter_list() {
    let (ids, script) = everybody([part("ab", 1, 1, 3), part("ab", 1, 1, 3)]).await;
    let changed = "the list changed while it was read".to_owned();
    assert_eq!(ids, Err((ErrorKind::Protocol, changed)));
    assert_eq!(script.lines().len(), 2);

    let (platform, _) = connected([part("ab", 1, 1, 3), part("ab", 1, 1, 3)]).await;
    let key = MatchKey::ExternalId("hr-1".to_owned());
    let error = platform.find(&key, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_pays_no_heed_to_the_number_is_an_error_while_it_counts_more() {
    let always = || part("ab", 1, 2, 4);
    let (ids, script) = everybody([always(), always(), always(), always()]).await;
    assert_eq!(ids.unwrap_err().0, ErrorKind::Protocol);
    assert_eq!(script.lines().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_counts_nothing_is_followed_to_its_end() {
    for (pages, whole, asked) in [
        (vec!["ab", "cd", ""], "abcd", 3),
        (vec!["ab", "c"], "abc", 2),
        // It pays no heed to the number.
        (vec!["ab", "ab"], "ab", 2),
        (vec!["a", ""], "a", 2),
        (vec![""], "", 1),
    ] {
        let (ids, script) = everybody(pages.into_iter().map(uncounted)).await;
        assert_eq!(ids, Ok(whole.to_owned()));
        assert_eq!(script.lines().len(), asked);
    }
}

#[tokio::test(start_paused = true)]
async fn roles_are_followed_to_their_end_with_and_without_a_count() {
    let role = |id: &str| json!({"id": id, "type": "roles", "attributes": {"name": "Оператор"}});
    let counted = |ids: [&str; 1], number: u64| {
        let rows = ids.map(role);
        let meta = json!({"page": number, "total-pages": 2, "total-count": 2});
        Reply::ok(json!({"data": rows, "meta": meta}))
    };
    let uncounted = |ids: &[&str]| {
        let rows: Vec<Value> = ids.iter().map(|id| role(id)).collect();
        Reply::ok(json!({ "data": rows }))
    };
    for replies in [
        vec![counted(["a"], 1), counted(["b"], 2)],
        vec![uncounted(&["a"]), uncounted(&["b"]), uncounted(&[])],
        vec![uncounted(&["a", "b"]), uncounted(&[])],
    ] {
        let asked = replies.len();
        let (platform, script) = connected(replies).await;
        let roles = platform.catalogue(&KindName::ROLE, None).await.unwrap();
        assert_eq!((roles.items.len(), roles.next), (2, None));
        let lines = script.lines();
        assert_eq!(lines.len(), asked);
        assert_eq!(
            lines[..2],
            [ROLES.to_owned(), format!("{ROLES}?page%5Bnumber%5D=2")]
        );
    }
    let (platform, _) = connected([counted(["a"], 1), counted(["a"], 2)]).await;
    let error = platform.catalogue(&KindName::ROLE, None).await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Unavailable,
        "it was read once more"
    );
}

#[tokio::test(start_paused = true)]
async fn an_order_that_is_refused_is_not_asked_for_again() {
    for status in [400, 422] {
        let (platform, script) = connected([
            Reply::new(status, r#"{"errors": [{"code": "bad_request"}]}"#),
            part("a", 1, 2, 2),
            part("b", 2, 2, 2),
            part("ab", 1, 1, 2),
        ])
        .await;
        for _ in 0..2 {
            assert_eq!(platform.list(None).await.unwrap().items.len(), 2);
        }
        assert_eq!(
            script.lines(),
            [
                format!("{LIST}1"),
                format!("{UNSORTED}1"),
                format!("{UNSORTED}2"),
                format!("{UNSORTED}1"),
            ]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn another_refusal_leaves_the_order_as_it_is() {
    let (platform, script) = connected([
        Reply::new(422, ""),
        Reply::new(422, ""),
        Reply::ok(listing(&rows("a"))),
    ])
    .await;
    let error = platform.list(None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    platform.list(None).await.unwrap();
    let lines = [
        format!("{LIST}1"),
        format!("{UNSORTED}1"),
        format!("{LIST}1"),
    ];
    assert_eq!(script.lines(), lines);
}
