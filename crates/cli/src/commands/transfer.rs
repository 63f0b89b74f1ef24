//! Moving somebody to another place.

use std::collections::BTreeMap;

use clap::Args;
use kadry_core::{FieldName, Fields, ProviderId};
use kadry_flow::Placement;
use kadry_flow::intent::{Flow, Intent, RoleSection, Transfer as Moving, Who};

use super::allowing::Allowing;
use super::onboard::check;
use super::who::{needed, who};
use super::{Session, flow};
use crate::error::{Exit, Failure, newcomer, of_journal};
use crate::setup::{self, Config};
use crate::words::Words;

/// The fields that somebody takes along from place to place.
const LASTING: [FieldName; 6] = [
    FieldName::Email,
    FieldName::ExternalId,
    FieldName::LastName,
    FieldName::FirstName,
    FieldName::MiddleName,
    FieldName::Phone,
];

/// Move somebody: another role, another department or another title
///
/// What is new is given first, then what the old role gave and the new one does not is taken away. What is held beyond both stays and
/// is named; --strict takes it away, too. The old role is the one of --from, else the one that kadry gave. A record is made where there
/// is none yet; no closed door is opened, and no open one is closed. Without --role only the department and the title change.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry transfer anna@example.test --role seller --plan-only
  kadry transfer anna@example.test --role seller --from accountant --strict
  kadry transfer person:1042 --department Продажи --title 'Старший менеджер'")]
pub(crate) struct Transfer {
    /// E-mail, person:ID, or PROVIDER:ID
    #[arg(value_name = "WHO")]
    who: String,
    /// The new role, as the configuration names it
    #[arg(long)]
    role: Option<String>,
    /// The new department
    #[arg(long, value_name = "NAME")]
    department: Option<String>,
    /// The new job title
    #[arg(long)]
    title: Option<String>,
    /// The old role, if it was not kadry that gave it
    #[arg(long, value_name = "ROLE", requires = "role")]
    from: Option<String>,
    /// Take away everything that the new role does not name
    #[arg(long, requires = "role")]
    strict: bool,
    /// Only on these platforms
    #[arg(long, value_name = "PROVIDER", value_delimiter = ',')]
    on: Option<Vec<String>>,
    /// Go on even if the record administers its platform
    #[arg(long)]
    privileged: bool,
    #[command(flatten)]
    allowing: Allowing,
}

/// What is asked for, by platform.
type Sections = BTreeMap<ProviderId, RoleSection>;

impl Transfer {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// As [`flow::run`], and whatever is wrong with the arguments or the configuration.
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let words = &session.screen.words;
        let given = self.given(words)?;
        let platforms = needed(self.on.as_deref(), &self.who);
        let setup = session
            .open(session.purpose(), platforms.as_deref())
            .await?;
        let person = who(&self.who, &setup.config, words)?;
        let placement = setup.organisation.placement(&person).await;
        let placement = placement.map_err(|error| of_journal(words, &error))?;
        let moving = self.moving(&setup.config, &given, &person, placement, words)?;
        let intent = Intent {
            who: person,
            flow: Flow::Transfer(moving),
            actor: setup::actor(&session.global),
            reason: session.global.reason.clone(),
            allow: self.allowing.read(words)?,
            command: Some(flow::again(session)),
        };
        flow::greet(session, &setup.organisation).await?;
        let ran = flow::run(session, &setup.organisation, &intent).await;
        ran.map_err(|failure| not_here_yet(failure, &intent.who, words))
    }

    /// The department and the title that are given.
    ///
    /// # Errors
    ///
    /// A [`Failure`] with exit code 2 for a value that nobody can mean, and when nothing is given at all.
    fn given(&self, words: &Words) -> Result<Fields, Failure> {
        let mut given = Fields::new();
        for (field, value) in [
            (FieldName::Department, &self.department),
            (FieldName::Title, &self.title),
        ] {
            let value = value.as_deref().map(str::trim);
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                check(field, value, words, || format!("--{}", field.as_str()))?;
                given.insert(field, value.to_owned());
            }
        }
        if given.is_empty() && self.role.is_none() {
            return Err(Failure::usage(
                "usage",
                words.say("transfer-nothing"),
                Some(words.say("transfer-nothing-hint")),
            ));
        }
        Ok(given)
    }

    /// What is asked for from now on, and what was until now.
    fn moving(
        &self,
        config: &Config,
        given: &Fields,
        person: &Who,
        placement: Placement,
        words: &Words,
    ) -> Result<Moving, Failure> {
        let covered = config.on(self.on.as_deref(), words)?;
        let mut known = placement.fields.clone();
        known.retain(|field, _| LASTING.contains(field));
        if let Who::Person(id) = person {
            known.insert(FieldName::ExternalId, id.clone());
        }
        let mut sections = self.sections(config, &known, given, words)?;
        let mut former = self.former(config, placement, &sections, given, words)?;
        self.must_be_spoken_of(config, &sections, &former, words)?;
        sections.retain(|id, _| covered.contains(id));
        former.retain(|id, _| covered.contains(id));
        Ok(Moving {
            fields: config.fields(self.role.as_deref(), given, words)?,
            known,
            sections,
            former,
            role: self.role.is_some(),
            person: None,
            strict: self.strict,
            privileged: self.privileged,
        })
    }

    /// What the new role asks for; without one what the new department does, wherever the person is.
    fn sections(
        &self,
        config: &Config,
        known: &Fields,
        given: &Fields,
        words: &Words,
    ) -> Result<Sections, Failure> {
        let mut fields = known.clone();
        fields.extend(given.clone());
        match &self.role {
            Some(role) => config.sections(Some(role), None, &fields, words),
            None => everywhere(config, &fields, words),
        }
    }

    /// What the old role asked for; without a new one what the old department did.
    fn former(
        &self,
        config: &Config,
        placement: Placement,
        sections: &Sections,
        given: &Fields,
        words: &Words,
    ) -> Result<Sections, Failure> {
        let mut former = match (&self.role, &self.from) {
            (Some(_), Some(from)) => config.sections(Some(from), None, &placement.fields, words)?,
            (Some(_), None) => return Ok(placement.sections),
            (None, _) if !given.contains_key(&FieldName::Department) => return Ok(Sections::new()),
            (None, _) => everywhere(config, &placement.fields, words)?,
        };
        // A role that says nothing of a platform is known to have given nothing there.
        for id in sections.keys() {
            former.entry(id.clone()).or_default();
        }
        Ok(former)
    }

    /// Refuses a platform of `--on` of which neither role speaks.
    ///
    /// # Errors
    ///
    /// A [`Failure`] with exit code 2.
    fn must_be_spoken_of(
        &self,
        config: &Config,
        sections: &Sections,
        former: &Sections,
        words: &Words,
    ) -> Result<(), Failure> {
        let (Some(role), Some(on)) = (&self.role, &self.on) else {
            return Ok(());
        };
        let known = |name: &&String| {
            let id = ProviderId::new(name.as_str());
            sections.contains_key(&id) || former.contains_key(&id)
        };
        match on.iter().find(|name| !known(name)) {
            Some(name) => {
                let on = [name.clone()];
                config
                    .sections(Some(role), Some(&on), &Fields::new(), words)
                    .map(drop)
            }
            None => Ok(()),
        }
    }
}

/// What a department asks for on every platform, without any role.
fn everywhere(config: &Config, fields: &Fields, words: &Words) -> Result<Sections, Failure> {
    let all = config.on(None, words)?;
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    config.sections(None, Some(&all), fields, words)
}

/// Says how somebody comes in who is nowhere yet.
fn not_here_yet(mut failure: Failure, who: &Who, words: &Words) -> Failure {
    if failure.kind == "known_nowhere" {
        let whom = [("whom", newcomer(&who.to_string()).into())];
        let more = words.say_with("transfer-nowhere-hint", &whom);
        let hint = failure.hint.take().into_iter().chain([more]);
        failure.hint = Some(hint.collect::<Vec<_>>().join("\n"));
    }
    failure
}
