//! Saying that a record does not belong to somebody.

use clap::Args;
use kadry_core::{MatchKey, ProviderId};
use kadry_flow::intent::Who;
use kadry_flow::{Stays, Unlinking};

use super::Session;
use super::link::{Document, agreed};
use super::who::{naming, namings, needed, who};
use crate::error::{Exit, Failure, of_flow};
use crate::ui::progress::Waiting;
use crate::ui::table::{Field, Sheet, Tint};
use crate::words::{Value, Words};

/// Forget that a record belongs to a person
///
/// The keys that came with that record alone do not lead to the person any more; the last key stays. Without a link it is the record
/// which is found there by an earlier key of the person, and that key is forgotten. Only kadry's own store changes: nothing is written
/// to any platform.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry unlink anna@example.test messenger
  kadry unlink person:1042 edo --plan-only")]
pub(crate) struct Unlink {
    /// E-mail, person:ID, or PROVIDER:ID
    #[arg(value_name = "WHO")]
    who: String,
    /// The platform of the record
    #[arg(value_name = "PROVIDER")]
    provider: String,
}

impl Unlink {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// A person whom the store does not know, an operator who does not agree or cannot be asked, and whatever is wrong with the
    /// arguments or the configuration.
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let (screen, words) = (&session.screen, &session.screen.words);
        let place = self.provider.trim();
        let needed = needed(Some(&[place.to_owned()]), &self.who);
        let setup = session.open(session.purpose(), needed.as_deref()).await?;
        let who = who(&self.who, &setup.config, words)?;
        let (named, provider) = (who.to_string(), ProviderId::new(place));
        let looked = {
            let _waiting = Waiting::show(screen, words.say("progress-reading"));
            setup.organisation.look_at_unlink(&who, &provider).await
        };
        let unlinking = looked.map_err(|error| of_flow(words, &error, &named))?;
        let unlinking = unlinking.ok_or_else(|| unknown(words, &named))?;
        if unlinking.record.is_none() {
            // Links outlive the platforms of the configuration; what is neither linked nor configured is a slip.
            setup.config.on(Some(&[place.to_owned()]), words)?;
        }
        let asked = Asked {
            who: &named,
            unlinking: &unlinking,
        };
        let is_written = !session.plan_only && unlinking.record.is_some();
        if is_written {
            let question = words.say("question-unlink");
            agreed(session, &question, |sheet| asked.write(sheet, words)).await?;
            session.begins_to_write();
            let unlinked = setup.organisation.unlink(&unlinking).await;
            unlinked.map_err(|error| of_flow(words, &error, &named))?;
        }
        if screen.is_json() {
            screen.document(&Document {
                person: &named,
                provider: place,
                record: unlinking.record.as_ref().map(|id| id.as_str()),
                linked: unlinking.linked && !is_written,
                exit: Exit::Done.code(),
            })?;
        } else {
            let mut sheet = screen.data_sheet();
            if is_written {
                sheet.text(0, &asked.say(words, "unlink-done"));
            } else {
                asked.write(&mut sheet, words);
            }
            screen.data(&sheet)?;
        }
        Ok(Exit::Done)
    }
}

fn unknown(words: &Words, who: &str) -> Failure {
    Failure {
        kind: "known_nowhere",
        message: words.say_with("link-unknown-person", &[("who", who.into())]),
        hint: Some(words.say("hint-people")),
        exit: Exit::Refused,
    }
}

/// What is to be forgotten of whom.
struct Asked<'a> {
    who: &'a str,
    unlinking: &'a Unlinking,
}

impl Asked<'_> {
    fn say(&self, words: &Words, key: &str) -> String {
        let provider = &self.unlinking.provider;
        let record = self.unlinking.record.clone();
        let record = record.map(|id| Who::Record(provider.clone(), id).to_string());
        let variables: [(&str, Value<'_>); 3] = [
            ("record", record.unwrap_or_default().into()),
            ("provider", provider.as_str().into()),
            ("who", self.who.into()),
        ];
        words.say_with(key, &variables)
    }

    /// Shows what will be forgotten, and what not and why.
    fn write(&self, sheet: &mut Sheet, words: &Words) {
        if self.unlinking.record.is_none() {
            sheet.text(0, &self.say(words, "unlink-nothing"));
            return;
        }
        let title = if self.unlinking.linked {
            "unlink-title"
        } else {
            "unlink-title-unlinked"
        };
        sheet.heading(&self.say(words, title));
        let mut rows: Vec<(String, Field)> = Vec::new();
        if !self.unlinking.lost.is_empty() {
            rows.push((
                words.say("unlink-lost"),
                namings(&self.unlinking.lost).into(),
            ));
        }
        for (key, why) in &self.unlinking.kept {
            rows.push((words.say("unlink-kept"), kept(words, key, *why)));
        }
        sheet.pairs(2, rows);
        sheet.paragraph(0, &words.say("link-store-only"), Tint::Faint);
    }
}

fn kept(words: &Words, key: &MatchKey, why: Stays) -> Field {
    let (sentence, tint) = match why {
        Stays::Given => ("unlink-kept-given", Tint::Warning),
        Stays::Elsewhere => ("unlink-kept-elsewhere", Tint::Plain),
        Stays::Last => ("unlink-kept-last", Tint::Warning),
    };
    let variables = [("key", naming(key).into())];
    Field::new(words.say_with(sentence, &variables), tint)
}
