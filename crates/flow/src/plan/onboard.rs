//! Letting somebody in on one platform.

use std::collections::BTreeMap;

use kadry_core::{
    Access, Action, Before, Capability, Change, CreateNotice, Employee, FieldName, Fields, Grant,
    GrantKind, Holds, KindName, Notice, Review, Stage, Support, Target, Wish, Write,
};

use super::define::Missing;
use super::diff::{self, Surplus};
use super::lane::{Given, Lane};
use super::resolve::Targets;
use super::{Guard, Looked, Said, guards, resolve, say_possible};
use crate::intent::{Onboard, RoleSection};
use crate::observe::{Held, Here};
use crate::powers::Powers;

/// Plans one lane.
///
/// # Errors
///
/// Every guard that says no.
pub(super) fn lane(
    onboard: &Onboard,
    here: &Here,
    looked: Looked<'_>,
    owed: Option<&Notice>,
    lane: &mut Lane<'_>,
) -> Result<(), Vec<Guard>> {
    let nothing = RoleSection::default();
    let section = onboard.sections.get(lane.provider()).unwrap_or(&nothing);
    let found = guards::the_one_here(here, looked.keys, looked.rules);
    let (asked, employee) = Asked::on(section, &onboard.fields, found, here)?;
    asked.missing.make(lane);
    for said in resolve::outvoted(section, here.provider.capability()) {
        lane.say(said);
    }
    say_possible(here, lane);
    match employee {
        None => asked.create(lane),
        Some(employee) if employee.access == Access::Suspended && onboard.stays_out => {
            Err(vec![Guard::Suspended {
                record: employee.at.id.clone(),
            }])
        }
        Some(employee) if employee.access == Access::Suspended => asked.reopen(employee, lane),
        Some(employee) => asked.converge(employee, owed, lane),
    }
}

/// The kinds of which something is to be given, and for which a right of ours is missing.
fn lacking(
    capability: &Capability,
    targets: &Targets,
    employee: Option<&Employee>,
    here: &Here,
) -> Vec<Guard> {
    let is_held = |kind: &GrantKind, grant: &Grant| {
        let held = here.held.get(&kind.name).map_or(&[][..], Held::seen);
        held.iter().any(|held| held.same(grant))
    };
    let guard = |kind: &GrantKind| {
        let wanted = targets.get(&kind.name)?;
        let reason = kind.lacks_to_give(employee.is_none())?;
        let missing = wanted.iter().any(|grant| !is_held(kind, grant));
        missing.then(|| Guard::CannotGrant {
            kind: kind.name.clone(),
            reason: reason.clone(),
        })
    };
    capability.grants.iter().filter_map(guard).collect()
}

fn refused(review: &Review) -> impl Iterator<Item = Guard> {
    let values = review.refused.iter().map(|refusal| Guard::BadValue {
        field: refusal.field,
        reason: refusal.reason.clone(),
    });
    let grants = review.refused_grants.iter().map(|refusal| Guard::BadGrant {
        kind: refusal.grant.kind.clone(),
        name: refusal.grant.to_string(),
        reason: refusal.reason.clone(),
    });
    values.chain(grants)
}

/// What is asked for on one platform.
pub(super) struct Asked<'a> {
    section: &'a RoleSection,
    stored: Fields,
    targets: Targets,
    /// What has to be made before it can be given.
    pub(super) missing: Missing,
    /// What goes in the same request in which other grants of its kind come.
    pub(super) gone: Targets,
    capability: &'a Capability,
    here: &'a Here,
}

impl<'a> Asked<'a> {
    /// Works out what is asked for, and from whom.
    ///
    /// # Errors
    ///
    /// Every guard that says no.
    pub(super) fn on(
        section: &'a RoleSection,
        fields: &Fields,
        found: Result<Option<&'a Employee>, Vec<Guard>>,
        here: &'a Here,
    ) -> Result<(Self, Option<&'a Employee>), Vec<Guard>> {
        let capability = here.provider.capability();
        let mut guards = Vec::new();
        let (targets, missing) = resolve::targets(section, fields, capability, &here.offers)
            .unwrap_or_else(|more| {
                guards.extend(more);
                (Targets::new(), Missing::default())
            });
        let review = here.provider.review(&Wish {
            fields: fields.clone(),
            grants: targets.clone(),
            quiet: section.quiet,
        });
        guards.extend(refused(&review));
        let employee = found.unwrap_or_else(|more| {
            guards.extend(more);
            None
        });
        guards.extend(employee.and_then(|employee| guards::same_person(employee, fields)));
        if !guards.is_empty() {
            return Err(guards);
        }
        let lacking = lacking(capability, &targets, employee, here);
        if !lacking.is_empty() {
            return Err(lacking);
        }
        let asked = Self {
            section,
            stored: review.stored,
            targets,
            missing,
            gone: Targets::new(),
            capability,
            here,
        };
        Ok((asked, employee))
    }

    /// Makes the record.
    ///
    /// # Errors
    ///
    /// Every guard that says no.
    pub(super) fn create(&self, lane: &mut Lane<'_>) -> Result<(), Vec<Guard>> {
        self.can_create()?;
        let (fields, later) = diff::split_at_creation(&self.stored, self.capability);
        let with_record = |kind: &&GrantKind| kind.on_create.is_yes() && self.wants(kind);
        let grants = self
            .capability
            .grants
            .iter()
            .filter(with_record)
            .map(|kind| (kind.name.clone(), self.wanted(kind).to_vec()));
        let wish = Wish {
            fields,
            grants: grants.collect(),
            quiet: self.section.quiet,
        };
        let notice = self.capability.create_notice;
        if notice == CreateNotice::Always || (notice == CreateNotice::UnlessQuiet && !wish.quiet) {
            lane.say(Said::MailGoesOut);
        }
        let created = Target::CreatedBy(lane.step(
            Stage::Create,
            Action::Create { wish },
            &Target::Nobody,
            Before::default(),
        ));
        let mut change = Change {
            fields: later,
            ..Change::default()
        };
        let after_record =
            |kind: &&GrantKind| !kind.on_create.is_yes() && !matches!(kind.on_update, Write::No(_));
        for kind in self.capability.grants.iter().filter(after_record) {
            if let Some(edit) = diff::grants(
                kind,
                self.wanted(kind),
                Some(&Held::Seen(Vec::new())),
                Surplus::Keep,
            )
            .map_err(|guard| vec![guard])?
            {
                change.grants.insert(kind.name.clone(), edit);
            }
        }
        if !change.is_empty() {
            let before = Before {
                fields: change.fields.keys().map(|field| (*field, None)).collect(),
                ..Before::default()
            };
            lane.step(Stage::Converge, Action::Update { change }, &created, before);
        }
        self.add_alone(&created, &BTreeMap::new(), lane)?;
        self.welcome(&created, lane)
    }

    fn can_create(&self) -> Result<(), Vec<Guard>> {
        let mut guards = Vec::new();
        if let Support::No(reason) = &self.capability.create {
            guards.push(Guard::Impossible {
                what: "create".into(),
                reason: reason.clone(),
            });
        }
        let blank = |field: &&FieldName| {
            self.stored
                .get(field)
                .is_none_or(|value| value.trim().is_empty())
        };
        let fields = self.capability.required.iter().filter(blank);
        guards.extend(fields.map(|field| Guard::MissingField { field: *field }));
        let missing = |kind: &&GrantKind| {
            kind.holds == Holds::One { required: true } && self.wanted(kind).is_empty()
        };
        let missing = self.capability.grants.iter().filter(missing);
        guards.extend(missing.map(|kind| Guard::Missing {
            kind: kind.name.clone(),
            role_key: kind.role_key.into(),
        }));
        if guards.is_empty() {
            Ok(())
        } else {
            Err(guards)
        }
    }

    fn reopen(&self, employee: &Employee, lane: &mut Lane<'_>) -> Result<(), Vec<Guard>> {
        if let Support::No(reason) = &self.capability.reopen {
            return Err(vec![Guard::Impossible {
                what: "reopen".into(),
                reason: reason.clone(),
            }]);
        }
        let target = Target::Known(employee.at.clone());
        let update = self.change(employee, Surplus::Drop, lane)?;
        let (first, later) = update.into_iter().partition::<Vec<_>, _>(|(change, _)| {
            let mut edits = change.grants.values();
            edits.any(|edit| !edit.drop.is_empty())
        });
        for (change, before) in first {
            lane.step(Stage::Prepare, Action::Update { change }, &target, before);
        }
        for kind in self
            .capability
            .grants
            .iter()
            .filter(|kind| kind.alone.is_yes() && kind.while_suspended.is_yes())
            .filter(|kind| kind.holds == Holds::Many)
        {
            let wanted = self.wanted(kind);
            let held = self.held(kind).map_or(&[][..], Held::seen);
            let beyond: Vec<Grant> = held
                .iter()
                .filter(|grant| !wanted.iter().any(|wanted| wanted.same(grant)))
                .cloned()
                .collect();
            lane.grants(Stage::Prepare, kind, Given::Drop(&beyond), &target);
        }
        self.say_what_comes_back(lane);
        let before = Before {
            access: Some(Access::Suspended),
            ..Before::default()
        };
        lane.step(
            Stage::Reopen,
            Action::SetAccess {
                access: Access::Open,
            },
            &target,
            before,
        );
        for (change, before) in later {
            lane.step(Stage::Converge, Action::Update { change }, &target, before);
        }
        self.add_alone(&target, &self.here.held, lane)?;
        self.welcome(&target, lane)
    }

    fn say_what_comes_back(&self, lane: &mut Lane<'_>) {
        for kind in &self.capability.grants {
            let names = match self.held(kind) {
                Some(Held::Seen(_)) if kind.holds != Holds::Many && self.wants(kind) => continue,
                Some(Held::Seen(held)) => {
                    let stays = |grant: &&Grant| {
                        kind.holds != Holds::Many
                            || self.wanted(kind).iter().any(|wanted| wanted.same(grant))
                    };
                    Some(
                        held.iter()
                            .filter(stays)
                            .map(|grant| grant.name.clone())
                            .collect::<Vec<_>>(),
                    )
                }
                Some(Held::Unseen) => None,
                None => continue,
            };
            if names.as_ref().is_none_or(|names| !names.is_empty()) {
                lane.say(Said::ComesBack {
                    kind: kind.name.clone(),
                    names,
                });
            }
        }
    }

    /// Sets what is asked for on a record whose door is open.
    ///
    /// # Errors
    ///
    /// Every guard that says no.
    pub(super) fn converge(
        &self,
        employee: &Employee,
        owed: Option<&Notice>,
        lane: &mut Lane<'_>,
    ) -> Result<(), Vec<Guard>> {
        let target = Target::Known(employee.at.clone());
        if let Some((change, before)) = self.change(employee, Surplus::Keep, lane)? {
            let lost = Powers::lost_with(&change, self.capability);
            let (standing, others) = (&self.here.standing, &self.here.others);
            if let Some(guard) = guards::the_last_with(standing, employee, others, lost) {
                return Err(vec![guard]);
            }
            lane.step(Stage::Converge, Action::Update { change }, &target, before);
        }
        self.add_alone(&target, &self.here.held, lane)?;
        if let Some(notice) = owed {
            lane.step(
                Stage::Welcome,
                Action::Notify {
                    notice: notice.clone(),
                },
                &target,
                Before::default(),
            );
        }
        Ok(())
    }

    /// Everything that is written with the record, in one request.
    fn change(
        &self,
        employee: &Employee,
        surplus: Surplus,
        lane: &mut Lane<'_>,
    ) -> Result<Option<(Change, Before)>, Vec<Guard>> {
        let (mut change, mut before) = (Change::default(), Before::default());
        diff::fields(
            &self.stored,
            employee,
            self.capability,
            &mut change,
            &mut before,
            lane,
        );
        for kind in self
            .capability
            .grants
            .iter()
            .filter(|kind| !matches!(kind.on_update, Write::No(_)))
        {
            let gone = self.gone.get(&kind.name).map_or(&[][..], Vec::as_slice);
            if !self.wants(kind) && surplus == Surplus::Keep && gone.is_empty() {
                continue;
            }
            let held = self.held(kind);
            let edit = diff::grants(kind, self.wanted(kind), held, surplus)
                .map_err(|guard| vec![guard])?;
            if let Some(edit) = diff::without(edit, held, gone) {
                before
                    .grants
                    .insert(kind.name.clone(), held.map_or(&[][..], Held::seen).to_vec());
                change.grants.insert(kind.name.clone(), edit);
            }
        }
        if change.is_empty() {
            return Ok(None);
        }
        if let Support::No(reason) = &self.capability.update {
            return Err(vec![Guard::Impossible {
                what: "update".into(),
                reason: reason.clone(),
            }]);
        }
        Ok(Some((change, before)))
    }

    /// The grants that are given by themselves, except those that come with another grant of the role, such as the chats of a tag.
    fn add_alone(
        &self,
        target: &Target,
        held: &BTreeMap<KindName, Held>,
        lane: &mut Lane<'_>,
    ) -> Result<(), Vec<Guard>> {
        for kind in self
            .capability
            .grants
            .iter()
            .filter(|kind| kind.alone.is_yes() && self.wants(kind))
        {
            let wanted: Vec<Grant> = self
                .wanted(kind)
                .iter()
                .filter(|grant| !self.comes_with_another(kind, grant))
                .cloned()
                .collect();
            let edit = diff::grants(kind, &wanted, held.get(&kind.name), Surplus::Keep)
                .map_err(|guard| vec![guard])?;
            let edit = edit.unwrap_or_default();
            let given = Given::Add {
                new: &edit.add,
                old: &edit.drop,
            };
            lane.grants(Stage::Converge, kind, given, target);
        }
        Ok(())
    }

    fn comes_with_another(&self, kind: &GrantKind, grant: &Grant) -> bool {
        resolve::comes_with(kind, grant, &self.targets, self.here)
    }

    /// # Errors
    ///
    /// A guard when a right of ours is missing: who has been let in is not greeted by a later run.
    fn welcome(&self, target: &Target, lane: &mut Lane<'_>) -> Result<(), Vec<Guard>> {
        let Some(text) = &self.section.welcome else {
            return Ok(());
        };
        match &self.capability.notify {
            Support::Yes => {
                let notice = Notice::new(text.clone());
                lane.step(
                    Stage::Welcome,
                    Action::Notify { notice },
                    target,
                    Before::default(),
                );
            }
            Support::No(reason) if reason.lacks_a_right() => {
                return Err(vec![Guard::Impossible {
                    what: "welcome".into(),
                    reason: reason.clone(),
                }]);
            }
            Support::No(reason) => lane.say(Said::NoWelcome {
                reason: reason.clone(),
            }),
        }
        Ok(())
    }

    pub(super) fn wants(&self, kind: &GrantKind) -> bool {
        self.targets.contains_key(&kind.name)
    }

    pub(super) fn wanted(&self, kind: &GrantKind) -> &[Grant] {
        self.targets.get(&kind.name).map_or(&[], Vec::as_slice)
    }

    /// Returns what is held of a kind when everything has been given.
    pub(super) fn then_held(&self, kind: &GrantKind) -> Vec<Grant> {
        let mut held = self.held(kind).map_or(&[][..], Held::seen).to_vec();
        for grant in self.wanted(kind) {
            if !held.iter().any(|held| held.same(grant)) {
                held.push(grant.clone());
            }
        }
        held
    }

    pub(super) const fn capability(&self) -> &Capability {
        self.capability
    }

    fn held(&self, kind: &GrantKind) -> Option<&Held> {
        self.here.held.get(&kind.name)
    }
}
