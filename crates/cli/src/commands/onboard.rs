//! Bringing somebody in.

use std::path::PathBuf;

use clap::Args;
use kadry_core::{BadValue, FieldName, Fields};
use kadry_flow::intent::{Flow, Intent, Onboard as Joining, Who};

use super::allowing::Allowing;
use super::who::email;
use super::{Session, flow};
use crate::error::{Exit, Failure, of_person_file};
use crate::setup::{self, Setup};
use crate::words::Words;

/// Bring somebody in: make or reopen the records, give what the role gives, greet
///
/// Covers the platforms that the role has a section for, narrowed by --on. What is there already stays as it is; the same command
/// again writes nothing. Flags win over the file, and both win over the role.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry onboard anna.toml --plan-only
  kadry onboard --email anna@example.test --last-name Образцова --first-name Анна --role accountant")]
pub(crate) struct Onboard {
    /// Read the person from this TOML or JSON file, whose keys are the names of the flags
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The employer's own id of the person
    #[arg(long, value_name = "ID")]
    external_id: Option<String>,
    /// The e-mail
    #[arg(long)]
    email: Option<String>,
    /// The family name
    #[arg(long, value_name = "NAME")]
    last_name: Option<String>,
    /// The given name
    #[arg(long, value_name = "NAME")]
    first_name: Option<String>,
    /// The patronymic
    #[arg(long, value_name = "NAME")]
    middle_name: Option<String>,
    /// The phone number
    #[arg(long)]
    phone: Option<String>,
    /// The job title
    #[arg(long)]
    title: Option<String>,
    /// The department
    #[arg(long, value_name = "NAME")]
    department: Option<String>,
    /// The role, as the configuration names it
    #[arg(long)]
    role: Option<String>,
    /// Only on these platforms
    #[arg(long, value_name = "PROVIDER", value_delimiter = ',')]
    on: Option<Vec<String>>,
    /// Go on even if the record administers its platform
    #[arg(long)]
    privileged: bool,
    #[command(flatten)]
    allowing: Allowing,
}

impl Onboard {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// As [`flow::run`], and whatever is wrong with the arguments, the file or the configuration.
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let words = &session.screen.words;
        let (given, role) = self.person(words)?;
        let who = whom(&given, words)?;
        let setup = session.open(session.purpose(), self.on.as_deref()).await?;
        let intent = Intent {
            who,
            flow: Flow::Onboard(self.joining(&setup, &given, role.as_deref(), words)?),
            actor: setup::actor(&session.global),
            reason: session.global.reason.clone(),
            allow: self.allowing.read(words)?,
            command: Some(flow::again(session)),
        };
        flow::greet(session, &setup.organisation).await?;
        flow::run(session, &setup.organisation, &intent).await
    }

    /// The person and the role, from the file and the flags.
    fn person(&self, words: &Words) -> Result<(Fields, Option<String>), Failure> {
        let (mut fields, mut role) = match &self.file {
            None => (Fields::new(), None),
            Some(path) => {
                let file = kadry_tables::open_person(path)
                    .map_err(|error| of_person_file(words, &error, path))?;
                let shown = path.display();
                for (field, value) in &file.fields {
                    check(*field, value, words, || format!("{shown}, {field}"))?;
                }
                (file.fields, file.role)
            }
        };
        for (field, value) in self.flags() {
            if let Some(value) = value
                .as_deref()
                .map(str::trim)
                .filter(|value| !value.is_empty())
            {
                check(field, value, words, || {
                    format!("--{}", field.as_str().replace('_', "-"))
                })?;
                fields.insert(field, value.to_owned());
            }
        }
        if let Some(named) = &self.role {
            role = Some(named.clone());
        }
        Ok((fields, role))
    }

    const fn flags(&self) -> [(FieldName, &Option<String>); 8] {
        [
            (FieldName::Email, &self.email),
            (FieldName::ExternalId, &self.external_id),
            (FieldName::LastName, &self.last_name),
            (FieldName::FirstName, &self.first_name),
            (FieldName::MiddleName, &self.middle_name),
            (FieldName::Phone, &self.phone),
            (FieldName::Title, &self.title),
            (FieldName::Department, &self.department),
        ]
    }

    fn joining(
        &self,
        setup: &Setup,
        given: &Fields,
        role: Option<&str>,
        words: &Words,
    ) -> Result<Joining, Failure> {
        let fields = setup.config.fields(role, given, words)?;
        let sections = setup
            .config
            .sections(role, self.on.as_deref(), given, words)?;
        Ok(Joining {
            fields,
            sections,
            privileged: self.privileged,
            stays_out: false,
        })
    }
}

/// Refuses a value that nobody can mean, and says where it stands.
///
/// # Errors
///
/// A [`Failure`] with exit code 2.
pub(super) fn check(
    field: FieldName,
    value: &str,
    words: &Words,
    place: impl FnOnce() -> String,
) -> Result<(), Failure> {
    field.check(value).map_err(|bad| {
        let place = ("place", place().into());
        let message = match bad {
            BadValue::Unseen => words.say_with("value-unseen", &[place]),
            BadValue::TooLong { most } => {
                words.say_with("value-too-long", &[place, ("most", most.into())])
            }
            BadValue::NoPhone => words.say_with("value-no-phone", &[place]),
        };
        Failure::usage("bad_value", message, None)
    })
}

/// Who joins: by e-mail, else by the employer's own id.
pub(super) fn whom(fields: &Fields, words: &Words) -> Result<Who, Failure> {
    let external_id = fields.get(&FieldName::ExternalId);
    match (fields.get(&FieldName::Email), external_id) {
        (Some(typed), _) => email(typed, words).map(Who::Email),
        (None, Some(id)) => Ok(Who::Person(id.clone())),
        (None, None) => Err(Failure::usage(
            "no_key",
            words.say("onboard-no-key"),
            Some(words.say("onboard-no-key-hint")),
        )),
    }
}
