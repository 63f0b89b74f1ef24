//! Employees who are made known by a certificate.

use serde_json::{Value, json};

use crate::asking::{ask, in_protobuf};
use crate::world::{World, to_create};

/// Names an invented person and the organisation of the box.
const OURS: &str = "MIICKjCCAc8CFCVUnJO8S8yt+v+OB8SHDR0JwLf7MAoGCCqGSM49BAMCMIGWMSIwIAYDVQQDDBnQntCe0J4gwqvQoNC+0LzQsNGI\
    0LrQsMK7MRkwFwYDVQQEDBDQntCx0YDQsNC30YbQvtCyMSIwIAYDVQQqDBnQn9GR0YLRgCDQmNCy0LDQvdC+0LLQuNGHMRowGAYI\
    KoUDA4EDAQESDDk2MDAwMDAwMDEyMzEVMBMGBSqFA2QEDAo5NjAwMDAwMDE2MB4XDTI2MTEyMjE2MzE0NloXDTM2MTExOTE2MzE0\
    NlowgZYxIjAgBgNVBAMMGdCe0J7QniDCq9Cg0L7QvNCw0YjQutCwwrsxGTAXBgNVBAQMENCe0LHRgNCw0LfRhtC+0LIxIjAgBgNV\
    BCoMGdCf0ZHRgtGAINCY0LLQsNC90L7QstC40YcxGjAYBggqhQMDgQMBARIMOTYwMDAwMDAwMTIzMRUwEwYFKoUDZAQMCjk2MDAw\
    MDAwMTYwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQqF84KTxd46lerPYwsgXq+a4h6y3tA8JuNnT0khkUeDRTEN1FZ7CTlHXYL\
    GKpYOepKSty+k+YpkQyceUpHZNjlMAoGCCqGSM49BAMCA0kAMEYCIQDNMya3LYQBaDr0EbdKkWLrLSm93eO3scMtgvnSiVfW3wIh\
    APhZpU2cG8ua13fYaRr7pyxA1cHxvvrKGRzD/MjpqjpG";

/// Names an invented person and an organisation that does not exist.
const THEIRS: &str = "MIICNTCCAdsCFBTtObFBzlX1nicDeLLbQp6S2XHyMAoGCCqGSM49BAMCMIGcMSIwIAYDVQQDDBnQntCe0J4gwqvQoNC+0LzQsNGI\
    0LrQsMK7MR8wHQYDVQQEDBbQmNC90L7Qs9C+0YDQvtC00YbQtdCyMSIwIAYDVQQqDBnQn9GR0YLRgCDQmNCy0LDQvdC+0LLQuNGH\
    MRowGAYIKoUDA4EDAQESDDk2MDAwMDAwMDEyNDEVMBMGBSqFA2QEDAo3NzAwMDAwMDE2MB4XDTI2MTEyMjE2MzE0NloXDTM2MTEx\
    OTE2MzE0NlowgZwxIjAgBgNVBAMMGdCe0J7QniDCq9Cg0L7QvNCw0YjQutCwwrsxHzAdBgNVBAQMFtCY0L3QvtCz0L7RgNC+0LTR\
    htC10LIxIjAgBgNVBCoMGdCf0ZHRgtGAINCY0LLQsNC90L7QstC40YcxGjAYBggqhQMDgQMBARIMOTYwMDAwMDAwMTI0MRUwEwYF\
    KoUDZAQMCjc3MDAwMDAwMTYwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQqF84KTxd46lerPYwsgXq+a4h6y3tA8JuNnT0khkUe\
    DRTEN1FZ7CTlHXYLGKpYOepKSty+k+YpkQyceUpHZNjlMAoGCCqGSM49BAMCA0gAMEUCIDV33SPzWIQh2JH6TkWqjMB3Ne94t29q\
    MwKXWs4PFXlkAiEA2VZGW0UEuqOMsmQRD9HgEf3W5Y2rGS9NRLGgp+aPAbc=";

fn by_certificate(content: &str, email: Option<&str>, basis: Option<&str>) -> Value {
    let mut body = to_create("");
    body["Credentials"] = json!({ "Certificate": { "Content": content } });
    if let Some(email) = email {
        body["Credentials"]["Certificate"]["Email"] = json!(email);
    }
    if let Some(basis) = basis {
        body["Credentials"]["Certificate"]["AccessBasis"] = json!(basis);
    }
    body
}

#[tokio::test]
async fn a_certificate_makes_a_registered_user_without_a_login() {
    let world = World::strict().await;
    let body = by_certificate(OURS, None, None);
    let employee = world.post("CreateEmployee", body.clone()).await.json();
    let user = &employee["User"];
    assert_eq!(
        user["FullName"],
        json!({ "LastName": "Образцов", "FirstName": "Пётр", "MiddleName": "Иванович" })
    );
    assert!(user.get("Login").is_none());
    assert_eq!(user["IsRegistered"], true);
    assert_eq!(world.state()["mails"], json!([]));
    let again = world.post("CreateEmployee", body).await;
    again.is_refused(409, "Employee already exists in box");

    let id = user["UserId"].as_str().unwrap();
    world
        .post_empty(&format!("DeleteEmployee?userId={id}"))
        .await
        .is_empty_success();
    let body = by_certificate(OURS, Some("p@example.test"), None);
    let back = world.post("CreateEmployee", body).await.json();
    assert_eq!(back["User"]["UserId"], id);
    assert_eq!(back["User"]["Login"], "p@example.test");
    assert_eq!(world.state()["mails"][0]["to"], "p@example.test");
}

#[tokio::test]
async fn a_certificate_of_another_organisation_needs_a_basis() {
    let world = World::strict().await;
    let refused = "AccessBasis is required for a certificate of another organization";
    for basis in [None, Some(" ")] {
        let body = by_certificate(THEIRS, None, basis);
        world
            .post("CreateEmployee", body)
            .await
            .is_refused(400, refused);
    }
    let body = by_certificate(THEIRS, None, Some("Договор"));
    assert_eq!(world.post("CreateEmployee", body).await.status, 200);
}

#[tokio::test]
async fn what_is_no_certificate_and_an_email_of_somebody_else_are_refused() {
    let world = World::strict().await;
    let unreadable = "Can't deserialize request body into type: EmployeeToCreate";
    for (content, text) in [("AA==", "Content is no certificate"), ("%", unreadable)] {
        let body = by_certificate(content, None, None);
        world
            .post("CreateEmployee", body)
            .await
            .is_refused(400, text);
    }
    let body = by_certificate(OURS, Some("CEO@example.test"), None);
    let taken = world.post("CreateEmployee", body).await;
    taken.is_refused(409, "Email is the login of another user");
    let sso = json!({ "SsoProvider": {} });
    let mut body = to_create("");
    body["Credentials"] = sso;
    assert_eq!(world.post("CreateEmployee", body).await.status, 501);
    assert_eq!(world.state()["employees"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_bytes_of_a_certificate_are_the_same_in_both_forms() {
    let (one, other) = (World::strict().await, World::strict().await);
    let body = by_certificate(OURS, Some("p@example.test"), None);
    one.post("CreateEmployee", body.clone()).await.json();
    let sent = ask(
        "CreateEmployee",
        Some(("EmployeeToCreate", body)),
        "Employee",
    );
    let employee = in_protobuf(&other, &sent).await;
    assert_eq!(employee["User"]["FullName"]["LastName"], "Образцов");
    assert_eq!(
        one.user_id("p@example.test"),
        other.user_id("p@example.test")
    );
}

#[tokio::test]
async fn somebody_without_a_login_can_be_seeded_and_listed() {
    let world = World::strict().await;
    world.seed(&json!({ "employees": [{ "without_login": true, "last_name": "Безымянный" }] }));
    let list = world.get("GetEmployees").await.json();
    let user = &list["Employees"][2]["User"];
    assert_eq!(user["FullName"]["LastName"], "Безымянный");
    assert!(user.get("Login").is_none());
    let both = json!({ "diadoc": { "employees": [{ "without_login": true, "login": "a@example.test" }] } });
    assert!(world.emulator.seed(&both).is_err());
}
