//! Roles, and the names that departments have on each platform.

use std::collections::BTreeMap;

use kadry_core::{FieldName, Fields, ProviderId, fold, nearest};
use kadry_flow::intent::RoleSection;

use super::document::{self, Key, Node};
use super::mistake::{Mistake, Wanted, What};
use super::registry::{KINDS, Kind};

/// The keys of a role that name no platform.
pub(crate) const ROLE_KEYS: [&str; 3] = ["title", "department", CREATE_MISSING];

/// The keys of a role's section that name no grants.
pub(crate) const SECTION_KEYS: [&str; 3] = ["invite", "welcome", CREATE_MISSING];

/// Whether what a role names is made where it is missing: the key of a role for all its sections, and of each section.
const CREATE_MISSING: &str = "create_missing";

/// The values that a welcome may name between braces.
const BLANKS: [FieldName; 6] = [
    FieldName::FirstName,
    FieldName::MiddleName,
    FieldName::LastName,
    FieldName::Email,
    FieldName::Title,
    FieldName::Department,
];

/// What a role gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Role {
    /// The job title.
    pub(crate) title: Option<String>,
    /// The department.
    pub(crate) department: Option<String>,
    /// Whether what is missing is made, where a section does not say it.
    create_missing: bool,
    /// What it gives on each platform, by the name of a provider or of a kind.
    places: BTreeMap<String, Asked>,
}

/// What a role gives on one platform.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Asked {
    grants: BTreeMap<String, Vec<String>>,
    values: BTreeMap<String, BTreeMap<String, String>>,
    create_missing: Option<bool>,
    invite: Option<bool>,
    welcome: Option<String>,
}

/// The names of one department, by the name of a provider or of a kind, and by the key of a role's section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Aliases(BTreeMap<String, BTreeMap<String, Vec<String>>>);

/// The kinds of the configured platforms, by name; a section names either.
pub(crate) type Places = BTreeMap<ProviderId, &'static Kind>;

fn place(key: &Key<'_>, places: &Places) -> Result<&'static Kind, Mistake> {
    let name = key.get_ref().as_ref();
    let by_kind = || KINDS.iter().find(|kind| kind.name == name);
    let found = places.get(&ProviderId::new(name)).copied().or_else(by_kind);
    found.ok_or_else(|| {
        let known = places.keys().map(ProviderId::as_str);
        let known = known.chain(KINDS.iter().map(|kind| kind.name));
        let what = What::UnknownPlace {
            name: name.to_owned(),
            nearest: nearest(name, known.chain(ROLE_KEYS)).map(str::to_owned),
        };
        Mistake::at(key, what)
    })
}

/// Returns what stands for a platform: under its own name, else under the name of its kind.
fn stands_for<'a, T>(
    by_place: &'a BTreeMap<String, T>,
    id: &ProviderId,
    kind: &Kind,
) -> Option<&'a T> {
    by_place
        .get(id.as_str())
        .or_else(|| by_place.get(kind.name))
}

impl Role {
    /// Reads one `[roles.NAME]` table.
    ///
    /// # Errors
    ///
    /// The first mistake in it.
    pub(crate) fn read(node: Node<'_>, places: &Places) -> Result<Self, Mistake> {
        let mut role = Self::default();
        for (key, value) in document::table(node)? {
            match key.get_ref().as_ref() {
                "title" => role.title = Some(document::parsed(&value, Wanted::Text)?),
                "department" => role.department = Some(document::parsed(&value, Wanted::Text)?),
                CREATE_MISSING => role.create_missing = document::read(value)?,
                name => {
                    let asked = Asked::read(value, place(&key, places)?)?;
                    role.places.insert(name.to_owned(), asked);
                }
            }
        }
        Ok(role)
    }

    /// Returns the values of a person with the role's where the person has none of their own.
    pub(crate) fn fill(&self, given: &Fields) -> Fields {
        let mut fields = given.clone();
        let own = [
            (FieldName::Title, &self.title),
            (FieldName::Department, &self.department),
        ];
        for (field, value) in own {
            if let Some(value) = value {
                fields.entry(field).or_insert_with(|| value.clone());
            }
        }
        fields
    }

    /// Reports whether a person is in another department than this role puts people into.
    pub(crate) fn is_left_by(&self, fields: &Fields) -> bool {
        let own = self.department.as_deref().map(fold);
        let given = fields.get(&FieldName::Department).map(|name| fold(name));
        given.is_some() && given != own
    }

    /// Returns what the role gives on one platform; none when it does not speak of it.
    pub(crate) fn section(
        &self,
        id: &ProviderId,
        kind: &Kind,
        fields: &Fields,
    ) -> Option<RoleSection> {
        let asked = stands_for(&self.places, id, kind)?;
        Some(RoleSection {
            values: asked.values.clone(),
            create_missing: asked.create_missing.unwrap_or(self.create_missing),
            grants: asked.grants.clone(),
            quiet: asked.invite == Some(false),
            welcome: asked.welcome.as_ref().map(|text| filled(text, fields)),
            outvoted: None,
        })
    }
}

impl Asked {
    fn read(node: Node<'_>, kind: &Kind) -> Result<Self, Mistake> {
        let mut asked = Self::default();
        for (key, value) in document::table(node)? {
            match key.get_ref().as_ref() {
                "invite" => asked.invite = Some(document::read(value)?),
                "welcome" => asked.welcome = Some(welcome(&value)?),
                CREATE_MISSING => asked.create_missing = Some(document::read(value)?),
                name if kind.value_keys.contains(&name) => {
                    asked
                        .values
                        .insert(name.to_owned(), document::texts(value)?);
                }
                name if kind.role_keys.contains(&name) => {
                    let names = document::names(&value)?;
                    let makes = |asked: &&String| {
                        let known = kind.administrators.iter();
                        let mut known = known.filter(|(key, _)| *key == name);
                        known.any(|(_, role)| fold(role) == fold(asked))
                    };
                    if let Some(asked) = names.iter().find(makes) {
                        let what = What::AdministratorRole(asked.clone());
                        return Err(Mistake::at(&value, what));
                    }
                    asked.grants.insert(name.to_owned(), names);
                }
                _ => {
                    let known = kind.role_keys.iter().copied().chain(SECTION_KEYS);
                    return Err(Mistake::unknown_key(&key, known));
                }
            }
        }
        Ok(asked)
    }
}

impl Aliases {
    /// Reads one `[departments."NAME"]` table.
    ///
    /// # Errors
    ///
    /// The first mistake in it.
    pub(crate) fn read(node: Node<'_>, places: &Places) -> Result<Self, Mistake> {
        let mut aliases = Self::default();
        for (key, value) in document::table(node)? {
            let kind = place(&key, places)?;
            let mut names = BTreeMap::new();
            let known = || {
                let keys = kind.role_keys.iter().copied();
                keys.filter(|key| !kind.value_keys.contains(key))
            };
            for (inner, value) in document::table(value)? {
                if !known().any(|key| key == inner.get_ref().as_ref()) {
                    return Err(Mistake::unknown_key(&inner, known()));
                }
                names.insert(inner.get_ref().to_string(), document::names(&value)?);
            }
            aliases.0.insert(key.get_ref().to_string(), names);
        }
        Ok(aliases)
    }

    /// Adds the department's names on one platform to a section. Where the role names the same thing itself the role wins, unless the
    /// person is in this department by their own right and not by the role's.
    pub(crate) fn extend(
        &self,
        section: &mut RoleSection,
        id: &ProviderId,
        kind: &Kind,
        by_own_right: bool,
    ) {
        for (key, names) in stands_for(&self.0, id, kind).into_iter().flatten() {
            if by_own_right || !section.grants.contains_key(key) {
                section.grants.insert(key.clone(), names.clone());
            }
        }
    }
}

/// The departments of the configuration, found by folded name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Departments(BTreeMap<String, Aliases>);

impl Departments {
    /// Adds a department.
    pub(crate) fn insert(&mut self, name: &str, aliases: Aliases) {
        self.0.insert(fold(name), aliases);
    }

    /// Returns how a department is called on a platform under a key, where the configuration says so.
    pub(crate) fn there(
        &self,
        name: &str,
        id: &ProviderId,
        kind: &Kind,
        key: &str,
    ) -> Option<&str> {
        let named = stands_for(&self.0.get(&fold(name))?.0, id, kind)?;
        named.get(key)?.first().map(String::as_str)
    }

    /// Returns the names of the department that a person is in.
    pub(crate) fn of(&self, fields: &Fields) -> Option<&Aliases> {
        self.0.get(&fold(fields.get(&FieldName::Department)?))
    }
}

/// The parts of a welcome: texts, and between them the names in braces.
fn parts(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    text.split('{')
        .enumerate()
        .map(|(number, part)| match part.split_once('}') {
            Some((name, rest)) if number > 0 => (rest, Some(name)),
            Some(_) | None => (part, None),
        })
}

fn welcome(node: &Node<'_>) -> Result<String, Mistake> {
    let text: String = document::parsed(node, Wanted::Text)?;
    let known = || BLANKS.into_iter().map(FieldName::as_str);
    let unknown = parts(&text)
        .filter_map(|(_, name)| name)
        .find(|name| !known().any(|known| known == *name));
    if let Some(name) = unknown {
        let what = What::UnknownBlank {
            name: name.to_owned(),
            nearest: nearest(name, known()).map(str::to_owned),
        };
        return Err(Mistake::at(node, what));
    }
    Ok(text)
}

/// Returns the text with the person's values in place of the names. A value that is not known takes the comma before it along.
fn filled(text: &str, fields: &Fields) -> String {
    let mut filled = String::new();
    for (rest, name) in parts(text) {
        let field = name.and_then(|name| BLANKS.into_iter().find(|blank| blank.as_str() == name));
        if let Some(field) = field {
            match fields.get(&field) {
                Some(value) => filled.push_str(value),
                None => filled.truncate(filled.trim_end_matches([' ', ',']).len()),
            }
        }
        filled.push_str(rest);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_welcome_names_the_person_and_closes_up_without_a_name() {
        let text = "Добро пожаловать, {first_name}!";
        let anna = Fields::from([(FieldName::FirstName, "Анна".to_owned())]);
        assert_eq!(filled(text, &anna), "Добро пожаловать, Анна!");
        assert_eq!(filled(text, &Fields::new()), "Добро пожаловать!");
    }
}
