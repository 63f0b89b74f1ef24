//! The requests, one file for each noun.

mod departments;
mod employees;
mod powers;
pub(crate) mod raw;
mod subscriptions;

use kadry_core::{ErrorKind, Repeat, Result};
use kadry_http::{Answer, Call, Client, Explained, Method};

use crate::token::Token;

/// The request budget of the platform.
pub(crate) const FAMILY: &str = "diadoc";

/// One box, reachable.
#[derive(Clone, Debug)]
pub(crate) struct BoxApi {
    pub(crate) client: Client,
    pub(crate) token: Token,
    pub(crate) id: String,
}

impl BoxApi {
    fn read(&self, path: &str) -> Call {
        self.complete(Call::read(path))
    }

    /// Returns a change, which on this platform is always a POST.
    fn write(&self, path: &str, repeat: Repeat) -> Call {
        self.complete(Call::write(Method::POST, path, repeat))
    }

    /// Adds what every request about the box carries.
    fn complete(&self, call: Call) -> Call {
        boxless(call).query("boxId", &self.id)
    }

    async fn send(&self, call: Call) -> Result<Answer> {
        self.client.send(call, &self.token).await
    }
}

/// Adds what every request carries.
fn boxless(call: Call) -> Call {
    // Without it the answer is protobuf. https://developer.kontur.ru/doc/diadoc-api, data formats. Checked 2026-11.
    call.header("accept", "application/json").family(FAMILY, "")
}

/// Turns the answer that something is not there into none.
fn found(answer: Result<Answer>) -> Result<Option<Answer>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads what the platform says about a failed call: a code if there is one, else the line of text in its body.
pub(crate) fn explain(answer: &Answer) -> Explained {
    let code = answer.header("x-diadoc-errorcode").map(str::to_owned);
    Explained {
        kind: None,
        message: code.or_else(|| line(&answer.body)),
    }
}

/// Returns the first line of a text in English. Other text, and JSON, may hold what people typed.
fn line(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?.trim();
    let line = text.lines().next()?.trim();
    let plain = line.is_ascii() && !line.starts_with(['{', '[', '<']);
    plain.then(|| line.to_owned())
}
