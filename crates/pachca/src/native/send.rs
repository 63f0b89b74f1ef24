//! Requests, made from the rows of the table.

use kadry_core::{
    Cursor, ErrorKind, NativeCall, Operation, Page, Parameter, Repeat, Result, Takes,
};
use kadry_http::{Answer, Call, Method, StatusCode};
use serde_json::{Map, Value};

use super::row::{Names, is_list, names};
use super::{check, users};
use crate::Pachca;
use crate::calls::unless_gone;
use crate::config::{GENERAL, MESSAGE_READS, MESSAGES, MESSAGES_TO_ONE};
use crate::wire::Envelope;
use crate::wire::page::{LIMIT, Listing};

/// What must not be sent twice without looking: a second one is another one, or is refused and hides that the first one was done.
const ONCE: [&str; 6] = [
    "tags create",
    "chats create",
    "chats archive",
    "members set-role",
    "messages send",
    "reactions add",
];

/// Whose answer that there is nothing means that it is done.
const QUIET: [&str; 4] = [
    "tags delete",
    "members remove",
    "members remove-tags",
    "reactions remove",
];

/// Returns the path of an endpoint with its ids in place.
pub(super) fn path(row: &Operation, call: &NativeCall) -> Result<String> {
    let mut path = row
        .endpoint
        .split_once(' ')
        .unwrap_or_default()
        .1
        .to_owned();
    for parameter in row.parameters.iter().filter(|known| is_in_path(row, known)) {
        let id = check::id(call, parameter.name)?.to_string();
        path = path.replace(&format!("{{{}}}", parameter.name), &id);
    }
    Ok(path)
}

fn is_in_path(row: &Operation, parameter: &Parameter) -> bool {
    row.endpoint.contains(&format!("{{{}}}", parameter.name))
}

/// Returns a request with what is not in its path in its query.
fn asked(row: &Operation, call: &NativeCall, mut request: Call) -> Call {
    for parameter in row
        .parameters
        .iter()
        .filter(|known| !is_in_path(row, known))
    {
        for value in call.all(parameter.name) {
            request = if is_list(parameter.name) {
                // Clients write the brackets, whatever the specification says.
                // https://dev.pachca.com/api/requests-responses Checked 2026-11.
                request.query(&format!("{}[]", parameter.name), value)
            } else {
                request.query(parameter.name, value)
            };
        }
    }
    request
}

/// Returns the largest page of a list; none for one that has no pages.
fn most(row: &Operation) -> Option<u32> {
    match row.endpoint {
        "GET /custom_properties" => None,
        "GET /search/users" | "GET /search/messages" => Some(200),
        "GET /search/chats" => Some(100),
        _ => Some(LIMIT),
    }
}

/// Returns the body of a single change; none for one that has none.
fn body(row: &Operation, call: &NativeCall) -> Result<Option<Value>> {
    let (mut outside, mut inside) = (Map::new(), Map::new());
    for parameter in row
        .parameters
        .iter()
        .filter(|known| !is_in_path(row, known))
    {
        let typed = |text: &String| typed(row, parameter, call, text);
        let values = call.all(parameter.name).iter().map(typed);
        let mut values = values.collect::<Result<Vec<_>>>()?;
        let value = match (is_list(parameter.name), values.pop()) {
            (_, None) => continue,
            (false, Some(value)) => value,
            (true, Some(last)) => {
                values.push(last);
                Value::Array(values)
            }
        };
        let place = if parameter.name == "link_preview" {
            &mut outside
        } else {
            &mut inside
        };
        place.insert(parameter.name.to_owned(), value);
    }
    let wrapper = match row.noun {
        "tags" => "group_tag",
        "chats" => "chat",
        "messages" => "message",
        "status" | "profile" => "status",
        _ => return Ok((!inside.is_empty()).then_some(Value::Object(inside))),
    };
    if inside.is_empty() {
        return Ok(None);
    }
    outside.insert(wrapper.to_owned(), Value::Object(inside));
    Ok(Some(Value::Object(outside)))
}

fn typed(row: &Operation, parameter: &Parameter, call: &NativeCall, text: &str) -> Result<Value> {
    let is_id = names(row, parameter, call) != Names::Nothing;
    Ok(match parameter.takes {
        Takes::Flag => Value::Bool(text == "true"),
        Takes::Number => Value::from(number(parameter, text)?),
        _ if is_id => Value::from(number(parameter, text)?),
        Takes::Text
        | Takes::Moment
        | Takes::Person
        | Takes::PersonIf { .. }
        | Takes::File
        | Takes::OneOf(_) => Value::from(text),
    })
}

fn number(parameter: &Parameter, text: &str) -> Result<i64> {
    text.parse()
        .map_err(|_| check::wrong("an argument is named without its id", parameter.name))
}

/// Returns the request of a single change, a file aside.
pub(super) fn change(row: &Operation, call: &NativeCall) -> Result<Call> {
    let repeat = if ONCE.contains(&call.operation.as_str()) {
        Repeat::Once
    } else {
        Repeat::Safe
    };
    let method = match row.endpoint.split_once(' ').unwrap_or_default().0 {
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        _ => Method::DELETE,
    };
    let takes_query = method == Method::DELETE;
    let request = Call::write(method, &path(row, call)?, repeat);
    let request = if row.noun == "messages" {
        let to = check::id(call, "entity_id")?;
        let request = request.family(MESSAGES, "");
        request.family(MESSAGES_TO_ONE, to.to_string())
    } else {
        request.family(GENERAL, "")
    };
    if takes_query {
        return Ok(asked(row, call, request));
    }
    if call.one("image").is_some() {
        return Ok(request);
    }
    Ok(match body(row, call)? {
        Some(body) => request.json(&body),
        None => request,
    })
}

/// Returns what an answer to a single change says.
pub(super) fn answered(row: &Operation, answer: &Answer) -> Result<Value> {
    if answer.body.trim_ascii().is_empty() {
        return Ok(Value::Null);
    }
    // This one object comes without a wrapper. https://dev.pachca.com/api/reactions/add Checked 2026-11.
    if row.noun == "reactions" {
        return answer.json();
    }
    Ok(answer.json::<Envelope<Value>>()?.data)
}

impl Pachca {
    /// Returns one page of a list, from the vendor's own cursor.
    pub(super) async fn turn(
        &self,
        row: &Operation,
        call: &NativeCall,
        from: Option<&Cursor>,
    ) -> Result<Page<Value>> {
        let mut request = asked(row, call, Call::read(&path(row, call)?));
        if let Some(most) = most(row) {
            request = request.query("limit", most);
            if let Some(from) = from {
                request = request.query("cursor", from.as_str());
            }
        }
        let is_search = row.endpoint.starts_with("GET /search/")
            || (row.endpoint == users::LIST.endpoint && call.one("query").is_some());
        if is_search {
            // A search that took too long is to be narrowed, not repeated. https://dev.pachca.com/api/errors Checked 2026-11.
            request = request.not_again_after(StatusCode::GATEWAY_TIMEOUT);
        }
        let listing: Listing<Value> = self.get(request, row.endpoint).await?.json()?;
        let next = match (most(row), is_search) {
            (None, _) => None,
            (Some(_), true) => listing.next_found(from.is_none())?,
            (Some(_), false) => listing.next()?,
        };
        Ok(Page {
            next: next.map(Cursor::new),
            items: listing.data,
        })
    }

    /// Returns one thing; null where the platform says that there is none.
    pub(super) async fn shown(&self, path: &str) -> Result<Value> {
        let call = Call::read(path);
        let answer = self.get(call, &format!("GET {path}")).await?;
        // A person without a status has a bare null. https://dev.pachca.com/api/users/get-status Checked 2026-11.
        let shown: Option<Envelope<Value>> = answer.json()?;
        Ok(shown.map_or(Value::Null, |shown| shown.data))
    }

    /// The same of something that may be gone, which is null, too.
    pub(super) async fn there(&self, path: &str) -> Result<Value> {
        Ok(unless_gone(self.shown(path).await)?.unwrap_or_default())
    }

    async fn get(&self, request: Call, endpoint: &str) -> Result<Answer> {
        let family = if endpoint.starts_with("GET /messages") {
            MESSAGE_READS
        } else {
            GENERAL
        };
        let line = &self.api.line;
        line.client
            .send(request.family(family, ""), &line.session)
            .await
    }

    /// Sends a single change and returns what was answered; that something is gone already is done.
    pub(super) async fn put(
        &self,
        row: &Operation,
        request: Call,
        call: &NativeCall,
    ) -> Result<Value> {
        let line = &self.api.line;
        match line.client.send(request, &line.session).await {
            Ok(answer) => answered(row, &answer),
            Err(fault)
                if fault.kind() == ErrorKind::NotFound
                    && QUIET.contains(&call.operation.as_str()) =>
            {
                Ok(Value::Null)
            }
            Err(fault) => Err(fault),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use serde_json::json;

    use super::super::{chats, members, messages, statuses, tags};
    use super::*;

    #[test]
    fn a_body_has_the_vendors_wrapper_and_types() {
        let chat = NativeCall::new("chats create")
            .with("name", "Клиент")
            .with("member_ids", "9")
            .with("group_tag_ids", "5")
            .with("group_tag_ids", "6")
            .with("public", "true");
        let expected = json!({"chat": {"name": "Клиент", "member_ids": [9], "group_tag_ids": [5, 6], "public": true}});
        assert_eq!(body(&chats::CREATE, &chat).unwrap(), Some(expected));
        let member = NativeCall::new("members add")
            .with("id", "3")
            .with("member_ids", "9");
        let expected = json!({"member_ids": [9]});
        assert_eq!(body(&members::ADD, &member).unwrap(), Some(expected));
        let message = NativeCall::new("messages send")
            .with("entity_type", "user")
            .with("entity_id", "9")
            .with("content", " 1")
            .with("link_preview", "false");
        let expected = json!({"message": {"entity_type": "user", "entity_id": 9, "content": " 1"}, "link_preview": false});
        assert_eq!(body(&messages::SEND, &message).unwrap(), Some(expected));
        let status = NativeCall::new("status set")
            .with("user_id", "9")
            .with("title", "1")
            .with("is_away", "true");
        let expected = json!({"status": {"title": "1", "is_away": true}});
        assert_eq!(body(&statuses::SET, &status).unwrap(), Some(expected));
        let archive = NativeCall::new("chats archive").with("id", "3");
        assert_eq!(body(&chats::ARCHIVE, &archive).unwrap(), None);
    }

    #[test]
    fn a_name_that_has_not_become_an_id_is_not_sent() {
        let named = NativeCall::new("tags delete").with("id", "Склад");
        assert_eq!(
            change(&tags::DELETE, &named).unwrap_err().kind(),
            ErrorKind::Invalid
        );
        let named = NativeCall::new("members add")
            .with("id", "3")
            .with("member_ids", "anna@example.test");
        assert_eq!(
            change(&members::ADD, &named).unwrap_err().kind(),
            ErrorKind::Invalid
        );
    }
}
