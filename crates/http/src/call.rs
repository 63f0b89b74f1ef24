//! One request, not yet sent.

use std::fmt;

use bytes::{Bytes, BytesMut};
use futures::future::ready;
use futures::{FutureExt as _, TryStreamExt as _};
use kadry_core::{Effect, Error, ErrorKind, Repeat};
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, Request, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize};

use crate::redact::scrub;
use crate::secrets::Secrets;

/// What a call leaves on the far side, and whether it repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Footprint {
    pub(crate) writes: bool,
    pub(crate) repeat: Repeat,
}

impl Footprint {
    pub(crate) const READ: Self = Self {
        writes: false,
        repeat: Repeat::Safe,
    };

    /// Returns what has to be assumed when the answer is not known.
    pub(crate) fn effect_in_doubt(self) -> Effect {
        if self.writes {
            Effect::Unknown
        } else {
            Effect::None
        }
    }
}

/// One request, not yet sent.
///
/// It cannot be built without saying whether it repeats; the verb is never consulted, because there are platforms where every
/// change is a POST. It asks for JSON unless it says otherwise with [`Call::header`].
#[derive(Clone)]
pub struct Call {
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: Option<Bytes>,
    families: Vec<(&'static str, String)>,
    footprint: Footprint,
    last_status: Option<StatusCode>,
    secrets: Secrets,
    fault: Option<&'static str>,
}

impl Call {
    /// Returns a GET that changes nothing.
    ///
    /// The path is appended to the client's base. Ids in it have been through [`segment`].
    #[must_use]
    pub fn read(path: &str) -> Self {
        Self::build(Method::GET, path, Footprint::READ)
    }

    /// Returns a call that changes something, with its answer to whether the same call may be sent twice.
    #[must_use]
    pub fn write(method: Method, path: &str, repeat: Repeat) -> Self {
        let writes = true;
        Self::build(method, path, Footprint { writes, repeat })
    }

    fn build(method: Method, path: &str, footprint: Footprint) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        Self {
            method,
            path: path.to_owned(),
            query: Vec::new(),
            headers,
            body: None,
            families: Vec::new(),
            footprint,
            last_status: None,
            secrets: Secrets::default(),
            fault: None,
        }
    }

    /// Says that the call changes nothing, whatever its verb: a request for a token, or a search by POST.
    #[must_use]
    pub fn reading(mut self) -> Self {
        self.footprint.writes = false;
        self
    }

    /// Adds a pair to the query; the same name may come again.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.query.push((name.to_owned(), value.to_string()));
        self
    }

    /// Sets a header, in place of one that is there.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        match (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value),
        ) {
            (Ok(name), Ok(value)) => {
                self.headers.insert(name, value);
            }
            (Err(_), _) | (_, Err(_)) => {
                self.fault = Some("a header has characters that cannot be sent");
            }
        }
        self
    }

    /// Sets the body as JSON.
    #[must_use]
    pub fn json(mut self, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(bytes) => self.with_body("application/json; charset=utf-8", bytes),
            Err(_) => {
                self.fault = Some("the body cannot be written as JSON");
                self
            }
        }
    }

    /// Sets the body as the pairs of a form.
    #[must_use]
    pub fn form(self, pairs: &[(&str, &str)]) -> Self {
        let body = Serializer::new(String::new()).extend_pairs(pairs).finish();
        self.with_body("application/x-www-form-urlencoded", body.into_bytes())
    }

    /// Sets the body as one file of a form: the name of its field, its own name, its media type and its content.
    #[must_use]
    pub fn file(mut self, field: &'static str, name: &str, media: &str, content: Vec<u8>) -> Self {
        let part = Part::bytes(content).file_name(name.to_owned());
        let Ok(part) = part.mime_str(media) else {
            self.fault = Some("the file has no media type that can be sent");
            return self;
        };
        let form = Form::new().part(field, part);
        let content_type = format!("multipart/form-data; boundary={}", form.boundary());
        // All of it is in memory, so nothing is waited for.
        let body = form
            .into_stream()
            .try_fold(BytesMut::new(), |mut body, next| {
                body.extend_from_slice(&next);
                ready(Ok(body))
            });
        match (HeaderValue::from_str(&content_type), body.now_or_never()) {
            (Ok(content_type), Some(Ok(body))) => {
                self.headers.insert(CONTENT_TYPE, content_type);
                self.body = Some(body.freeze());
            }
            (Err(_), _) | (_, Some(Err(_)) | None) => {
                self.fault = Some("the file cannot be written as a form");
            }
        }
        self
    }

    fn with_body(mut self, content_type: &'static str, body: Vec<u8>) -> Self {
        self.headers
            .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        self.body = Some(Bytes::from(body));
        self
    }

    /// Says which request budget the call draws from; the key tells apart what is counted apart, such as recipients, and is empty
    /// for a budget that is shared by all.
    ///
    /// A call may name several budgets and waits for all of them.
    #[must_use]
    pub fn family(mut self, name: &'static str, key: impl Into<String>) -> Self {
        self.families.push((name, key.into()));
        self
    }

    /// Says that after this status the call is not worth sending again, because there is another way to what it asks for.
    #[must_use]
    pub fn not_again_after(mut self, status: StatusCode) -> Self {
        self.last_status = Some(status);
        self
    }

    /// Says that the call carries this secret outside its headers, so that it stays out of every error and log line about the call,
    /// whatever it looks like and whoever repeats it.
    ///
    /// What a [`Session`](crate::Session) puts on the request is known without being said.
    #[must_use]
    pub fn conceals(mut self, secret: &SecretString) -> Self {
        self.secrets.add(secret.expose_secret());
        self
    }

    /// Reports whether a call that got this status is over, whether or not it could be repeated.
    pub(crate) fn ends_with(&self, status: Option<StatusCode>) -> bool {
        self.last_status.is_some() && self.last_status == status
    }

    pub(crate) fn footprint(&self) -> Footprint {
        self.footprint
    }

    pub(crate) fn families(&self) -> &[(&'static str, String)] {
        &self.families
    }

    pub(crate) fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the path as it may be logged by somebody who knows these secrets.
    fn loggable_path(&self, secrets: &Secrets) -> String {
        scrub(&secrets.conceal(&self.path))
    }

    /// Returns the request as it goes to the wire, without a credential.
    pub(crate) fn request(&self, base: &Url) -> Result<Request, Error> {
        if let Some(fault) = self.fault {
            return Err(Error::new(ErrorKind::Invalid, fault));
        }
        let mut request = Request::new(self.method.clone(), self.address(base)?);
        *request.headers_mut() = self.headers.clone();
        if self.body.is_none() && [Method::POST, Method::PUT, Method::PATCH].contains(&self.method)
        {
            // Some servers answer 411 to a change that does not say that its body is empty.
            let headers = request.headers_mut();
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        *request.body_mut() = self.body.clone().map(Into::into);
        Ok(request)
    }

    fn address(&self, base: &Url) -> Result<Url, Error> {
        let mut address = base.clone();
        let path = self.path.strip_prefix('/').unwrap_or(&self.path);
        // An empty id would turn "this employee" into "all employees", and a dotted one climbs to another collection.
        if path.split('/').any(is_missing) {
            return Err(Error::new(
                ErrorKind::Invalid,
                "an id in the path is empty or made of dots",
            ));
        }
        let prefix = base.path().trim_end_matches('/');
        address.set_path(&format!("{prefix}/{path}"));
        if !self.query.is_empty() {
            address.query_pairs_mut().extend_pairs(&self.query);
        }
        Ok(address)
    }
}

/// A call on its way.
pub(crate) struct Sending<'a> {
    pub(crate) call: &'a Call,
    /// Counts the requests, from 1.
    pub(crate) attempt: u32,
    /// What the call and all of its requests so far carried that nobody may read.
    pub(crate) secrets: Secrets,
}

impl<'a> Sending<'a> {
    pub(crate) fn first(call: &'a Call) -> Self {
        Self {
            call,
            attempt: 1,
            secrets: call.secrets.clone(),
        }
    }

    /// Returns the path as it may be logged.
    pub(crate) fn path(&self) -> String {
        self.call.loggable_path(&self.secrets)
    }
}

fn is_missing(segment: &str) -> bool {
    segment
        .replace("%2E", ".")
        .replace("%2e", ".")
        .trim_matches('.')
        .is_empty()
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Query, headers and body hold people's data and secrets.
        f.debug_struct("Call")
            .field("method", &self.method)
            .field("path", &self.loggable_path(&self.secrets))
            .field("footprint", &self.footprint)
            .finish_non_exhaustive()
    }
}

/// Returns an id as one segment of a path, percent-encoded.
#[must_use]
pub fn segment(id: &str) -> String {
    // The form encoding writes a blank as a plus, which means a plus in a path.
    byte_serialize(id.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use super::*;

    fn address(call: &Call) -> Result<String, ErrorKind> {
        let base = Url::parse("https://api.example.test/api/v1/").unwrap();
        let request = call.request(&base).map_err(|error| error.kind())?;
        Ok(request.url().to_string())
    }

    #[test]
    fn the_path_is_appended_to_the_base() {
        let call = Call::read("/group_tags")
            .query("names[]", "Отдел продаж")
            .query("page", 2);
        let query = "names%5B%5D=%D0%9E%D1%82%D0%B4%D0%B5%D0%BB+%D0%BF%D1%80%D0%BE%D0%B4%D0%B0%D0%B6&page=2";
        let whole = format!("https://api.example.test/api/v1/group_tags?{query}");
        assert_eq!(address(&call), Ok(whole));
    }

    #[test]
    fn an_id_cannot_leave_its_place_in_the_path() {
        let odd = Call::read(&format!("/employees/{}", segment("a b/../c?d#e%2F+")));
        let whole = "https://api.example.test/api/v1/employees/a%20b%2F..%2Fc%3Fd%23e%252F%2B";
        assert_eq!(address(&odd), Ok(whole.to_owned()));
        for missing in ["", ".", "..", "%2e%2E"] {
            let call = Call::write(
                Method::DELETE,
                &format!("/employees/{missing}"),
                Repeat::Safe,
            );
            assert_eq!(address(&call), Err(ErrorKind::Invalid), "{missing}");
        }
    }

    #[test]
    fn what_cannot_be_sent_is_refused() {
        let bad_header = Call::read("/employees").header("x-note", "a\nb");
        assert_eq!(address(&bad_header), Err(ErrorKind::Invalid));
    }

    #[test]
    fn a_file_is_one_part_of_a_form() {
        let path = "/employees/1/avatar";
        let call = Call::write(Method::PUT, path, Repeat::Safe).file(
            "image",
            "Анна.png",
            "image/png",
            b"\x89PNG".to_vec(),
        );
        let base = Url::parse("https://api.example.test").unwrap();
        let request = call.request(&base).unwrap();
        let kind = request.headers()[CONTENT_TYPE].to_str().unwrap();
        let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
        let head = "Content-Disposition: form-data; name=\"image\"; filename=\"Анна.png\"\r\nContent-Type: image/png";
        let mut body = format!("--{boundary}\r\n{head}\r\n\r\n").into_bytes();
        body.extend_from_slice(b"\x89PNG\r\n");
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        let sent = request.body().unwrap().as_bytes().unwrap();
        assert_eq!(
            String::from_utf8_lossy(sent),
            String::from_utf8_lossy(&body)
        );
        assert_eq!(sent, body);
        let odd = Call::write(Method::PUT, path, Repeat::Safe).file("image", "a", "png", vec![1]);
        assert_eq!(address(&odd), Err(ErrorKind::Invalid));
    }

    #[test]
    fn nothing_that_a_call_carries_is_printed() {
        let path = "/logins/anna%40example.test/qwert%79";
        let call = Call::write(Method::POST, path, Repeat::Once)
            .query("search", "anna@example.test")
            .header("access-token", "qwerty")
            .form(&[("password", "qwerty")])
            .conceals(&"qwerty".into());
        let printed = format!("{call:?}");
        assert!(
            !printed.contains("anna") && !printed.contains("qwert"),
            "{printed}"
        );
    }
}
