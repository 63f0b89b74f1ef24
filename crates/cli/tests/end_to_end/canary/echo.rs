//! A platform that repeats whatever it hears.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

use super::percent_encoded;

/// What the platform that repeats everything hands out to whoever signs in.
pub(super) const HANDED_OUT: [&str; 3] = [
    "CanarySessionToken22Ch",
    "CanarySessionClient22C",
    "CanaryAccessToken",
];

/// One request, as the platform that repeats everything saw it.
struct Heard {
    /// The request line and the headers.
    head: Vec<String>,
    body: String,
}

impl Heard {
    fn read(stream: &TcpStream) -> Self {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut head, mut length) = (Vec::new(), 0);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 || line.trim().is_empty() {
                break;
            }
            if let Some(count) = line.to_lowercase().strip_prefix("content-length:") {
                length = count.trim().parse().unwrap();
            }
            head.push(line.trim().to_owned());
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        Self { head, body }
    }

    /// Returns what the request carried as secret, bare.
    fn secrets(&self) -> Vec<String> {
        let headers = self.head.iter().filter_map(|line| line.split_once(": "));
        let carried = headers.filter_map(|(name, value)| match name {
            "authorization" => Some(value.trim_start_matches("Bearer ")),
            "access-token" | "client" => Some(value),
            _ => None,
        });
        let pairs = self.body.split('&').filter_map(|pair| pair.split_once('='));
        let granting = pairs
            .filter(|(name, _)| ["client_secret", "refresh_token"].contains(name))
            .map(|(_, value)| value);
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        let password = body["password"].as_str();
        let secrets = carried.chain(granting).chain(password);
        secrets.map(ToOwned::to_owned).collect()
    }

    /// Returns an answer that signs us in, if that is what the request asks for.
    fn admitted(&self) -> Option<String> {
        let [token, client, access] = HANDED_OUT;
        let headers = format!(
            "access-token: {token}\r\nclient: {client}\r\nuid: u\r\nexpiry: 4102444800\r\n"
        );
        let grant = serde_json::json!({ "access_token": access, "expires_in": 3600 });
        let asks_for = |path: &str| self.head[0].contains(path);
        if asks_for("/auth/sign_in") {
            Some(written(200, &headers, "{}"))
        } else {
            asks_for("/connect/token").then(|| written(200, "", &grant.to_string()))
        }
    }

    /// Returns an answer that says whatever the request said, in the body and in the headers.
    fn echoed(&self, status: u16) -> String {
        let secrets = self.secrets();
        let encoded: Vec<String> = secrets.iter().map(|text| percent_encoded(text)).collect();
        let bare = [secrets.as_slice(), &encoded].concat().join(" ");
        let said = format!("{bare} {} {}", self.head.join(" "), self.body);
        let values: Vec<&str> = self
            .head
            .iter()
            .filter_map(|line| line.split_once(": "))
            .map(|(_, value)| value)
            .collect();
        let error = serde_json::json!({
            "error": said,
            "error_description": said,
            "message": said,
            "errors": [{ "key": said, "value": said, "message": said, "code": said, "title": said, "detail": said }],
            "values": values,
        });
        let mut headers = format!("x-diadoc-errorcode: {bare}\r\n");
        for secret in secrets {
            headers += &format!("x-request-id: {secret}\r\nx-trace-id: req-{secret}\r\n");
        }
        for line in self.head.iter().skip(1) {
            headers += &format!("x-echo-{line}\r\n");
        }
        written(status, &headers, &error.to_string())
    }
}

fn written(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} Echo\r\ncontent-type: application/json\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
    )
}

/// Serves a platform that answers with a status and repeats everything, and perhaps lets us sign in first.
///
/// Returns its address, and the secrets that it will have heard.
pub(super) fn echo(status: u16, admits: bool) -> (String, Arc<Mutex<BTreeSet<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let secrets = Arc::<Mutex<BTreeSet<String>>>::default();
    let all = Arc::clone(&secrets);
    // It ends with the process: nobody joins it.
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let all = Arc::clone(&all);
            thread::spawn(move || {
                let heard = Heard::read(&stream);
                all.lock().unwrap().extend(heard.secrets());
                let admitted = heard.admitted().filter(|_| admits);
                let answer = admitted.unwrap_or_else(|| heard.echoed(status));
                // Whoever asked may be gone.
                stream.write_all(answer.as_bytes()).ok();
                stream.shutdown(Shutdown::Both).ok();
            });
        }
    });
    (format!("http://{address}"), secrets)
}
