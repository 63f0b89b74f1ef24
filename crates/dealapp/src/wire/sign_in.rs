//! What a sign-in answers beside its headers.

use kadry_core::{Email, RemoteId};
use serde_json::Value;

use super::read::{self, is_id};

/// Returns the id of the account that signed in, if the answer shows one.
///
/// The vendor documents the headers of this answer and not its body, so that nothing may hang on it. The library of the headers,
/// `devise_token_auth`, answers `{"data": {…}}` with the account's own record. Checked 2026-11. What is no id of this platform, or
/// stands beside the e-mail of somebody else, says nothing.
pub(crate) fn own_id(body: &[u8], email: &str) -> Option<RemoteId> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let data = body.get("data")?;
    let shown = ["/email", "/attributes/email"]
        .into_iter()
        .find_map(|path| data.pointer(path)?.as_str());
    if shown.is_some_and(|shown| Email::of_record(shown) != Email::of_record(email)) {
        return None;
    }
    let id = read::as_text(data.get("id")?.clone())?;
    is_id(&id).then(|| RemoteId::new(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "6c1b7d0e-3b1e-4c39-9a55-0d1f5c2a7e01";

    fn read(body: &str) -> Option<String> {
        own_id(body.as_bytes(), "Svc@example.test").map(|id| id.to_string())
    }

    #[test]
    fn the_id_of_the_account_is_read_flat_or_as_a_document() {
        for body in [
            format!(r#"{{"data":{{"id":"{ID}","type":"user","email":"svc@example.test"}}}}"#),
            format!(r#"{{"data":{{"id":"{ID}","attributes":{{"email":"svc@example.test"}}}}}}"#),
            format!(r#"{{"data":{{"id":"{ID}"}}}}"#),
        ] {
            assert_eq!(read(&body).as_deref(), Some(ID), "{body}");
        }
    }

    #[test]
    fn what_shows_no_id_of_ours_says_nothing() {
        for body in [
            "",
            "<html>",
            "{}",
            r#"{"data":null}"#,
            r#"{"data":{"email":"svc@example.test"}}"#,
            r#"{"data":{"id":17,"email":"svc@example.test"}}"#,
            &format!(r#"{{"data":{{"id":"{ID}","email":"vera@example.test"}}}}"#),
        ] {
            assert_eq!(read(body), None, "{body}");
        }
    }
}
