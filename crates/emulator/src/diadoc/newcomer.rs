//! Who is to become an employee: somebody with a login, or with a certificate.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

use super::body::Message;
use super::call::Refusal;
use super::company::{Company, FullName, UserKey};

const SURNAME: &str = "2.5.4.4";
const GIVEN_NAME: &str = "2.5.4.42";
const COMMON_NAME: &str = "2.5.4.3";
/// The tax numbers in a certificate: of a person, and of an organisation.
const INNS: [&str; 2] = ["1.2.643.3.131.1.1", "1.2.643.100.4"];

/// Somebody to be made an employee.
#[derive(Debug)]
pub(super) struct Newcomer {
    /// The user who this is, if Diadoc knows them.
    pub(super) known: Option<UserKey>,
    /// The login of a new user, or of a known one who has none.
    login: Option<String>,
    name: FullName,
    certificate: Option<[u8; 32]>,
}

impl Newcomer {
    /// Reads the credentials of `EmployeeToCreate`, of which there is exactly one kind.
    pub(super) fn read(company: &Company, body: &Message<'_>) -> Result<Self, Refusal> {
        const VARIANTS: [&str; 3] = ["Login", "Certificate", "SsoProvider"];
        let credentials = body
            .message("Credentials")?
            .ok_or_else(|| Refusal::bad("Credentials are required"))?;
        credentials.only(&VARIANTS)?;
        let given = VARIANTS
            .into_iter()
            .filter(|variant| credentials.has(variant))
            .count();
        if given != 1 {
            return Err(Refusal::bad("Exactly one kind of credentials is required"));
        }
        if let Some(by_login) = credentials.message("Login")? {
            return Self::by_login(company, &by_login);
        }
        if let Some(by_certificate) = credentials.message("Certificate")? {
            return Self::by_certificate(company, &by_certificate);
        }
        // What its message holds stands on no page that could be read. Checked 2026-11.
        Err(Refusal::new(
            StatusCode::NOT_IMPLEMENTED,
            "This emulator creates employees only by login or certificate",
        ))
    }

    fn by_login(company: &Company, sent: &Message<'_>) -> Result<Self, Refusal> {
        sent.only(&["Login", "FullName"])?;
        let login = email(sent.required_text("Login")?)?;
        let name = sent
            .message("FullName")?
            .map(|name| full_name(&name))
            .transpose()?;
        let known = company.user_by_login(&login);
        if known.is_none() && name.is_none() {
            return Err(Refusal::bad("FullName is required for an unknown login"));
        }
        Ok(Self {
            known,
            login: Some(login),
            name: name.unwrap_or_default(),
            certificate: None,
        })
    }

    /// Reads a certificate. What is wrong with one is worded nowhere; these sentences are made up.
    fn by_certificate(company: &Company, sent: &Message<'_>) -> Result<Self, Refusal> {
        sent.only(&["Content", "AccessBasis", "Email"])?;
        let der = STANDARD
            .decode(sent.required_text("Content")?)
            .map_err(|_| sent.unreadable())?;
        let subject =
            Subject::read(&der).ok_or_else(|| Refusal::bad("Content is no certificate"))?;
        let is_ours = subject.inns.iter().any(|inn| inn == Company::INN);
        let basis = sent.text("AccessBasis")?.unwrap_or_default();
        if !is_ours && basis.trim().is_empty() {
            return Err(Refusal::bad(
                "AccessBasis is required for a certificate of another organization",
            ));
        }
        let print: [u8; 32] = Sha256::digest(&der).into();
        let known = company.user_by_certificate(print);
        let login = sent.text("Email")?.map(email).transpose()?;
        let holder = login
            .as_ref()
            .and_then(|login| company.user_by_login(login));
        if holder.is_some() && holder != known {
            return Err(Refusal::conflict("Email is the login of another user"));
        }
        Ok(Self {
            known,
            login,
            name: subject.name,
            certificate: Some(print),
        })
    }

    /// Makes the user known, if they are not, and returns where their mail goes.
    ///
    /// A user who exists already keeps the name that they gave themselves, and the login that they have.
    pub(super) fn settle(self, company: &mut Company) -> Option<String> {
        // Somebody with a certificate has no e-mail to confirm first.
        let is_registered = self.certificate.is_some();
        let key = self
            .known
            .unwrap_or_else(|| company.add_user(self.login.as_deref(), self.name, is_registered));
        let user = company.user_mut(key)?;
        user.certificate = user.certificate.or(self.certificate);
        if user.login.is_none() {
            user.login.clone_from(&self.login);
        }
        self.login.or_else(|| user.login.clone())
    }
}

/// The person and the organisation that a certificate names.
struct Subject {
    name: FullName,
    inns: Vec<String>,
}

impl Subject {
    fn read(der: &[u8]) -> Option<Self> {
        let certificate = Certificate::from_der(der).ok()?;
        let parts: Vec<(String, String)> = certificate
            .tbs_certificate()
            .subject()
            .iter()
            .filter_map(|part| {
                let text = std::str::from_utf8(part.value.value()).ok()?;
                Some((part.oid.to_string(), text.trim().to_owned()))
            })
            .collect();
        let find = |wanted: &str| {
            let found = parts.iter().find(|(oid, _)| oid == wanted);
            found.map(|(_, text)| text.clone())
        };
        let given = find(GIVEN_NAME).unwrap_or_default();
        let (first, middle) = match given.split_once(' ') {
            Some((first, middle)) => (first.to_owned(), Some(middle.trim().to_owned())),
            None => (given, None),
        };
        Some(Self {
            name: FullName {
                last: find(SURNAME).or_else(|| find(COMMON_NAME))?,
                first,
                middle,
            },
            inns: INNS.into_iter().filter_map(find).collect(),
        })
    }
}

fn full_name(name: &Message<'_>) -> Result<FullName, Refusal> {
    name.only(&["LastName", "FirstName", "MiddleName"])?;
    Ok(FullName {
        last: name.required_text("LastName")?.to_owned(),
        first: name.required_text("FirstName")?.to_owned(),
        middle: name.text("MiddleName")?.map(str::to_owned),
    })
}

fn email(sent: &str) -> Result<String, Refusal> {
    let email = sent.trim();
    if looks_like_email(email) {
        Ok(email.to_owned())
    } else {
        Err(Refusal::bad("Login is not a valid e-mail address"))
    }
}

fn looks_like_email(login: &str) -> bool {
    login.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !domain.contains('@')
            && !login.contains(char::is_whitespace)
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
    })
}
