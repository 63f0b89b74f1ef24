//! Saying that a record belongs to somebody.

use clap::Args;
use kadry_core::{FieldName, MatchKey, ProviderId, RemoteId};
use kadry_flow::intent::Who;
use kadry_flow::{FlowError, LinkError, Linking};
use serde::Serialize;

use super::Session;
use super::who::{naming, namings, needed, record, who};
use crate::error::{Exit, Failure, of_flow};
use crate::ui::progress::Waiting;
use crate::ui::prompt::{Answer, ask};
use crate::ui::table::{Field, Sheet, Tint};
use crate::words::{Value, Words};

/// Say that a record belongs to a person, so that flows find it
///
/// For a record that carries other keys than the person is known by, such as an e-mail that was changed on the platform. From then on
/// the keys of the record lead to the person too. Only kadry's own store changes: nothing is written to any platform.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry link anna@example.test messenger:1042
  kadry link person:1042 edo:8f14e45f --plan-only")]
pub(crate) struct Link {
    /// E-mail, person:ID, or PROVIDER:ID
    #[arg(value_name = "WHO")]
    who: String,
    /// The record as PROVIDER:ID
    #[arg(value_name = "RECORD")]
    record: String,
}

/// What is linked once the command has ended.
#[derive(Debug, Serialize)]
pub(super) struct Document<'a> {
    pub(super) person: &'a str,
    pub(super) provider: &'a str,
    pub(super) record: Option<&'a str>,
    pub(super) linked: bool,
    pub(super) exit: u8,
}

impl Link {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// A record that cannot be read or must not be linked, an operator who does not agree or cannot be asked, and whatever is wrong
    /// with the arguments or the configuration.
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let (screen, words) = (&session.screen, &session.screen.words);
        let place = self.record.split(':').next().unwrap_or_default().trim();
        let needed = needed(Some(&[place.to_owned()]), &self.who);
        let setup = session.open(session.purpose(), needed.as_deref()).await?;
        let who = who(&self.who, &setup.config, words)?;
        let (provider, id) = record(&self.record, &setup.config, words)?;
        let asked = Asked { who, provider, id };
        let looked = {
            let _waiting = Waiting::show(screen, words.say("progress-reading"));
            let organisation = &setup.organisation;
            organisation
                .look_at_link(&asked.who, &asked.provider, &asked.id)
                .await
        };
        let linking = looked.map_err(|error| asked.failure(words, &error))?;
        let named = asked.who.to_string();
        let is_written = !session.plan_only && !linking.is_done();
        if is_written {
            let question = words.say("question-link");
            let write = |sheet: &mut Sheet| asked.write(sheet, words, &linking);
            agreed(session, &question, write).await?;
            session.begins_to_write();
            let linked = setup.organisation.link(&linking).await;
            linked.map_err(|error| of_flow(words, &error, &named))?;
        }
        if screen.is_json() {
            screen.document(&Document {
                person: &named,
                provider: asked.provider.as_str(),
                record: Some(asked.id.as_str()),
                linked: linking.linked || is_written,
                exit: Exit::Done.code(),
            })?;
        } else {
            let mut sheet = screen.data_sheet();
            if is_written {
                sheet.text(0, &asked.say(words, "link-done"));
            } else if linking.is_done() {
                sheet.text(0, &asked.say(words, "link-already"));
            } else {
                asked.write(&mut sheet, words, &linking);
            }
            screen.data(&sheet)?;
        }
        Ok(Exit::Done)
    }
}

/// Which record is to be linked to whom.
#[derive(Debug)]
struct Asked {
    who: Who,
    provider: ProviderId,
    id: RemoteId,
}

impl Asked {
    /// The record as it is typed.
    fn record(&self) -> String {
        Who::Record(self.provider.clone(), self.id.clone()).to_string()
    }

    fn say(&self, words: &Words, key: &str) -> String {
        self.say_of(words, key, &[])
    }

    fn say_of(&self, words: &Words, key: &str, more: &[(&str, Value<'_>)]) -> String {
        let mut variables: Vec<(&str, Value<'_>)> = vec![
            ("record", self.record().into()),
            ("who", self.who.to_string().into()),
        ];
        variables.extend_from_slice(more);
        words.say_with(key, &variables)
    }

    /// Shows the record, and to whom it will be linked.
    fn write(&self, sheet: &mut Sheet, words: &Words, linking: &Linking) {
        sheet.heading(&self.say(words, "link-title"));
        let employee = &linking.employee;
        let mut rows: Vec<(String, Field)> = Vec::new();
        let name = employee.profile.full_name();
        if !name.is_empty() {
            rows.push((words.say("link-name"), name.into()));
        }
        for field in [FieldName::Email, FieldName::ExternalId] {
            if let Some(value) = employee.profile.get(field).value() {
                rows.push((words.field(field), value.as_str().into()));
            }
        }
        let access = words.say(&format!("access-{}", employee.access));
        rows.push((words.say("show-access"), access.into()));
        let person = if linking.new_person {
            "link-person-new"
        } else {
            "link-person-known"
        };
        let known_by = [("keys", namings(&linking.known_by).into())];
        rows.push((
            words.say("link-person"),
            words.say_with(person, &known_by).into(),
        ));
        if !linking.gained.is_empty() {
            rows.push((words.say("link-gained"), namings(&linking.gained).into()));
        }
        sheet.pairs(2, rows);
        sheet.paragraph(0, &words.say("link-store-only"), Tint::Faint);
    }

    fn failure(&self, words: &Words, error: &LinkError) -> Failure {
        let refused = |kind, key, more: &[(&str, Value<'_>)], hint: Option<String>| Failure {
            kind,
            message: format!(
                "{} {}",
                self.say_of(words, key, more),
                words.say("link-nothing-changed")
            ),
            hint,
            exit: Exit::Refused,
        };
        match error {
            LinkError::Flow(error) => of_flow(words, error, &self.unread(error)),
            LinkError::ServiceAccount => {
                refused("service_account", "link-service-account", &[], None)
            }
            LinkError::LinkedToAnother { keys } => {
                // Whoever has no key is named by the record itself.
                let other = keys.first().map_or_else(|| self.record(), naming);
                let more = [("other", all_or(keys, &other).into())];
                let hint = self.unlink(words, &other);
                refused("linked_to_another", "link-of-another", &more, Some(hint))
            }
            LinkError::KeyOfAnother { key, keys } => {
                let other = keys.first().map_or_else(|| naming(key), naming);
                let more = [
                    ("key", naming(key).into()),
                    ("other", all_or(keys, &other).into()),
                ];
                let named = [("other", other.into())];
                let hint = self.say_of(words, "link-key-of-another-hint", &named);
                refused("key_of_another", "link-key-of-another", &more, Some(hint))
            }
            LinkError::AnotherRecord { record, linked } => {
                let another = Who::Record(self.provider.clone(), record.clone());
                let more = [("another", another.to_string().into())];
                if *linked {
                    let hint = self.unlink(words, &self.who.to_string());
                    refused("another_record", "link-another-record", &more, Some(hint))
                } else {
                    let message = self.say_of(words, "link-two-records", &more);
                    Failure::usage("bad_who", message, Some(words.say("who-forms")))
                }
            }
            LinkError::Nameless => {
                let message = self.say(words, "link-nameless");
                Failure::usage("bad_who", message, Some(words.say("who-forms")))
            }
        }
    }

    /// The record that could not be read: the one that names the person, or the one that is to be linked.
    fn unread(&self, error: &FlowError) -> String {
        match (&self.who, error) {
            (Who::Record(on, _), FlowError::NoSuchRecord { provider, .. })
                if on == provider && *provider != self.provider =>
            {
                self.who.to_string()
            }
            _ => self.record(),
        }
    }

    fn unlink(&self, words: &Words, who: &str) -> String {
        let variables = [
            ("who", who.into()),
            ("provider", self.provider.as_str().into()),
        ];
        words.say_with("link-unlink-hint", &variables)
    }
}

fn all_or(keys: &[MatchKey], other: &str) -> String {
    if keys.is_empty() {
        other.to_owned()
    } else {
        namings(keys)
    }
}

/// Shows what is to be written into the store and asks, unless the operator wants no question.
///
/// # Errors
///
/// An operator who does not agree or cannot be asked.
pub(super) async fn agreed(
    session: &Session,
    question: &str,
    write: impl FnOnce(&mut Sheet),
) -> Result<(), Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let mut sheet = screen.rest_sheet();
    write(&mut sheet);
    sheet.gap();
    if session.yes {
        if !screen.is_json() {
            screen.tell(&sheet);
        }
        return Ok(());
    }
    let answer = if screen.is_json() {
        // Nothing was shown that anybody could agree to.
        Answer::NobodyThere
    } else {
        screen.complain(&sheet);
        ask(screen, question).await
    };
    match answer {
        Answer::Yes => Ok(()),
        Answer::No => Err(session.declined()),
        Answer::NobodyThere => Err(Failure::usage(
            "nobody_to_ask",
            words.say("link-nobody-to-ask"),
            Some(words.say("link-nobody-to-ask-hint")),
        )),
    }
}
