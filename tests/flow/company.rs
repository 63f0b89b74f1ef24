//! A company in memory, and plans as lines.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use kadry_core::memory::{Memory, Row, capable, delta_rights};
use kadry_core::{
    Access, Action, Brake, Capability, Clock, Connect, Connected, Email, FieldName, Fields, Gate,
    Grant, GrantEdit, KindName, ProviderId, Random, RemoteId, Step, Target,
};
use kadry_flow::intent::{Flow, Intent, Offboard, Onboard, RoleSection, Who};
use kadry_flow::observe::{Patience, Snapshot, Sought, observe};
use kadry_flow::plan::{Inherited, Limits, Plan, Protected, Refused, Said, plan};
use kadry_flow::{Organisation, Timing};
use kadry_journal::Journal;

/// Several platforms in memory.
pub(crate) struct Company {
    platforms: BTreeMap<String, Memory>,
    commands: AtomicU64,
    pub(crate) protected: Protected,
    pub(crate) limits: Limits,
}

impl Company {
    pub(crate) fn new(platforms: &[(&str, Capability)]) -> Self {
        let memory = |(name, capability): &(&str, Capability)| {
            (
                (*name).to_owned(),
                Memory::new(ProviderId::new(*name), capability.clone()),
            )
        };
        Self {
            platforms: platforms.iter().map(memory).collect(),
            protected: Protected::default(),
            limits: Limits::default(),
            commands: AtomicU64::new(1),
        }
    }

    /// Anna, open on two platforms, with grants that leave in different ways.
    pub(crate) fn leaving() -> Self {
        let company = Self::new(&[("messenger", capable()), ("edo", delta_rights())]);
        company.at("messenger").offer(&KindName::TAG, &["Учёт"]);
        company.at("messenger").offer(&KindName::CHAT, &["Общий"]);
        company
            .at("edo")
            .offer(&KindName::SUBSCRIPTION, &["Новости"]);
        company.at("edo").offer(&KindName::SUBSCRIPTION, &["Счета"]);
        let held = [(KindName::TAG, "Учёт"), (KindName::CHAT, "Общий")];
        company.person("messenger", "anna@example.test", Access::Open, &held);
        let held = [
            (KindName::SUBSCRIPTION, "Новости"),
            (KindName::SUBSCRIPTION, "Счета"),
        ];
        company.person("edo", "anna@example.test", Access::Open, &held);
        company
    }

    pub(crate) fn at(&self, name: &str) -> &Memory {
        &self.platforms[name]
    }

    /// A number that no earlier command over this company had, so that every command mints ids of its own.
    pub(crate) fn seed(&self) -> u64 {
        self.commands.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.platforms.keys().cloned().collect()
    }

    /// Adds a record behind everybody's back.
    pub(crate) fn person(
        &self,
        on: &str,
        email: &str,
        access: Access,
        grants: &[(KindName, &str)],
    ) -> RemoteId {
        let memory = self.at(on);
        let mut held: BTreeMap<KindName, Vec<Grant>> = BTreeMap::new();
        for (kind, name) in grants {
            let id = memory
                .offered(kind, name)
                .expect("the test offers it first");
            held.entry(kind.clone()).or_default().push(Grant {
                kind: kind.clone(),
                id: Some(id),
                name: (*name).to_owned(),
                value: None,
            });
        }
        let id = memory.fresh_id();
        let fields = Fields::from([(FieldName::Email, email.to_owned())]);
        let row = Row {
            id: id.clone(),
            fields,
            access,
            administrator: false,
            signer: false,
            grants: held,
        };
        memory.edit(|rows| rows.push(row));
        id
    }

    pub(crate) fn connects(&self) -> Vec<Arc<dyn Connect>> {
        let gate = |memory: &Memory| {
            Arc::new(Connected(Arc::new(Gate::new(Arc::new(memory.clone()))))) as Arc<dyn Connect>
        };
        self.platforms.values().map(gate).collect()
    }

    pub(crate) fn organisation(&self, journal: Journal, clock: &Clock) -> Organisation {
        Organisation {
            journal,
            connects: self.connects(),
            protected: self.protected.clone(),
            limits: self.limits.clone(),
            timing: Timing::default(),
            clock: clock.clone(),
            halt: kadry_flow::CancellationToken::new(),
        }
    }

    /// Fills in what the intent leaves open: an offboarding covers every platform.
    pub(crate) fn intent(&self, asked: &Asked) -> Intent {
        let mut intent = asked.0.clone();
        if let Flow::Offboard(offboard) = &mut intent.flow {
            offboard.on = self.platforms.keys().map(ProviderId::new).collect();
        }
        intent
    }

    async fn whole_plan(&self, asked: &Asked) -> Result<Plan, Vec<Refused>> {
        let intent = self.intent(asked);
        let keys = intent.keys();
        let successor = match &intent.flow {
            Flow::Offboard(offboard) => offboard.successor.as_ref(),
            Flow::Onboard(_)
            | Flow::Transfer(_)
            | Flow::Undo(_)
            | Flow::Native(_)
            | Flow::Departments(_) => None,
        };
        let heir = |who: &Who| {
            Box::new(Sought {
                keys: who.key().into_iter().collect(),
                ..Sought::default()
            })
        };
        let sought = Sought {
            keys: keys.clone(),
            successor: successor.map(heir),
            ..Sought::default()
        };
        let patience = Patience::of(&Timing::default(), &intent.flow);
        let snapshot: Snapshot = observe(
            &self.connects(),
            &intent.flow,
            &sought,
            patience,
            &kadry_flow::Unwatched,
        )
        .await;
        plan(
            &intent,
            &keys,
            &snapshot,
            &Inherited::default(),
            &self.protected,
        )
    }

    pub(crate) async fn plan(&self, asked: &Asked) -> Result<Vec<String>, Vec<Refused>> {
        Ok(self
            .whole_plan(asked)
            .await?
            .steps
            .iter()
            .map(line)
            .collect())
    }

    pub(crate) async fn remarks(&self, asked: &Asked) -> Vec<Said> {
        let plan = self.whole_plan(asked).await.expect("a plan");
        plan.remarks.into_iter().map(|remark| remark.what).collect()
    }
}

/// An intent that is being written down.
pub(crate) struct Asked(pub(crate) Intent);

pub(crate) fn onboard(email: &str) -> Asked {
    let fields = Fields::from([
        (FieldName::Email, email.to_owned()),
        (FieldName::ExternalId, "7".to_owned()),
        (FieldName::LastName, "Орлова".to_owned()),
    ]);
    asked(
        by_email(email),
        Flow::Onboard(Onboard {
            fields,
            sections: BTreeMap::new(),
            privileged: false,
            stays_out: false,
        }),
    )
}

/// A company whose messenger nobody is on yet.
pub(crate) fn newcomer() -> Company {
    let company = Company::new(&[("messenger", capable())]);
    company.at("messenger").offer(&KindName::TAG, &["Учёт"]);
    company.at("messenger").offer(&KindName::CHAT, &["Общий"]);
    company
}

/// Somebody joins there, with a tag, a chat and a greeting.
pub(crate) fn arrival() -> Asked {
    onboard("anna@example.test").section(
        "messenger",
        &[("tags", &["Учёт"]), ("chats", &["Общий"])],
        Some("Привет!"),
    )
}

pub(crate) fn offboard(email: &str) -> Asked {
    leaver(by_email(email))
}

pub(crate) fn offboard_now(email: &str) -> Asked {
    asked(by_email(email), leaving(true))
}

/// An offboarding of somebody who is named in any way.
pub(crate) fn leaver(who: Who) -> Asked {
    asked(who, leaving(false))
}

pub(crate) fn by_email(email: &str) -> Who {
    Who::Email(Email::of_record(email))
}

fn leaving(now: bool) -> Flow {
    Flow::Offboard(Offboard {
        now,
        remove: false,
        successor: None,
        on: Vec::new(),
        privileged: false,
    })
}

fn asked(who: Who, flow: Flow) -> Asked {
    Asked(Intent {
        flow,
        who,
        actor: "tester".to_owned(),
        reason: None,
        allow: BTreeMap::new(),
        command: None,
    })
}

impl Asked {
    pub(crate) fn field(mut self, field: FieldName, value: &str) -> Self {
        if let Flow::Onboard(onboard) = &mut self.0.flow {
            onboard.fields.insert(field, value.to_owned());
        }
        self
    }

    pub(crate) fn section(
        mut self,
        provider: &str,
        grants: &[(&str, &[&str])],
        welcome: Option<&str>,
    ) -> Self {
        let grants = grants.iter().map(|(key, names)| {
            (
                (*key).to_owned(),
                names.iter().map(|&name| name.to_owned()).collect(),
            )
        });
        let section = RoleSection {
            values: BTreeMap::new(),
            create_missing: false,
            grants: grants.collect(),
            quiet: false,
            welcome: welcome.map(str::to_owned),
            outvoted: None,
        };
        if let Flow::Onboard(onboard) = &mut self.0.flow {
            onboard.sections.insert(ProviderId::new(provider), section);
        }
        self
    }

    /// Changes the last section that was added.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut RoleSection)) -> Self {
        if let Flow::Onboard(onboard) = &mut self.0.flow {
            change(
                onboard
                    .sections
                    .values_mut()
                    .next_back()
                    .expect("a section"),
            );
        }
        self
    }

    pub(crate) fn remove(mut self) -> Self {
        if let Flow::Offboard(offboard) = &mut self.0.flow {
            offboard.remove = true;
        }
        self
    }

    pub(crate) fn successor(mut self, email: &str) -> Self {
        if let Flow::Offboard(offboard) = &mut self.0.flow {
            offboard.successor = Some(Who::Email(Email::of_record(email)));
        }
        self
    }

    pub(crate) fn allow(mut self, brake: Brake, people: u32) -> Self {
        self.0.allow.insert(brake, people);
        self
    }

    pub(crate) fn privileged(mut self) -> Self {
        match &mut self.0.flow {
            Flow::Onboard(onboard) => onboard.privileged = true,
            Flow::Offboard(offboard) => offboard.privileged = true,
            Flow::Transfer(transfer) => transfer.privileged = true,
            Flow::Undo(undo) => undo.privileged = true,
            Flow::Native(native) => native.privileged = true,
            Flow::Departments(_) => {}
        }
        self
    }
}

pub(crate) fn clock_and_random(seed: u64) -> (Clock, Random) {
    (Clock::starting_at(1_795_255_200_000), Random::seeded(seed))
}

fn line(step: &Step) -> String {
    let mut words = vec![
        step.seq.to_string(),
        step.provider.to_string(),
        step.stage.to_string(),
        step.action.name().to_owned(),
    ];
    words.extend(details(&step.action));
    words.push(match &step.target {
        Target::Nobody => "@nobody".to_owned(),
        Target::Known(who) => format!("@{}", who.id),
        Target::CreatedBy(seq) => format!("@created by {seq}"),
        Target::Sought(keys) => format!(
            "@sought {}",
            keys.iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" ")
        ),
    });
    words.join(" ")
}

fn details(action: &Action) -> Vec<String> {
    let named = |sign: &str, grants: &[Grant]| -> Vec<String> {
        grants
            .iter()
            .map(|grant| format!("{sign}{}:{grant}", grant.kind))
            .collect()
    };
    match action {
        Action::Create { wish } => {
            let fields = wish
                .fields
                .iter()
                .map(|(field, value)| format!("{field}={value}"));
            fields
                .chain(wish.grants.values().flat_map(|grants| named("", grants)))
                .collect()
        }
        Action::Update { change } => {
            let fields = change
                .fields
                .iter()
                .map(|(field, value)| format!("{field}={}", value.as_deref().unwrap_or("-")));
            let edit = |edit: &GrantEdit| {
                [
                    named("=", &edit.keep),
                    named("+", &edit.add),
                    named("-", &edit.drop),
                ]
                .concat()
            };
            fields
                .chain(change.grants.values().flat_map(edit))
                .collect()
        }
        Action::SetAccess { access } => vec![access.to_string()],
        Action::SetGrants { add, drop, .. } => [named("+", add), named("-", drop)].concat(),
        Action::Notify { notice } => vec![notice.text.clone()],
        Action::Define { what, .. } => vec![what.path.join(" / ")],
        Action::Remove | Action::Native { .. } => Vec::new(),
    }
}
