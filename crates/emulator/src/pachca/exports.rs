//! Exports of messages, which only the owner can ask for. They are ready at once, and nobody is told of it by a webhook.

use http::{HeaderValue, StatusCode, header};
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::pachca::answer::{Answered, Failure, data, no_content};
use crate::pachca::ask::{Ask, Fields};
use crate::pachca::state::Workspace;

/// The most days of an export of all chats, and of some.
const MOST_DAYS: i32 = 45;
const MOST_DAYS_OF_SOME: i32 = 366;
const MOST_CHATS: usize = 50;

pub(super) fn request(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let body = ask.body(&[
        "start_at",
        "end_at",
        "webhook_url",
        "chat_ids",
        "skip_chats_file",
    ])?;
    let (start, end) = (date(&body, "start_at")?, date(&body, "end_at")?);
    // The older documents require it, the newer ones do not.
    body.text("webhook_url", usize::MAX)?;
    body.flag("skip_chats_file")?;
    let chats = body.ids("chat_ids")?.unwrap_or_default();
    if chats.len() > MOST_CHATS {
        return Err(Failure::unprocessable("chat_ids", Value::Null, "too_long"));
    }
    let most = if chats.is_empty() {
        MOST_DAYS
    } else {
        MOST_DAYS_OF_SOME
    };
    let days = (end - start).get_days() + 1;
    if !(1..=most).contains(&days) {
        let days = days.to_string();
        return Err(Failure::unprocessable("end_at", days, "invalid_date_range"));
    }
    workspace.exports += 1;
    // The id comes only to those who ask for it, as the newest SDK does.
    let prefer = ask.headers.get("prefer");
    if prefer.is_some_and(|prefer| prefer == "return=representation") {
        let shown = json!({ "id": workspace.exports });
        return Ok(data(StatusCode::ACCEPTED, &shown));
    }
    Ok(no_content())
}

fn date(body: &Fields<'_>, name: &str) -> Result<Date, Failure> {
    let text = body.text(name, usize::MAX)?;
    let text = text.ok_or_else(|| Failure::bad(name, Value::Null, "required"))?;
    text.parse()
        .map_err(|_| Failure::bad(name, text.as_str(), "invalid"))
}

/// Sends to where the archive is; the link is no part of the API.
pub(super) fn download(workspace: &mut Workspace, ask: &Ask) -> Answered {
    ask.bare()?;
    let id = ask.id("id")?;
    if !(1..=workspace.exports).contains(&id) {
        return Err(Failure::field(
            StatusCode::NOT_FOUND,
            "base",
            Value::Null,
            "export_file_not_found",
        ));
    }
    let location = format!("https://files.example.test/exports/{id}.zip");
    let mut response = no_content();
    *response.status_mut() = StatusCode::FOUND;
    if let Ok(location) = HeaderValue::try_from(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}
