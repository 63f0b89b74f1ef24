//! A whole provider of one's own, small enough to read in one sitting, and the real flows over it.
//!
//! The platform is the access control of an office: people have badges, and badges open zones. It lives in a `Vec`, so that
//! everything here is about the trait and nothing about a network. What a real backend adds is in `docs/adding-a-provider.md`.
//!
//! Run it with `cargo run --example new_provider`.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use kadry_core::{
    Access, Capability, Change, Clock, Connected, CreateNotice, Cursor, Definition, Email,
    Employee, EmployeeProvider, EmployeeRef, Error, ErrorKind, FieldName, FieldRule, Fields,
    FoundBy, Gate, Grant, GrantKind, Holds, KeyName, KindName, Known, Look, Marks, MatchKey,
    Matching, Native, Notice, Offer, OnLeave, Page, Profile, ProviderId, Random, ReadBy, Reason,
    RemoteId, Result, Review, RunState, Standing, Support, Wish, Write,
};
use kadry_flow::intent::{Flow, Intent, Offboard, Onboard, RoleSection, Who};
use kadry_flow::plan::{Limits, Protected};
use kadry_flow::report::Report;
use kadry_flow::{Organisation, Purpose, Timing, Unwatched};
use kadry_journal::Journal;

/// What a badge can open. A platform brings its own kinds of grants; nothing in the flows has to know this word.
const ZONE: KindName = KindName::known("zone");

/// The zones of the office, which nobody can add to through the platform.
const ZONES: [&str; 3] = ["Lobby", "Archive", "Server room"];

/// One record of the platform, in the platform's own words.
#[derive(Clone, Debug)]
struct Badge {
    number: usize,
    mail: String,
    holder: String,
    blocked: bool,
    zones: Vec<&'static str>,
}

/// The platform: badges in a list.
#[derive(Debug)]
struct Office {
    id: ProviderId,
    capability: Capability,
    badges: Mutex<Vec<Badge>>,
}

impl Office {
    fn new(id: &str) -> Self {
        Self {
            id: ProviderId::new(id),
            capability: capability(),
            badges: Mutex::new(Vec::new()),
        }
    }

    fn badges(&self) -> MutexGuard<'_, Vec<Badge>> {
        self.badges.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes one badge and returns it as it then is: every write of this platform ends here.
    fn edit(&self, who: &EmployeeRef, edit: impl FnOnce(&mut Badge)) -> Result<Employee> {
        let mut badges = self.badges();
        let badge = badges
            .iter_mut()
            .find(|badge| badge.number.to_string() == who.id.as_str())
            .ok_or_else(|| {
                Error::new(ErrorKind::NotFound, "no such badge").with("employee.id", &who.id)
            })?;
        edit(badge);
        Ok(employee(badge))
    }
}

/// Answers every question about the platform. There is no `Default`: a question that kadry learns to ask later stops the build here
/// until it is answered.
fn capability() -> Capability {
    let given = |field| match field {
        // A badge is made out to somebody once; a new name is a new badge.
        FieldName::Email | FieldName::LastName | FieldName::FirstName => FieldRule {
            create: Support::Yes,
            update: Support::no("printed-on-the-badge"),
            clear: Support::no("printed-on-the-badge"),
        },
        FieldName::ExternalId
        | FieldName::MiddleName
        | FieldName::Phone
        | FieldName::Title
        | FieldName::Department => FieldRule::never("no-such-field"),
    };
    Capability {
        // The office compares every badge, blocked ones included, so that finding nobody proves that nobody is there. A search that may
        // overlook somebody is `AskingThenListing`; where there is no search, everybody is read. `kadry_core::seek` minds it.
        match_by: vec![Matching {
            key: KeyName::Email,
            found_by: FoundBy::Asking,
        }],
        fields: FieldName::ALL.map(|field| (field, given(field))).into(),
        required: vec![FieldName::Email, FieldName::LastName, FieldName::FirstName],
        list: Support::Yes,
        create: Support::Yes,
        create_notice: CreateNotice::Never,
        update: Support::no("printed-on-the-badge"),
        suspend: Support::Yes,
        reopen: Support::Yes,
        remove: Support::no("no-such-call"),
        notify: Support::no("no-such-call"),
        was_notified: Support::no("no-such-call"),
        grants: vec![zones()],
        // What nobody can ever see, said at the end of every offboarding.
        caveats: vec![Reason::new("somebody-may-hold-the-door")],
        // What comes of it although nobody asked for it, said in the plan, before anybody agrees.
        on_suspend: vec![Reason::new("meal-card-stops")],
        on_remove: Vec::new(),
        // Nobody signs anything with a badge.
        signs_with: None,
        request_timeout_ms: 1_000,
    }
}

/// Zones are given and taken by themselves, one by one, also while the badge is blocked, and a leaver loses them.
fn zones() -> GrantKind {
    GrantKind {
        name: ZONE,
        role_key: "zones",
        holds: Holds::Many,
        on_create: Support::no("written-by-itself"),
        on_update: Write::No(Reason::new("written-by-itself")),
        clear: Support::Yes,
        alone: Support::Yes,
        together: false,
        read: ReadBy::WithEmployee,
        catalogue: Support::Yes,
        // With a yes, a role that says `create_missing` gets a zone that does not exist yet as a step of its own.
        define: Support::no("no-such-call"),
        // With a no, offboarding would take zones before it blocks the badge.
        while_suspended: Support::Yes,
        on_leave: OnLeave::Revoke,
        hand_over: Support::no("nothing-to-hand-over"),
        after: &[],
        follows_department: false,
    }
}

/// From the platform's words to ours.
fn employee(badge: &Badge) -> Employee {
    let zones = badge.zones.iter().map(|zone| Grant::named(ZONE, *zone));
    let (last, first) = badge.holder.split_once(' ').unwrap_or((&badge.holder, ""));
    Employee {
        at: EmployeeRef {
            id: RemoteId::new(badge.number.to_string()),
            settled: true,
            keys: vec![MatchKey::Email(Email::of_record(&badge.mail))],
        },
        profile: Profile::default()
            .with(FieldName::Email, Known::text(Some(&badge.mail)))
            .with(FieldName::LastName, Known::text(Some(last)))
            .with(FieldName::FirstName, Known::text(Some(first))),
        access: if badge.blocked {
            Access::Suspended
        } else {
            Access::Open
        },
        marks: Marks {
            // The office has no administrators among its badges, and says nothing about signing or registering. The last administrator
            // and the last signer of a platform are never locked out, so that an honest "hidden" is better than a guess.
            administrator: Known::Value(false),
            signer: Known::Hidden,
            registered: Known::Hidden,
            automaton: false,
        },
        grants: BTreeMap::from([(ZONE, Known::Value(zones.collect()))]),
    }
}

fn no_such_call() -> Error {
    Error::new(ErrorKind::Unsupported, "the office has no such call")
}

#[async_trait]
impl EmployeeProvider for Office {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn review(&self, wish: &Wish) -> Review {
        let printed = |field: &FieldName| self.capability.creates(*field).is_yes();
        let stored = wish.fields.iter().filter(|(field, _)| printed(field));
        Review {
            stored: stored.map(|(field, text)| (*field, text.clone())).collect(),
            refused: Vec::new(),
            refused_grants: Vec::new(),
        }
    }

    fn native(&self) -> Option<&dyn Native> {
        None
    }

    async fn whoami(&self) -> Result<Standing> {
        Ok(Standing {
            own: None,
            administrator: Known::Value(true),
            tenant: "the only office".to_owned(),
            expires_at_ms: None,
            clock_ahead_ms: None,
        })
    }

    async fn list(&self, _from: Option<&Cursor>) -> Result<Page<Employee>> {
        Ok(Page::last(self.badges().iter().map(employee).collect()))
    }

    async fn find(&self, key: &MatchKey, _from: Option<&Cursor>) -> Result<Page<Employee>> {
        let everybody = self.badges().iter().map(employee).collect::<Vec<_>>();
        let found = everybody.into_iter().filter(|one| one.matches(key));
        Ok(Page::last(found.collect()))
    }

    async fn get(&self, who: &EmployeeRef) -> Result<Option<Employee>> {
        let badges = self.badges();
        let found = badges.iter().map(employee).find(|one| one.at.id == who.id);
        Ok(found)
    }

    async fn catalogue(&self, _kind: &KindName, _from: Option<&Cursor>) -> Result<Page<Offer>> {
        let offer = |name: &str| Offer {
            id: RemoteId::new(name),
            name: name.to_owned(),
            path: vec![name.to_owned()],
            holders: None,
            owner: None,
            through: Vec::new(),
        };
        Ok(Page::last(ZONES.map(offer).into()))
    }

    async fn held(&self, _kind: &KindName, _who: &EmployeeRef) -> Result<Vec<Grant>> {
        Err(no_such_call())
    }

    /// Asked only for kinds that can be handed over.
    async fn keepers(&self, _kind: &KindName, _what: &Grant) -> Result<Vec<RemoteId>> {
        Err(no_such_call())
    }

    async fn create(&self, wish: &Wish) -> Result<Employee> {
        let text = |field| wish.fields.get(&field).map_or("", String::as_str);
        let mail = Email::of_record(text(FieldName::Email));
        let mut badges = self.badges();
        if badges
            .iter()
            .any(|badge| Email::of_record(&badge.mail) == mail)
        {
            // Never adoption: whether this is the same person is for the planner to say, not for us.
            return Err(Error::new(
                ErrorKind::Conflict,
                "the person has a badge already",
            ));
        }
        let badge = Badge {
            number: badges.len() + 1,
            mail: mail.to_string(),
            holder: format!(
                "{} {}",
                text(FieldName::LastName),
                text(FieldName::FirstName)
            ),
            blocked: false,
            zones: Vec::new(),
        };
        badges.push(badge.clone());
        Ok(employee(&badge))
    }

    async fn update(&self, _who: &EmployeeRef, _change: &Change) -> Result<Employee> {
        Err(no_such_call())
    }

    async fn set_access(&self, who: &EmployeeRef, access: Access) -> Result<Employee> {
        self.edit(who, |badge| badge.blocked = access == Access::Suspended)
    }

    async fn set_grants(
        &self,
        who: &EmployeeRef,
        _kind: &KindName,
        add: &[Grant],
        drop: &[Grant],
    ) -> Result<()> {
        let named = |grants: &[Grant]| {
            let asked = |zone: &&str| grants.iter().any(|grant| grant.name == *zone);
            ZONES.into_iter().filter(asked).collect::<Vec<_>>()
        };
        let (add, drop) = (named(add), named(drop));
        // Giving what is held and taking what is not held are quiet.
        self.edit(who, |badge| {
            badge
                .zones
                .retain(|zone| !drop.contains(zone) && !add.contains(zone));
            badge.zones.extend(add);
        })?;
        Ok(())
    }

    async fn define(&self, _kind: &KindName, _what: &Definition) -> Result<Offer> {
        Err(no_such_call())
    }

    async fn notify(&self, _who: &EmployeeRef, _notice: &Notice) -> Result<()> {
        Err(no_such_call())
    }

    async fn was_notified(&self, _who: &EmployeeRef, _notice: &Notice) -> Result<Look> {
        Ok(Look::CannotTell)
    }

    async fn remove(&self, _who: &EmployeeRef) -> Result<()> {
        Err(no_such_call())
    }
}

/// What came of the four flows, to be compared with what should have come.
#[derive(Debug, PartialEq, Eq)]
struct Summary {
    /// How many writes bringing Anna in took, and how many the same request took afterwards.
    joined: [usize; 2],
    /// The same for taking her out.
    left: [usize; 2],
    /// What the badge opened while she was in.
    opened: Vec<&'static str>,
    /// Whether the badge is blocked and opens nothing at the end.
    locked_out: bool,
    /// Whether every flow ended as done, was read back, and left nothing open.
    proven: bool,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "in with {} writes, again with {}; out with {}, again with {}; proven: {}",
            self.joined[0], self.joined[1], self.left[0], self.left[1], self.proven
        )
    }
}

fn anna(flow: Flow) -> std::result::Result<Intent, kadry_core::BadEmail> {
    Ok(Intent {
        flow,
        who: Who::Email(Email::parse("anna@example.test")?),
        actor: "example".to_owned(),
        reason: None,
        allow: BTreeMap::new(),
        command: None,
    })
}

fn joining() -> Flow {
    let section = RoleSection {
        grants: BTreeMap::from([(
            "zones".to_owned(),
            // Names are compared folded, so that nobody has to know how the platform writes them.
            vec!["lobby".to_owned(), "server room".to_owned()],
        )]),
        ..RoleSection::default()
    };
    Flow::Onboard(Onboard {
        fields: Fields::from([
            (FieldName::Email, "anna@example.test".to_owned()),
            (FieldName::LastName, "Obraztsova".to_owned()),
            (FieldName::FirstName, "Anna".to_owned()),
            // The platform has no place for it: the plan says so, and goes on.
            (FieldName::Title, "Accountant".to_owned()),
        ]),
        sections: BTreeMap::from([(ProviderId::new("office"), section)]),
        privileged: false,
        stays_out: false,
    })
}

fn leaving() -> Flow {
    Flow::Offboard(Offboard {
        now: false,
        remove: false,
        successor: None,
        on: vec![ProviderId::new("office")],
        privileged: false,
    })
}

async fn story() -> std::result::Result<Summary, Box<dyn StdError>> {
    let clock = Clock::starting_at(0);
    let office = Arc::new(Office::new("office"));
    let gated = Arc::new(Gate::new(Arc::clone(&office) as Arc<dyn EmployeeProvider>));
    let organisation = Organisation {
        journal: Journal::in_memory(clock.clone(), Random::seeded(1)).await?,
        // A platform that is at hand already. One that has to be reached first implements `Connect`, and is told whom it will be asked for.
        connects: vec![Arc::new(Connected(gated))],
        protected: Protected::default(),
        limits: Limits::default(),
        timing: Timing::default(),
        clock,
        halt: kadry_flow::CancellationToken::new(),
    };
    let mut reports: Vec<Report> = Vec::new();
    let mut opened = Vec::new();
    for flow in [joining(), joining(), leaving(), leaving()] {
        let prepared = organisation
            .prepare(&anna(flow)?, Purpose::CarryOut, &Unwatched)
            .await?;
        reports.push(organisation.carry_out(prepared, &Unwatched).await?);
        if reports.len() == 2 {
            opened = office
                .badges()
                .iter()
                .flat_map(|b| b.zones.clone())
                .collect();
        }
    }
    let writes = |number: usize| reports.get(number).map_or(0, |report| report.steps.len());
    let proven = |report: &Report| {
        report.state == RunState::Done && report.verified && report.residue.is_empty()
    };
    Ok(Summary {
        joined: [writes(0), writes(1)],
        left: [writes(2), writes(3)],
        opened,
        locked_out: office
            .badges()
            .iter()
            .all(|badge| badge.blocked && badge.zones.is_empty()),
        proven: reports.iter().all(proven),
    })
}

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "an example says how it went")]
async fn main() -> std::result::Result<(), Box<dyn StdError>> {
    let summary = story().await?;
    let expected = Summary {
        // A badge and two zones; then nothing. A closed door and two zones taken; then nothing.
        joined: [3, 0],
        left: [3, 0],
        opened: vec!["Lobby", "Server room"],
        locked_out: true,
        proven: true,
    };
    if summary != expected {
        return Err(format!("expected {expected:?}, and got {summary:?}").into());
    }
    println!("{summary}");
    Ok(())
}
