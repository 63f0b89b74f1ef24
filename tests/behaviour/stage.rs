//! Where a case is played: a provider as its callers see it, and what lies behind it.

use std::sync::Arc;

use kadry_core::memory::{Memory, presets};
use kadry_core::{
    Connect as _, Email, Employee, EmployeeProvider, EmployeeRef, FieldName, Fields, Foresight,
    Gate, Grant, GrantKind, Holds, KindName, MatchKey, Offer, ProviderId, ReadBy, RemoteId, Wish,
    every,
};
use kadry_emulator::Options;

use crate::far::{Far, memory_row};
use crate::support::platforms::{PLATFORMS, Platform};
use crate::support::world::{Reach, World};

/// Enough for more than one page of every platform.
const PEOPLE: u32 = 90;

/// The service account where there is no other.
const SERVICE: &str = "svc@example.test";

/// Where cases are played.
#[derive(Clone, Copy)]
pub(crate) enum Ground {
    /// In memory, under one of the presets.
    Memory(&'static str),
    /// Over a real backend, against its strict emulator.
    Emulated(&'static Platform),
}

impl Ground {
    pub(crate) fn all() -> Vec<Self> {
        let in_memory = presets().into_iter().map(|(name, _)| Self::Memory(name));
        in_memory
            .chain(PLATFORMS.iter().map(Self::Emulated))
            .collect()
    }

    pub(crate) fn name(self) -> String {
        match self {
            Self::Memory(preset) => format!("memory_{preset}"),
            Self::Emulated(platform) => platform.kind.to_owned(),
        }
    }

    pub(crate) const fn has_wire(self) -> bool {
        matches!(self, Self::Emulated(_))
    }

    pub(crate) async fn open(self) -> Stage {
        match self {
            Self::Memory(preset) => {
                let memory = in_memory(preset);
                Stage {
                    provider: Arc::new(Gate::new(Arc::new(memory.clone()))),
                    far: Far::Memory(memory),
                }
            }
            Self::Emulated(platform) => {
                let world = World::new(&Options {
                    people: PEOPLE,
                    ..Options::default()
                });
                let reach = reach(&world, platform).await;
                Stage {
                    provider: reach.connect(Foresight::default()).await.unwrap(),
                    far: Far::Emulated(Box::new(world), platform),
                }
            }
        }
    }
}

fn in_memory(preset: &str) -> Memory {
    let (name, capability) = presets()
        .into_iter()
        .find(|(name, _)| *name == preset)
        .unwrap();
    let memory = Memory::new(ProviderId::new(name), capability.clone());
    for kind in capability
        .grants
        .iter()
        .filter(|kind| kind.catalogue.is_yes())
    {
        for name in ["Первое", "Второе", "Третье"] {
            memory.offer(&kind.name, &[name]);
        }
    }
    for number in 0..5 {
        let email = format!("somebody-{number}@example.test");
        memory_row(&memory, &email, &format!("emp-{number}"), number % 2 == 1);
    }
    let own = memory_row(&memory, SERVICE, "svc", false);
    memory.own(&own);
    memory
}

/// Returns a way to reach one platform.
pub(crate) async fn reach(world: &World, platform: &Platform) -> Reach {
    let mut reaches = world.reaches().await.into_iter();
    reaches
        .find(|reach| reach.platform.kind == platform.kind)
        .unwrap()
}

/// Demands that the suites know every platform that can be emulated, and no other.
pub(crate) fn check_rows() {
    let emulated: Vec<_> = kadry_emulator::ALL
        .iter()
        .map(|platform| platform.kind)
        .collect();
    let known: Vec<_> = PLATFORMS.iter().map(|platform| platform.kind).collect();
    assert_eq!(known, emulated);
}

/// A provider behind its gate, and its far side.
pub(crate) struct Stage {
    pub(crate) provider: Arc<dyn EmployeeProvider>,
    pub(crate) far: Far,
}

impl Stage {
    /// Returns a wish for somebody new that the platform would keep as it is, with the grants without which nobody can be.
    pub(crate) async fn wish(&self, who: &str) -> Wish {
        let mut wish = Wish {
            fields: self.kept(&joining(who)),
            ..Wish::default()
        };
        let capability = self.provider.capability();
        wish.fields
            .retain(|field, _| capability.creates(*field).is_yes());
        for kind in &capability.grants {
            if kind.holds == (Holds::One { required: true }) && kind.on_create.is_yes() {
                let offered = self.grantable(kind).await;
                wish.grants
                    .insert(kind.name.clone(), vec![offered[0].clone()]);
            }
        }
        wish
    }

    /// Returns what the platform would keep of these values.
    pub(crate) fn kept(&self, fields: &Fields) -> Fields {
        let review = self.provider.review(&Wish {
            fields: fields.clone(),
            ..Wish::default()
        });
        assert_eq!(review.refused, []);
        review.stored
    }

    /// Makes somebody new, as any caller would.
    pub(crate) async fn somebody(&self, who: &str) -> Employee {
        let wish = self.wish(who).await;
        self.provider.create(&wish).await.unwrap()
    }

    /// Returns the record as it is now.
    pub(crate) async fn now(&self, who: &EmployeeRef) -> Employee {
        self.provider
            .get(who)
            .await
            .unwrap()
            .expect("the record is there")
    }

    pub(crate) async fn find(&self, key: &MatchKey) -> Vec<Employee> {
        every(|from| async move { self.provider.find(key, from.as_ref()).await })
            .await
            .unwrap()
    }

    pub(crate) async fn everybody(&self) -> Vec<Employee> {
        every(|from| async move { self.provider.list(from.as_ref()).await })
            .await
            .unwrap()
    }

    pub(crate) async fn offers(&self, kind: &KindName) -> Vec<Offer> {
        every(|from| async move { self.provider.catalogue(kind, from.as_ref()).await })
            .await
            .unwrap()
    }

    /// Lists what can be granted; where the platform has no list, what is lying about on the far side.
    pub(crate) async fn grantable(&self, kind: &GrantKind) -> Vec<Grant> {
        if !kind.catalogue.is_yes() {
            return self.far.lying_about(&kind.name);
        }
        let offers = self.offers(&kind.name).await;
        offers
            .into_iter()
            .map(|offer| Grant {
                kind: kind.name.clone(),
                id: Some(offer.id),
                name: offer.name,
                value: (kind.holds == Holds::Values).then(|| "42".to_owned()),
            })
            .collect()
    }

    /// Returns what somebody holds, read in the way of the kind.
    pub(crate) async fn held(&self, kind: &GrantKind, who: &EmployeeRef) -> Vec<Grant> {
        match kind.read {
            ReadBy::WithEmployee => {
                let now = self.now(who).await;
                now.granted(&kind.name).expect("the kind is shown").to_vec()
            }
            ReadBy::EachPerson => self.provider.held(&kind.name, who).await.unwrap(),
            ReadBy::Catalogue => {
                let offers = self.offers(&kind.name).await;
                let holds = |offer: &Offer| offer.holders.as_ref().unwrap().contains(&who.id);
                offers
                    .into_iter()
                    .filter(holds)
                    .map(|offer| Grant {
                        kind: kind.name.clone(),
                        id: Some(offer.id),
                        name: offer.name,
                        value: None,
                    })
                    .collect()
            }
        }
    }

    /// Names a record that is not there, in the manner of the platform's ids.
    pub(crate) async fn nobody(&self) -> EmployeeRef {
        let own = self.provider.whoami().await.unwrap().own.unwrap();
        let numbers = own.id.as_str().bytes().all(|byte| byte.is_ascii_digit());
        EmployeeRef {
            id: RemoteId::new(if numbers {
                "999999999"
            } else {
                "99999999-9999-4999-8999-999999999999"
            }),
            settled: true,
            keys: vec![key("nobody")],
        }
    }
}

/// Returns the e-mail by which somebody is known in a case.
pub(crate) fn email(who: &str) -> String {
    format!("{who}@example.test")
}

pub(crate) fn key(who: &str) -> MatchKey {
    MatchKey::Email(Email::parse(&email(who)).unwrap())
}

/// Returns the values of somebody who joins.
fn joining(who: &str) -> Fields {
    [
        (FieldName::Email, email(who)),
        (FieldName::ExternalId, format!("emp-{who}")),
        (FieldName::LastName, "Проверкина".to_owned()),
        (FieldName::FirstName, "Вера".to_owned()),
        (FieldName::MiddleName, "Тестовна".to_owned()),
        (FieldName::Phone, "+70000000042".to_owned()),
        (FieldName::Title, "Бухгалтер".to_owned()),
        (FieldName::Department, "Бухгалтерия".to_owned()),
    ]
    .into()
}
