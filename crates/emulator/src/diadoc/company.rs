//! The box as Diadoc keeps it: global users, employees, departments, powers of attorney and mails.

use std::collections::{BTreeMap, BTreeSet};

use prost::Enumeration;
use serde::Serialize;

use super::proto;
use crate::seed;

/// The id of the head department, and the parent of departments directly under it.
pub(super) const HEAD: &str = "00000000-0000-0000-0000-000000000000";

/// The rights of an employee, in the order in which Diadoc lists them.
pub(super) const ACTIONS: [&str; 9] = [
    "CreateDocuments",
    "DeleteRestoreDocuments",
    "SignDocuments",
    "AddResolutions",
    "RequestResolutions",
    "ManageCounteragents",
    "AttachUniversalMessages",
    "UseGoskey",
    "CreatePaymentOrders",
];

/// The mailings that an employee may take.
pub(super) const SUBSCRIPTIONS: [&str; 10] = [
    "CounteragentInvitation",
    "CounteragentInvitationResponses",
    "NewIncomingDocuments",
    "CounteragentSignatures",
    "CounteragentSignatureDenials",
    "ResolutionRequests",
    "ResolutionResults",
    "EmployeeRequests",
    "News",
    "ChatMessages",
];

/// Which documents an employee sees, with the numbers of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration, Serialize)]
#[repr(i32)]
pub(super) enum Level {
    DepartmentOnly = 0,
    DepartmentAndSubdepartments = 1,
    AllDocuments = 2,
    SelectedDepartments = 3,
}

impl Level {
    /// Every level, each at the index that is its number on the wire.
    pub(super) const ALL: [Self; 4] = [
        Self::DepartmentOnly,
        Self::DepartmentAndSubdepartments,
        Self::AllDocuments,
        Self::SelectedDepartments,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::DepartmentOnly => "DepartmentOnly",
            Self::DepartmentAndSubdepartments => "DepartmentAndSubdepartments",
            Self::AllDocuments => "AllDocuments",
            Self::SelectedDepartments => "SelectedDepartments",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// The place of a global user in [`Company::users`]; unlike the user's id it never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct UserKey(pub(super) usize);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FullName {
    pub(super) last: String,
    pub(super) first: String,
    pub(super) middle: Option<String>,
}

/// An account that exists beyond this box: deleting the employee leaves it.
#[derive(Clone, Debug)]
pub(super) struct User {
    pub(super) id: String,
    /// Those who sign in only with a certificate have none.
    pub(super) login: Option<String>,
    /// The SHA-256 of the certificate that they were made known by.
    pub(super) certificate: Option<[u8; 32]>,
    pub(super) name: FullName,
    pub(super) registered: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Employee {
    pub(super) user: UserKey,
    pub(super) department: String,
    pub(super) administrator: bool,
    pub(super) level: Level,
    pub(super) selected: Vec<String>,
    pub(super) actions: BTreeMap<&'static str, bool>,
    pub(super) blocked: bool,
    pub(super) comment: Option<String>,
    pub(super) position: String,
    pub(super) chat: bool,
    pub(super) created_ms: i64,
    /// Their id with the organisation's own sign-in provider, for those who registered through it.
    pub(super) external_id: Option<String>,
    pub(super) subscriptions: BTreeMap<&'static str, bool>,
    pub(super) attached: Vec<Attached>,
    /// Powers of attorney that were attached once and are not any more.
    pub(super) detached: BTreeSet<usize>,
    /// When each attachment was made: their number per day is limited.
    pub(super) attachments_ms: Vec<i64>,
}

impl Employee {
    pub(super) fn new(user: UserKey, created_ms: i64) -> Self {
        Self {
            user,
            department: HEAD.to_owned(),
            administrator: false,
            level: Level::DepartmentOnly,
            selected: Vec::new(),
            actions: ACTIONS.iter().map(|name| (*name, false)).collect(),
            blocked: false,
            comment: None,
            position: String::new(),
            chat: false,
            created_ms,
            external_id: None,
            subscriptions: SUBSCRIPTIONS
                .iter()
                .map(|id| (*id, *id != "News"))
                .collect(),
            attached: Vec::new(),
            detached: BTreeSet::new(),
            attachments_ms: Vec::new(),
        }
    }

    /// Allows exactly these actions.
    pub(super) fn allow(&mut self, allowed: &[impl AsRef<str>]) {
        for (name, is_allowed) in &mut self.actions {
            *is_allowed = allowed.iter().any(|one| one.as_ref() == *name);
        }
    }

    /// Reports whether an action is allowed.
    pub(super) fn may(&self, action: &str) -> bool {
        self.actions.get(action) == Some(&true)
    }

    /// Puts a power of attorney into the list; there is one default at most.
    pub(super) fn attach(&mut self, attached: Attached) {
        if attached.default {
            for other in &mut self.attached {
                other.default = false;
            }
        }
        self.detached.remove(&attached.power);
        self.attached.push(attached);
    }

    /// Reports whether this employee can administer the box.
    pub(super) fn leads(&self) -> bool {
        self.administrator && !self.blocked
    }
}

/// A power of attorney in an employee's list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attached {
    /// The index in [`Company::powers`].
    pub(super) power: usize,
    pub(super) default: bool,
}

/// A power of attorney (МЧД) in the tax service's registry, attached to somebody or not.
#[derive(Clone, Debug)]
pub(super) struct Power {
    pub(super) registration_number: String,
    pub(super) issuer_inn: String,
    pub(super) representative_inn: String,
    pub(super) representative: FullName,
    pub(super) start_ms: i64,
    pub(super) expire_ms: i64,
    pub(super) revoked: bool,
    /// Since when Diadoc knows it; the registry knows more than Diadoc was told of.
    pub(super) known_ms: Option<i64>,
}

impl Power {
    pub(super) fn is_known(&self, now_ms: i64) -> bool {
        self.known_ms.is_some_and(|since_ms| since_ms <= now_ms)
    }

    /// Reports whether it is in force or will be.
    pub(super) fn is_actual(&self, now_ms: i64) -> bool {
        !self.revoked && self.expire_ms > now_ms
    }

    /// Returns the status as Diadoc words it.
    pub(super) fn status(&self, now_ms: i64) -> &'static str {
        if self.revoked {
            "revoked"
        } else if self.expire_ms <= now_ms {
            "expired"
        } else if self.start_ms > now_ms {
            "created"
        } else {
            "active"
        }
    }
}

/// A wish that Diadoc look a power of attorney up in the registry.
#[derive(Clone, Debug)]
pub(super) struct Registration {
    pub(super) task: String,
    pub(super) by: UserKey,
    /// The index in [`Company::powers`], if the registry has it.
    pub(super) power: Option<usize>,
    pub(super) asked_ms: i64,
    /// When the answer is there.
    pub(super) done_ms: i64,
}

#[derive(Clone, Debug)]
pub(super) struct Department {
    pub(super) id: String,
    pub(super) parent: String,
    pub(super) name: String,
    pub(super) abbreviation: String,
    pub(super) kpp: Option<String>,
    pub(super) address: Option<proto::Address>,
    pub(super) routes_by_kpp: bool,
    pub(super) routes_by_address: bool,
    pub(super) created_ms: i64,
}

/// A mail that Diadoc would have sent.
#[derive(Clone, Debug)]
pub(super) struct Mail {
    pub(super) to: String,
    pub(super) about: &'static str,
    pub(super) at_ms: i64,
}

/// One organisation with its one box, and the global users that it has met.
#[derive(Clone, Debug)]
pub(super) struct Company {
    pub(super) seed: u64,
    pub(super) box_id: String,
    pub(super) organization_id: String,
    /// Whether the organisation stopped paying for the API.
    pub(super) subscription_ended: bool,
    pub(super) users: Vec<User>,
    /// In order of creation.
    pub(super) employees: Vec<Employee>,
    /// Users who were employees here and were deleted.
    pub(super) gone: BTreeSet<UserKey>,
    /// In order of creation, without the head department.
    pub(super) departments: Vec<Department>,
    pub(super) powers: Vec<Power>,
    pub(super) registrations: Vec<Registration>,
    pub(super) mails: Vec<Mail>,
    minted: u64,
}

impl Company {
    pub(super) const FULL_NAME: &'static str = "ООО «Ромашка»";
    pub(super) const HEAD_NAME: &'static str = "Головное подразделение";
    pub(super) const INN: &'static str = "9600000016";
    pub(super) const KPP: &'static str = "960001001";
    pub(super) const OGRN: &'static str = "1000000000016";

    pub(super) fn new(seed: u64) -> Self {
        Self {
            seed,
            box_id: seed::uuid(seed, "diadoc.box"),
            organization_id: seed::uuid(seed, "diadoc.organization"),
            subscription_ended: false,
            users: Vec::new(),
            employees: Vec::new(),
            gone: BTreeSet::new(),
            departments: Vec::new(),
            powers: Vec::new(),
            registrations: Vec::new(),
            mails: Vec::new(),
            minted: 0,
        }
    }

    /// Returns an id that nothing else has; the sequence follows from the seed.
    pub(super) fn mint(&mut self) -> String {
        self.minted += 1;
        seed::uuid(self.seed, &format!("diadoc.id.{}", self.minted))
    }

    pub(super) fn user(&self, key: UserKey) -> Option<&User> {
        self.users.get(key.0)
    }

    pub(super) fn user_by_login(&self, login: &str) -> Option<UserKey> {
        let login = login.trim().to_lowercase();
        self.users
            .iter()
            .position(|user| {
                let has = user.login.as_ref().map(|has| has.to_lowercase());
                has.as_ref() == Some(&login)
            })
            .map(UserKey)
    }

    pub(super) fn user_by_certificate(&self, print: [u8; 32]) -> Option<UserKey> {
        self.users
            .iter()
            .position(|user| user.certificate == Some(print))
            .map(UserKey)
    }

    /// Finds by the current id: the id from before a registration belongs to nobody.
    pub(super) fn user_by_id(&self, id: &str) -> Option<UserKey> {
        self.users
            .iter()
            .position(|user| user.id == id)
            .map(UserKey)
    }

    /// Returns the key of the user who will be added next.
    pub(super) fn next_user(&self) -> UserKey {
        UserKey(self.users.len())
    }

    pub(super) fn add_user(
        &mut self,
        login: Option<&str>,
        name: FullName,
        registered: bool,
    ) -> UserKey {
        let key = self.next_user();
        let id = self.mint();
        self.users.push(User {
            id,
            login: login.map(|login| login.trim().to_owned()),
            certificate: None,
            name,
            registered,
        });
        key
    }

    /// Confirms a user's e-mail, which gives an unregistered user another id.
    pub(super) fn register(&mut self, key: UserKey) {
        let id = self.mint();
        if let Some(user) = self.users.get_mut(key.0).filter(|user| !user.registered) {
            user.registered = true;
            user.id = id;
        }
    }

    pub(super) fn user_mut(&mut self, key: UserKey) -> Option<&mut User> {
        self.users.get_mut(key.0)
    }

    pub(super) fn employee(&self, user: UserKey) -> Option<&Employee> {
        self.employees.iter().find(|employee| employee.user == user)
    }

    pub(super) fn employee_mut(&mut self, user: UserKey) -> Option<&mut Employee> {
        self.employees
            .iter_mut()
            .find(|employee| employee.user == user)
    }

    /// Lists registered employees first, then the others, each by creation.
    pub(super) fn employees_in_order(&self) -> Vec<&Employee> {
        let mut list: Vec<&Employee> = self.employees.iter().collect();
        list.sort_by_key(|employee| {
            let registered = self.user(employee.user).is_some_and(|user| user.registered);
            (!registered, employee.created_ms)
        });
        list
    }

    /// Reports whether somebody else could still administer the box.
    pub(super) fn led_without(&self, user: UserKey) -> bool {
        self.employees
            .iter()
            .any(|employee| employee.user != user && employee.leads())
    }

    /// Opens a department and returns its id.
    pub(super) fn add_department(
        &mut self,
        parent: &str,
        name: &str,
        abbreviation: &str,
        created_ms: i64,
    ) -> String {
        let id = self.mint();
        self.departments.push(Department {
            id: id.clone(),
            parent: parent.to_owned(),
            name: name.to_owned(),
            abbreviation: abbreviation.to_owned(),
            kpp: None,
            address: None,
            routes_by_kpp: false,
            routes_by_address: false,
            created_ms,
        });
        id
    }

    /// Makes a power of attorney of this organisation known and returns its index.
    pub(super) fn add_power(
        &mut self,
        holder: Option<UserKey>,
        expired: bool,
        now_ms: i64,
    ) -> usize {
        const DAY_MS: i64 = 86_400_000;
        let start_ms = now_ms - if expired { 366 } else { 30 } * DAY_MS;
        let power = Power {
            registration_number: self.mint(),
            issuer_inn: Self::INN.to_owned(),
            // A tax number of nobody: there is no region 96.
            representative_inn: format!("96{:010}", holder.map_or(0, |user| user.0 + 1)),
            representative: holder
                .and_then(|user| self.user(user))
                .map(|user| user.name.clone())
                .unwrap_or_default(),
            start_ms,
            expire_ms: start_ms + 365 * DAY_MS,
            revoked: false,
            known_ms: Some(start_ms),
        };
        self.powers.push(power);
        self.powers.len() - 1
    }

    pub(super) fn department(&self, id: &str) -> Option<&Department> {
        self.departments
            .iter()
            .find(|department| department.id == id)
    }

    pub(super) fn has_department(&self, id: &str) -> bool {
        id == HEAD || self.department(id).is_some()
    }

    pub(super) fn department_name(&self, id: &str) -> &str {
        self.department(id)
            .map_or(Self::HEAD_NAME, |department| &department.name)
    }
}
