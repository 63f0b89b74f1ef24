//! A company in which one command is about many people.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use kadry_core::memory::Row;
use kadry_core::{
    Access, Action, Brake, Clock, ErrorKind, FieldName, Fields, ProviderId, RunState,
};
use kadry_flow::intent::{Flow, Offboard, Onboard};
use kadry_flow::many::{
    Asked, Batch, Counted, Drafting, Head, Moved, PersonResult, PlanFile, PlanWriter, Planned,
    Results, Surplus, Verdict, Why,
};
use kadry_flow::plan::{Most, Window};
use kadry_flow::{FlowError, Organisation, Purpose, Unwatched};
use kadry_journal::{Journal, RunId};

use crate::company::{self, Company, clock_and_random};
use crate::recorder::{Recorder, Recorders, Seen, bare};

/// A company whose platforms remember what they were told, with its store.
pub(crate) struct Crowd {
    pub(crate) company: Company,
    pub(crate) journal: Journal,
    pub(crate) clock: Clock,
    recorders: Recorders,
    folder: tempfile::TempDir,
}

/// A plan for many that was made.
pub(crate) struct Made {
    pub(crate) drafting: Drafting,
    pub(crate) plan: PlanFile,
    pub(crate) planned: Vec<Planned>,
}

/// What came of a command.
#[derive(Debug)]
pub(crate) struct Came {
    pub(crate) batch: RunId,
    pub(crate) state: RunState,
}

impl Crowd {
    pub(crate) async fn of(company: Company) -> Self {
        let (clock, random) = clock_and_random(1);
        let journal = Journal::in_memory(clock.clone(), random).await.unwrap();
        Self::over(company, journal, clock)
    }

    pub(crate) fn over(company: Company, journal: Journal, clock: Clock) -> Self {
        let names = company.names().into_iter();
        let recorder = |name: String| (name.clone(), Recorder::over(company.at(&name)));
        Self {
            recorders: names.map(recorder).collect(),
            company,
            journal,
            clock,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn at(&self, name: &str) -> &Recorder {
        &self.recorders[name]
    }

    pub(crate) fn organisation(&self) -> Organisation {
        let recorders = self.recorders.values();
        Organisation {
            connects: recorders.map(Recorder::connect).collect(),
            ..self.company.organisation(self.journal.clone(), &self.clock)
        }
    }

    pub(crate) fn on(&self) -> Vec<ProviderId> {
        self.recorders.keys().map(ProviderId::new).collect()
    }

    pub(crate) fn head(&self) -> Head {
        Head {
            flow: "import".to_owned(),
            about: "roster.csv".to_owned(),
            source: None,
            on: self.on(),
            allow: BTreeMap::new(),
            actor: "tester".to_owned(),
            reason: None,
            lines: None,
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) async fn drafting(&self, counted: Counted) -> Drafting {
        self.drafting_for(Purpose::CarryOut, counted).await
    }

    pub(crate) async fn drafting_for(&self, purpose: Purpose, counted: Counted) -> Drafting {
        let organisation = self.organisation();
        let on = self.on();
        let drafting = Drafting::begin(&organisation, &on, purpose, counted, &Unwatched);
        let mut drafting = drafting.await.unwrap();
        drafting.look_everywhere(&Unwatched).await;
        drafting
    }

    pub(crate) async fn plan(&self, asked: Vec<Asked>) -> Made {
        let drafting = self.drafting(Counted::MayNotShrink).await;
        self.plan_with(drafting, asked, &self.head()).await
    }

    /// Plans a few at a time, as a long list is.
    pub(crate) async fn plan_with(
        &self,
        mut drafting: Drafting,
        asked: Vec<Asked>,
        head: &Head,
    ) -> Made {
        let path = self.path("plan.json");
        let mut writer = PlanWriter::begin(&path, head).unwrap();
        let mut planned = Vec::new();
        for chunk in asked.chunks(5) {
            planned.extend(drafting.plan(chunk.to_vec()).await.unwrap());
        }
        for one in &planned {
            writer.add(one).unwrap();
        }
        Made {
            drafting,
            plan: writer.finish().unwrap(),
            planned,
        }
    }

    /// Looks once more at everybody in a plan, and writes it down again without whoever has moved.
    pub(crate) async fn hold(&self, plan: &PlanFile) -> (Made, Vec<Moved>) {
        let mut drafting = self.drafting(Counted::MayNotShrink).await;
        let path = self.path("held.json");
        let mut writer = PlanWriter::begin(&path, &plan.head).unwrap();
        let moved = drafting.hold_against(plan, &mut writer).await.unwrap();
        let plan = writer.finish().unwrap();
        let planned = plan.planned().collect::<Result<_, _>>().unwrap();
        let made = Made {
            drafting,
            plan,
            planned,
        };
        (made, moved)
    }

    pub(crate) async fn begin(&self, made: &Made) -> Result<Option<RunId>, FlowError> {
        let batch = Batch {
            head: made.plan.head.clone(),
            command: None,
        };
        let organisation = self.organisation();
        let drafting = &made.drafting;
        organisation.begin_batch(&made.plan, drafting, &batch).await
    }

    /// Goes on with a batch as a command of its own does.
    pub(crate) async fn work(&self, batch: &RunId) -> Result<RunState, FlowError> {
        self.organisation().work(batch, None, &Unwatched).await
    }

    /// Plans and carries out, with what was read for planning.
    pub(crate) async fn import(&self, asked: Vec<Asked>) -> Result<Option<Came>, FlowError> {
        let made = self.plan(asked).await;
        self.carry_out(&made).await
    }

    pub(crate) async fn carry_out(&self, made: &Made) -> Result<Option<Came>, FlowError> {
        let Some(batch) = self.begin(made).await? else {
            return Ok(None);
        };
        let listings = Some(Arc::clone(made.drafting.listings()));
        let organisation = self.organisation();
        let state = organisation.work(&batch, listings, &Unwatched).await?;
        Ok(Some(Came { batch, state }))
    }

    /// Carries out while platforms do not answer. Long after that they answer again, each call in so long.
    pub(crate) async fn carry_out_without(&self, made: &Made, on: &[&str], call_ms: u64) -> RunId {
        for one in on {
            let fault = Some(ErrorKind::Unavailable);
            self.company.at(one).set_down(fault);
        }
        let came = self.carry_out(made).await.unwrap().unwrap();
        assert_ne!(came.state, RunState::Done);
        tokio::time::sleep(Duration::from_secs(120)).await;
        for one in on {
            self.company.at(one).set_down(None);
            self.at(one).answer_in(call_ms);
        }
        came.batch
    }

    pub(crate) async fn results(&self, batch: &RunId) -> Vec<PersonResult> {
        let mut results = Results::of(&self.journal, batch.clone());
        let mut all = Vec::new();
        loop {
            let page = results.next().await.unwrap();
            if page.is_empty() {
                return all;
            }
            all.extend(page);
        }
    }

    /// What became of everybody, by name.
    pub(crate) async fn verdicts(&self, batch: &RunId) -> BTreeMap<String, Verdict> {
        let results = self.results(batch).await.into_iter();
        results.map(|one| (one.person, one.result)).collect()
    }

    /// Why nothing was done for somebody.
    pub(crate) async fn why(&self, batch: &RunId, who: &str) -> Option<Why> {
        let mut results = self.results(batch).await.into_iter();
        results.find(|one| one.person == who)?.why
    }

    /// What the platforms were told since the last time.
    pub(crate) fn told(&self) -> Vec<(String, Seen)> {
        let recorders = self.recorders.iter();
        let told = recorders.flat_map(|(name, recorder)| {
            let writes = recorder.take().into_iter();
            writes.map(|write| (name.clone(), write))
        });
        told.collect()
    }

    pub(crate) fn rows(&self) -> BTreeMap<String, Vec<Row>> {
        let names = self.company.names().into_iter();
        names
            .map(|name| (name.clone(), self.company.at(&name).rows()))
            .collect()
    }

    pub(crate) async fn surplus(&self, asked: Vec<Asked>) -> Vec<Surplus> {
        let made = self.plan(asked).await;
        made.drafting.surplus().await.unwrap()
    }

    /// Adds a record with fields of its own.
    pub(crate) fn record(&self, on: &str, access: Access, fields: &[(FieldName, &str)]) {
        let memory = self.company.at(on);
        let id = memory.fresh_id();
        let fields = fields
            .iter()
            .map(|(field, text)| (*field, (*text).to_owned()));
        let row = Row {
            id,
            fields: fields.collect(),
            access,
            administrator: false,
            signer: false,
            grants: BTreeMap::new(),
        };
        memory.edit(|rows| rows.push(row));
    }

    /// Changes the record with an e-mail behind everybody's back.
    pub(crate) fn edit(&self, on: &str, email: &str, edit: impl FnOnce(&mut Row)) {
        self.company.at(on).edit(|rows| {
            let is_theirs = |row: &&mut Row| {
                row.fields
                    .get(&FieldName::Email)
                    .is_some_and(|it| it == email)
            };
            edit(rows.iter_mut().find(is_theirs).expect("a record"));
        });
    }
}

/// What a plan says that the platforms will be told.
pub(crate) fn promised(planned: &[Planned]) -> Vec<(String, Seen)> {
    let steps = planned.iter().flat_map(|one| &one.steps);
    let promised = steps.map(|step| {
        let whose = match &step.action {
            Action::Define { .. } => String::new(),
            Action::Create { .. }
            | Action::Update { .. }
            | Action::SetAccess { .. }
            | Action::SetGrants { .. }
            | Action::Notify { .. }
            | Action::Remove
            | Action::Native { .. } => step.person.clone(),
        };
        (step.provider.to_string(), (whose, bare(&step.action)))
    });
    promised.collect()
}

/// Both in one order: what is done for one person waits for nobody else.
pub(crate) fn sorted(mut told: Vec<(String, Seen)>) -> Vec<(String, Seen)> {
    told.sort_by_key(|one| format!("{one:?}"));
    told
}

/// A row of a list: somebody who is to be there.
pub(crate) fn row(line: u32, asked: company::Asked) -> Asked {
    let intent = asked.0;
    let fields = match &intent.flow {
        Flow::Onboard(Onboard { fields, .. }) => fields.clone(),
        Flow::Offboard(_)
        | Flow::Transfer(_)
        | Flow::Undo(_)
        | Flow::Native(_)
        | Flow::Departments(_) => Fields::new(),
    };
    Asked {
        line: Some(line),
        label: intent.who.to_string(),
        fields,
        is_there: true,
        what: Ok(intent),
    }
}

/// A row that cannot be read, with what could be.
pub(crate) fn bad_row(line: u32, fields: &[(FieldName, &str)]) -> Asked {
    let fields = fields
        .iter()
        .map(|(field, text)| (*field, (*text).to_owned()));
    Asked {
        line: Some(line),
        label: format!("line {line}"),
        fields: fields.collect(),
        is_there: true,
        what: Err(Why::Line(serde_json::json!("bad"))),
    }
}

/// Somebody whom a list does not know is to go.
pub(crate) fn goes(surplus: &Surplus, on: &[ProviderId]) -> Asked {
    let mut asked = company::leaver(surplus.who.clone());
    if let Flow::Offboard(Offboard { on: covered, .. }) = &mut asked.0.flow {
        *covered = on.to_vec();
    }
    Asked {
        line: None,
        label: surplus.who.to_string(),
        fields: Fields::new(),
        is_there: false,
        what: Ok(asked.0),
    }
}

/// A newcomer or somebody who is there, with nothing but a name.
pub(crate) fn person(number: usize, on: &[&str]) -> company::Asked {
    let email = email(number);
    let fields = Fields::from([
        (FieldName::Email, email.clone()),
        (FieldName::ExternalId, number.to_string()),
        (FieldName::LastName, format!("Фамилия{number}")),
        (FieldName::FirstName, format!("Имя{number}")),
    ]);
    let mut asked = company::onboard(&email);
    if let Flow::Onboard(onboard) = &mut asked.0.flow {
        onboard.fields = fields;
    }
    for provider in on {
        asked = asked.section(provider, &[], None);
    }
    asked
}

pub(crate) fn email(number: usize) -> String {
    format!("p{number}@example.test")
}

/// The same, and whoever is out stays out.
pub(crate) fn stays_out(mut asked: company::Asked) -> company::Asked {
    if let Flow::Onboard(onboard) = &mut asked.0.flow {
        onboard.stays_out = true;
    }
    asked
}

pub(crate) fn by_email(surplus: &[Surplus]) -> Vec<String> {
    let mut who: Vec<String> = surplus.iter().map(|one| one.who.to_string()).collect();
    who.sort();
    who
}

/// A head under which more may be concerned.
pub(crate) fn allowing(head: Head, brake: Brake, people: u32) -> Head {
    Head {
        allow: BTreeMap::from([(brake, people)]),
        ..head
    }
}

/// Lets everything concern as many as it will.
pub(crate) fn lift_limits(company: &mut Company) {
    for brake in [
        Brake::Suspend,
        Brake::Reactivate,
        Brake::Revoke,
        Brake::Remove,
    ] {
        for window in Window::ALL {
            company.limits.set(brake, window, Most::People(1_000));
        }
    }
}
