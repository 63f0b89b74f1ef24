//! Planning for many people: everybody is read once, and each is looked up in what was read.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::StreamExt as _;
use futures::stream;
use kadry_core::{
    Action, Brake, Email, FieldName, KindName, MatchKey, ProviderId, RemoteId, Step, Target, fold,
};
use kadry_journal::{Acquaintance, JournalError, PersonId};

use super::earlier::Earlier;
use super::known::{Known, PlannedFor};
use super::limits::Concerned;
use super::looked::{Looked, seen, sought};
use super::{Among, Asked, Person, Planned, Why, observed};
use crate::error::FlowError;
use crate::intent::{Intent, Who};
use crate::interrupted::Interrupted;
use crate::observe::{Listings, Patience, look_up};
use crate::organisation::{Held, Organisation, Purpose, closes_doors_first, covered};
use crate::plan::{Inherited, plan};
use crate::tenants::Tenants;
use crate::watch::{Unwatched, Watch};

/// How many people are looked up beside each other, where a platform has to be asked about each.
const BESIDE: usize = 32;

/// What a step makes: a tag, a unit or a department.
pub(super) type Thing = (ProviderId, KindName, Vec<String>);

/// Whether a platform may show far fewer people than there were when all were last counted. A list that was cut off would.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// It may not: it counts as one that could not be read.
    MayNotShrink,
    /// It may: the operator says so.
    MayShrink,
    /// Nobody asks, and what is seen is no count.
    NotAtAll,
}

/// Plans for many people, one after the other.
#[derive(Debug)]
pub struct Drafting {
    pub(super) organisation: Organisation,
    pub(super) listings: Arc<Listings>,
    pub(super) counted: Counted,
    purpose: Purpose,
    steps: u32,
    defined: BTreeMap<Thing, Step>,
    pub(super) concerned: Concerned,
    pub(super) known: Known,
    planned: PlannedFor,
    /// Whether what was seen of somebody is compared, also where nothing is to be done.
    pub(super) compares: bool,
    /// The lines that name nobody who could be recognised.
    pub(super) unreadable: Vec<u32>,
    /// What was read of the platforms on which nothing is planned, to recognise people by; none where nobody asks who is surplus.
    pub(super) elsewhere: Option<Listings>,
    /// The lines whose person has the name of a record and none of its keys.
    pub(super) namesakes: BTreeMap<(ProviderId, RemoteId), u32>,
}

impl Drafting {
    /// Reads everybody on these platforms, to plan over it.
    ///
    /// # Errors
    ///
    /// The errors of the journal.
    pub async fn begin(
        organisation: &Organisation,
        on: &[ProviderId],
        purpose: Purpose,
        counted: Counted,
        watch: &dyn Watch,
    ) -> Result<Self, FlowError> {
        let connects = organisation.connects.iter();
        let connects: Vec<_> = connects
            .filter(|connect| on.contains(connect.id()))
            .cloned()
            .collect();
        let mut listings = Listings::read(&connects, &organisation.clock, watch).await;
        if counted == Counted::MayNotShrink {
            organisation.doubt_what_shrank(&mut listings).await?;
        }
        Ok(Self {
            counted,
            ..Self::over(organisation, Arc::new(listings), purpose)
        })
    }

    /// Plans over what was read before.
    #[must_use]
    pub fn over(organisation: &Organisation, listings: Arc<Listings>, purpose: Purpose) -> Self {
        Self {
            organisation: organisation.clone(),
            listings,
            counted: Counted::NotAtAll,
            purpose,
            steps: 0,
            defined: BTreeMap::new(),
            concerned: Concerned::default(),
            known: Known::default(),
            planned: PlannedFor::default(),
            compares: false,
            unreadable: Vec::new(),
            elsewhere: None,
            namesakes: BTreeMap::new(),
        }
    }

    /// Reads the other platforms as well, so that everybody is recognised by any of their records before anybody counts as surplus.
    pub async fn look_everywhere(&mut self, watch: &dyn Watch) {
        let connects = self.organisation.connects.iter();
        let others = connects.filter(|connect| self.listings.of(connect.id()).is_none());
        let others: Vec<_> = others.cloned().collect();
        self.elsewhere = Some(Listings::read(&others, &self.organisation.clock, watch).await);
    }

    /// Returns the platforms that could not be read, so that nobody can tell who is surplus.
    #[must_use]
    pub fn unread_platforms(&self) -> Vec<ProviderId> {
        let elsewhere = self.elsewhere.iter().flat_map(|read| read.unread());
        let all = self.listings.unread().chain(elsewhere);
        all.map(|(provider, _)| provider.clone()).collect()
    }

    /// Returns what was read.
    #[must_use]
    pub const fn listings(&self) -> &Arc<Listings> {
        &self.listings
    }

    /// Plans for some more people, in their order.
    ///
    /// # Errors
    ///
    /// The errors of the journal. What stands in somebody's way is in their plan.
    pub async fn plan(&mut self, asked: Vec<Asked>) -> Result<Vec<Planned>, FlowError> {
        let keys = asked.iter().map(|one| match &one.what {
            Ok(intent) => intent.keys(),
            Err(_) => one.keys(),
        });
        let journal = &self.organisation.journal;
        let known = journal.acquaintances(keys.collect()).await?;
        let looks = asked
            .iter()
            .zip(known)
            .map(|(one, known)| self.look(one, known));
        let looked: Vec<_> = stream::iter(looks).buffered(BESIDE).collect().await;
        let mut planned = Vec::with_capacity(asked.len());
        for (one, looked) in asked.into_iter().zip(looked) {
            let looked = looked?;
            self.recognise(&one, &looked)?;
            planned.push(self.number(one, looked)?);
        }
        Ok(planned)
    }

    /// Looks one person up and plans for them.
    async fn look(
        &self,
        asked: &Asked,
        known: Result<Acquaintance, JournalError>,
    ) -> Result<Looked, FlowError> {
        let known = match known {
            Ok(known) => known,
            // What is rare is apart, so that looking a hundred thousand people up moves little from place to place.
            Err(JournalError::TwoPeople) => return Box::pin(self.two_people(asked)).await,
            Err(error) => return Err(error.into()),
        };
        let Ok(intent) = &asked.what else {
            return Ok(Looked::unread(known));
        };
        let person = known.person.clone();
        // Whose a record is that bears a name alone has to be asked of its platform.
        if known.unfinished || matches!(intent.who, Who::Record(..)) {
            // Whatever comes of it, the file knows whoever the store knows by these keys.
            let unread = Looked::unread(known.clone());
            let mut looked = Box::pin(self.look_behind(intent, known)).await?;
            looked.aliases.extend(unread.aliases);
            looked.hints.extend(unread.hints);
            return Ok(Looked { person, ..looked });
        }
        let sought = sought(intent, known);
        if let Some(refused) = Looked::of_another_id(intent, &sought) {
            return Ok(refused);
        }
        let organisation = &self.organisation;
        let doors_first = closes_doors_first(self.purpose, &intent.flow);
        let mut patience = Patience::calm(&organisation.timing);
        if doors_first {
            patience = patience.for_doors();
        }
        let connects = &organisation.connects;
        let snapshot = look_up(connects, &self.listings, &intent.flow, &sought, patience).await;
        let keys = sought.all();
        let inherited = Inherited::default();
        let planned = plan(
            intent,
            &keys,
            &snapshot,
            &inherited,
            &organisation.protected,
        );
        Ok(Looked {
            person,
            snapshot,
            aliases: sought.remembered,
            hints: sought.hints,
            plan: planned.map_err(Why::Guards),
            doors_first,
        })
    }

    /// Returns what is known of both people whose keys stand in one line: the file knows either.
    async fn two_people(&self, asked: &Asked) -> Result<Looked, FlowError> {
        let keys = match &asked.what {
            Ok(intent) => intent.keys(),
            Err(_) => asked.keys(),
        };
        let each = keys.into_iter().map(|key| vec![key]).collect();
        let mut looked = Looked::refused(Why::TwoPeople);
        for known in self.organisation.journal.acquaintances(each).await? {
            let known = Looked::unread(known?);
            looked.aliases.extend(known.aliases);
            looked.hints.extend(known.hints);
        }
        Ok(looked)
    }

    /// Looks somebody up of whom an earlier run left something open: at the platforms themselves, unless what was read of everybody tells
    /// how that stands.
    async fn look_behind(&self, intent: &Intent, known: Acquaintance) -> Result<Looked, FlowError> {
        let organisation = &self.organisation;
        if let Some(person) = known.person.clone()
            && let Some(interrupted) = self.told_of(intent, &person).await?
        {
            let held = Held {
                known: Some(person),
                interrupted,
                among: Among::Many(None),
                doors_first: closes_doors_first(self.purpose, &intent.flow),
                listings: Some(Arc::clone(&self.listings)),
                ..Held::default()
            };
            let sought = organisation.identify_known(intent, Ok(known)).await?.sought;
            if let Some(refused) = Looked::of_another_id(intent, &sought) {
                return Ok(refused);
            }
            let prepared = organisation.look_and_plan(intent, sought, held, &Unwatched);
            match prepared.await {
                // What was left open of whoever is nowhere comes to its end below.
                Err(FlowError::KnownNowhere) => {}
                prepared => return Looked::by(prepared),
            }
        }
        // Whoever is being worked on is left to whom that does, also where nobody is asked.
        let purpose = match self.purpose {
            Purpose::Show => Purpose::Show,
            Purpose::CarryOut | Purpose::CarryOutUnasked => Purpose::CarryOut,
        };
        let prepared = organisation.prepare_among(intent, purpose, Among::Many(None), &Unwatched);
        let prepared = prepared.await;
        if let Ok(prepared) = &prepared {
            organisation.decline(prepared).await?;
        }
        Looked::by(prepared)
    }

    /// Returns what earlier runs left open of somebody, if nobody is at work on it and what was read of everybody tells how it stands.
    async fn told_of(
        &self,
        intent: &Intent,
        person: &PersonId,
    ) -> Result<Option<Vec<Interrupted>>, FlowError> {
        let organisation = &self.organisation;
        let (journal, on) = (&organisation.journal, covered(intent));
        let unfinished = journal.unfinished(person).await?;
        for story in &unfinished {
            if journal.is_at_work(&story.run.id).await? {
                return Ok(None);
            }
        }
        let flow = &intent.flow;
        let earlier = organisation.earlier(flow, person, &on, &unfinished, &self.listings);
        Ok(match earlier.await? {
            Earlier::Nothing => Some(Vec::new()),
            Earlier::Told(interrupted) => Some(interrupted),
            Earlier::InDoubt => None,
        })
    }

    /// Notes which records are somebody whom the file knows, where anybody asks who is surplus.
    fn recognise(&mut self, asked: &Asked, looked: &Looked) -> Result<(), FlowError> {
        if !asked.is_there || self.elsewhere.is_none() {
            return Ok(());
        }
        self.known.keys(&looked.aliases);
        for (provider, here) in looked.snapshot.here() {
            for one in here.matches.iter().chain(&here.strayed) {
                // Who bears another key of theirs elsewhere is the same person.
                self.known.keys(&one.at.keys);
                self.known.record(provider, &one.at.id);
            }
        }
        for hint in &looked.hints {
            self.known.record(&hint.provider, &hint.who.id);
        }
        if looked.snapshot.seen.is_empty() {
            self.recognise_by_fields(asked)?;
        }
        self.recognise_everywhere(asked, looked);
        Ok(())
    }

    /// Notes the records that carry any key of somebody on any platform, and those that have the name alone.
    fn recognise_everywhere(&mut self, asked: &Asked, looked: &Looked) {
        let Some(elsewhere) = &self.elsewhere else {
            return;
        };
        let mut keys = asked.keys();
        keys.extend(looked.aliases.iter().cloned());
        for (provider, listing) in self.listings.whole().chain(elsewhere.whole()) {
            for one in listing.seek(&keys).unwrap_or_default() {
                self.known.keys(&one.at.keys);
                self.known.record(provider, &one.at.id);
            }
        }
        for (provider, here) in looked.snapshot.here() {
            for one in &here.possible {
                let record = (provider.clone(), one.at.id.clone());
                self.namesakes.extend(asked.line.map(|line| (record, line)));
            }
        }
    }

    /// Numbers the steps of a person through the whole plan. What somebody else's step makes already is not made again.
    fn number(&mut self, asked: Asked, looked: Looked) -> Result<Planned, FlowError> {
        let (intent, plan) = match (asked.what, looked.plan) {
            (Ok(intent), Ok(plan)) => (intent, plan),
            (Err(why), _) | (Ok(_), Err(why)) => {
                return Ok(Person::aside(asked.line, asked.label, why));
            }
        };
        let mut who = Person::new(asked.line, asked.label);
        who.keys = intent.keys();
        who.seen = seen(&looked.snapshot);
        if who.keys.is_empty() {
            let records = who.seen.iter().map(|(_, _, record)| &record.keys);
            who.keys = records.flatten().cloned().collect();
        }
        if let Some(line) = self.planned.before(&who, looked.person.as_ref()) {
            return Ok(Person::aside(who.line, who.person, Why::Twice(line)));
        }
        if plan.steps.is_empty() && !plan.is_whole() {
            who.why = Some(Why::LeftOut);
        }
        who.remarks = plan.remarks;
        let mut steps = plan.steps;
        who.after = self.leave_out_what_is_made(&mut steps);
        renumber(&mut steps, self.steps);
        for step in &steps {
            if let Some(thing) = thing(step) {
                self.defined.insert(thing, step.clone());
            }
        }
        let count = u32::try_from(steps.len()).unwrap_or(u32::MAX);
        self.steps = self.steps.saturating_add(count);
        who.steps = count;
        if count > 0 || self.compares {
            who.observed = observed(&looked.snapshot, &intent.flow)?;
        }
        if count > 0 {
            who.doors_first = looked.doors_first;
            who.tenants = Tenants::seen(&looked.snapshot);
            who.intent = Some(Box::new(intent.asked_by_nobody()));
            self.concerned.add(&who, &steps);
        }
        Ok(Planned { who, steps })
    }

    /// Drops the steps that make what an earlier person's step makes already, and returns those.
    fn leave_out_what_is_made(&self, steps: &mut Vec<Step>) -> Vec<Step> {
        let mut after = Vec::new();
        steps.retain(|step| {
            let made = thing(step).and_then(|thing| self.defined.get(&thing));
            after.extend(made.cloned());
            made.is_none()
        });
        after
    }

    /// Returns what the batch may not pass.
    ///
    /// # Errors
    ///
    /// [`FlowError::Refused`] when the plan would pass it already, and the errors of the journal.
    pub(crate) async fn keep_within(
        &self,
        allow: &BTreeMap<Brake, u32>,
    ) -> Result<Vec<crate::braking::Kept>, FlowError> {
        self.organisation
            .keep_many_within(&self.concerned, &self.listings, allow)
            .await
    }

    /// Says whether the whole plan keeps within the limits.
    ///
    /// # Errors
    ///
    /// [`FlowError::Refused`] when it does not, and the errors of the journal.
    pub async fn must_keep_within(&self, allow: &BTreeMap<Brake, u32>) -> Result<(), FlowError> {
        self.keep_within(allow).await.map(drop)
    }
}

impl Asked {
    /// Returns the keys that could be read of somebody whose line is wrong. What is no e-mail is no key.
    pub(super) fn keys(&self) -> Vec<MatchKey> {
        let external_id = self.fields.get(&FieldName::ExternalId).cloned();
        let email = self.fields.get(&FieldName::Email);
        let email = email.and_then(|text| Email::parse(text).ok());
        let email = email.map(MatchKey::Email).into_iter();
        let external_id = external_id.map(MatchKey::ExternalId).into_iter();
        external_id.chain(email).collect()
    }
}

/// Returns what a step makes.
pub(super) fn thing(step: &Step) -> Option<Thing> {
    let Action::Define { kind, what } = &step.action else {
        return None;
    };
    let path = what.path.iter().map(|part| fold(part)).collect();
    Some((step.provider.clone(), kind.clone(), path))
}

/// Numbers steps after so many others.
pub(super) fn renumber(steps: &mut [Step], before: u32) {
    let mut numbers = BTreeMap::new();
    for (seq, step) in (before.saturating_add(1)..).zip(steps) {
        numbers.insert(step.seq, seq);
        step.seq = seq;
        if let Target::CreatedBy(made_by) = &mut step.target
            && let Some(known) = numbers.get(made_by)
        {
            *made_by = *known;
        }
    }
}
