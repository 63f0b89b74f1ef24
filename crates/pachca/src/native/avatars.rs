//! People's pictures.

use kadry_core::{
    Brake, Does, Effect, Error, ErrorKind, Look, NativeCall, Operation, Parameter, Result, Takes,
};
use kadry_http::Call;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::row::{WHO, WHOM, required, say, takes, text};
use super::{check, single};
use crate::Pachca;

/// The pictures that the platform takes, by the end of the file's name.
/// <https://dev.pachca.com/api/users/update-avatar> Checked 2026-11.
const KINDS: [(&str, &str); 4] = [
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("gif", "image/gif"),
];

pub(super) const IMAGE: Parameter = required(takes(
    "image",
    Takes::File,
    "The picture: jpg, jpeg, png or gif",
    "Файл с картинкой: jpg, jpeg, png или gif",
));
pub(super) const SHA256: Parameter = text(
    "sha256",
    "The SHA-256 of the picture that was meant; another one is refused",
    "SHA-256 нужной картинки; другая не отправится",
);

pub(super) const SET: Operation = Operation {
    noun: "avatar",
    verb: "set",
    parameters: &[WHO, IMAGE, SHA256],
    help: say("Give somebody a picture", "Поставить фотографию сотруднику"),
    example: "pachca avatar set --user_id anna@example.test --image anna.png",
    endpoint: "PUT /users/{user_id}/avatar",
    does: Does::Writes {
        brakes: &[Brake::Update],
    },
};

pub(super) const DELETE: Operation = Operation {
    noun: "avatar",
    verb: "delete",
    parameters: &[WHOM],
    help: say(
        "Take people's pictures away",
        "Удалить фотографии сотрудников",
    ),
    example: "pachca avatar delete --user_id anna@example.test",
    endpoint: "DELETE /users/{user_id}/avatar",
    does: Does::Writes {
        brakes: &[Brake::Update],
    },
};

/// Returns the single changes of a call whose names have become ids. What is in the file now is what will be sent.
pub(super) async fn resolve(call: &NativeCall) -> Result<Vec<NativeCall>> {
    if call.one("image").is_none() {
        return Ok(single(call, "user_id"));
    }
    let content = content(call).await?;
    let mut call = call.clone();
    let digest = vec![digest(&content)];
    call.arguments.insert(SHA256.name.to_owned(), digest);
    Ok(vec![call])
}

/// Returns the picture of a call, if it is the one that was meant.
async fn content(call: &NativeCall) -> Result<Vec<u8>> {
    let path = call.required("image")?;
    media(path)?;
    let content = tokio::fs::read(path)
        .await
        .map_err(|fault| check::wrong("the file cannot be read", "image").from_source(fault))?;
    if content.is_empty() {
        return Err(check::wrong("the file is empty", "image"));
    }
    let meant = call.one(SHA256.name);
    if meant.is_some_and(|meant| !meant.eq_ignore_ascii_case(&digest(&content))) {
        return Err(check::wrong(
            "the file is not the one that was meant",
            "image",
        ));
    }
    Ok(content)
}

fn digest(content: &[u8]) -> String {
    let sum = Sha256::digest(content);
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn media(path: &str) -> Result<&'static str> {
    let end = path.rsplit_once('.').map(|(_, end)| end.to_lowercase());
    KINDS
        .into_iter()
        .find(|(kind, _)| end.as_deref() == Some(kind))
        .map(|(_, media)| media)
        .ok_or_else(|| check::wrong("the picture is none of jpg, jpeg, png and gif", "image"))
}

/// Puts the picture of a call into its request.
pub(super) async fn with_image(request: Call, call: &NativeCall) -> Result<Call> {
    let unsent = |fault: Error| fault.with_effect(Effect::None);
    let path = call.required("image")?;
    let content = content(call).await.map_err(unsent)?;
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    Ok(request.file("image", name, media(path)?, content))
}

/// Says whether the picture is as the call wants it. A picture is known by its address only.
pub(super) fn stands(call: &NativeCall, before: Option<&Value>, now: &Value) -> Look {
    let url = |row: &Value| {
        row.get("image_url")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    if call.one("image").is_none() {
        return check::found_if(url(now).is_none());
    }
    match (before, url(now)) {
        (None, _) | (Some(_), None) => Look::Absent,
        (Some(before), now) if url(before) != now => Look::Found,
        // Whether another picture gets another address is not documented.
        (Some(_), Some(_)) => Look::CannotTell,
    }
}

/// Returns what takes the change back; a picture that was there is in nobody's hands.
pub(super) fn back(call: &NativeCall, before: &Value) -> Option<NativeCall> {
    let had_none = before.get("image_url").is_some_and(Value::is_null);
    if call.one("image").is_none() || !had_none {
        return None;
    }
    Some(match call.one("user_id") {
        Some(user) => NativeCall::new("avatar delete").with("user_id", user),
        None => NativeCall::new("profile delete-avatar"),
    })
}

impl Pachca {
    /// Returns the address of the picture that a call is about.
    pub(super) async fn look_at_avatar(&self, call: &NativeCall) -> Result<Value> {
        let path = match call.one("user_id") {
            Some(_) => format!("/users/{}", check::id(call, "user_id")?),
            None => "/profile".to_owned(),
        };
        let user = self.shown(&path).await?;
        let missing = || {
            Error::new(
                ErrorKind::Protocol,
                "a person is shown without a picture's place",
            )
        };
        let url = user.get("image_url").ok_or_else(missing)?;
        Ok(json!({ "image_url": url }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_known_by_its_address() {
        let set = NativeCall::new("avatar set")
            .with("user_id", "9")
            .with("image", "a.png");
        let delete = NativeCall::new("avatar delete").with("user_id", "9");
        let none = json!({"image_url": null});
        let old = json!({"image_url": "https://example.test/1.png"});
        let new = json!({"image_url": "https://example.test/2.png"});
        assert_eq!(stands(&set, None, &old), Look::Absent);
        assert_eq!(stands(&set, Some(&none), &new), Look::Found);
        assert_eq!(stands(&set, Some(&old), &new), Look::Found);
        assert_eq!(stands(&set, Some(&old), &old), Look::CannotTell);
        assert_eq!(stands(&set, Some(&old), &none), Look::Absent);
        assert_eq!(stands(&delete, Some(&old), &none), Look::Found);
        assert_eq!(stands(&delete, Some(&old), &old), Look::Absent);
    }

    #[test]
    fn only_a_first_picture_can_be_taken_back() {
        let set = NativeCall::new("avatar set")
            .with("user_id", "9")
            .with("image", "a.png");
        let delete = NativeCall::new("avatar delete").with("user_id", "9");
        let none = json!({"image_url": null});
        let old = json!({"image_url": "https://example.test/1.png"});
        assert_eq!(back(&set, &none), Some(delete.clone()));
        assert_eq!(back(&set, &old), None);
        assert_eq!(back(&delete, &old), None);
        let own = NativeCall::new("profile set-avatar").with("image", "a.png");
        assert_eq!(
            back(&own, &none),
            Some(NativeCall::new("profile delete-avatar"))
        );
    }

    #[test]
    fn the_end_of_the_name_says_what_the_picture_is() {
        assert_eq!(media("photos/Анна.JPG").ok(), Some("image/jpeg"));
        assert_eq!(media("anna.gif").ok(), Some("image/gif"));
        for odd in ["anna.webp", "anna", "png"] {
            assert!(media(odd).is_err(), "{odd}");
        }
    }
}
