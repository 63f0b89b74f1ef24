//! The configuration: read, checked, and asked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use kadry_core::{Email, FieldName, Fields, KindName, ProviderId, nearest};
use kadry_flow::intent::RoleSection;

use super::document::{self, Key, Node};
use super::fault::Fault;
use super::limits::{self, Limit};
use super::mistake::{Mistake, Wanted, What};
use super::provider::Provider;
use super::registry::RosterKeys;
use super::roles::{Aliases, Departments, Places, ROLE_KEYS, Role};
use crate::error::{self, Failure};
use crate::words::Words;

/// The keys at the top.
pub(super) const TOP: [&str; 6] = [
    "organisation",
    "providers",
    "roles",
    "departments",
    "limits",
    "protect",
];

/// The keys of `[protect]`.
pub(super) const PROTECT: [&str; 2] = ["exempt", "privileged"];

/// The configuration, read and checked.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// What names the store.
    pub(crate) organisation: Option<String>,
    /// The platforms.
    pub(crate) providers: BTreeMap<ProviderId, Provider>,
    /// How many people changes may concern.
    pub(crate) limits: Vec<Limit>,
    /// Who is never touched.
    pub(crate) exempt: Vec<Email>,
    /// Who is touched only with `--privileged`.
    pub(crate) privileged: Vec<Email>,
    roles: BTreeMap<String, Role>,
    departments: Departments,
}

/// One configured platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProviderRow {
    /// The operator's name of it.
    pub(crate) id: ProviderId,
    /// Its kind.
    pub(crate) kind: &'static str,
    /// Whether it is used.
    pub(crate) enabled: bool,
}

impl Config {
    /// Reads the text of a configuration.
    ///
    /// # Errors
    ///
    /// The first mistake, with its line.
    pub(crate) fn parse(text: &str, path: &Path) -> Result<Self, Fault> {
        Self::read(text).map_err(|mistake| Fault::Mistake {
            path: path.to_owned(),
            line: mistake.line(text),
            what: mistake.what,
        })
    }

    fn read(text: &str) -> Result<Self, Mistake> {
        let mut config = Self::default();
        let (mut roles, mut departments) = (None, None);
        for (key, value) in document::parse(text)? {
            match key.get_ref().as_ref() {
                "organisation" => config.organisation = Some(name(&value)?),
                "providers" => config.read_providers(value)?,
                "roles" => roles = Some(value),
                "departments" => departments = Some(value),
                "limits" => config.limits = limits::read(value)?,
                "protect" => config.read_protect(value)?,
                _ => return Err(Mistake::unknown_key(&key, TOP)),
            }
        }
        // What roles and departments say is checked against the platforms, wherever those stand in the file.
        let places = config.places();
        for (key, value) in tables(roles)? {
            let role = Role::read(value, &places)?;
            config.roles.insert(key.get_ref().to_string(), role);
        }
        for (key, value) in tables(departments)? {
            let aliases = Aliases::read(value, &places)?;
            config.departments.insert(key.get_ref(), aliases);
        }
        Ok(config)
    }

    fn read_providers(&mut self, node: Node<'_>) -> Result<(), Mistake> {
        for (key, value) in document::table(node)? {
            let id = ProviderId::new(provider_name(&key)?);
            let provider = Provider::read(value)?;
            if provider.shared.enabled && provider.is_plain() {
                return Err(Mistake::at(&key, What::PlainHttp(id.to_string())));
            }
            self.providers.insert(id, provider);
        }
        Ok(())
    }

    fn read_protect(&mut self, node: Node<'_>) -> Result<(), Mistake> {
        for (key, value) in document::table(node)? {
            if !PROTECT.contains(&key.get_ref().as_ref()) {
                return Err(Mistake::unknown_key(&key, PROTECT));
            }
            let emails = emails(&value)?;
            match key.get_ref().as_ref() {
                "exempt" => self.exempt = emails,
                _ => self.privileged = emails,
            }
        }
        Ok(())
    }

    fn places(&self) -> Places {
        let kinds = self.providers.iter();
        kinds
            .map(|(id, provider)| (id.clone(), provider.kind))
            .collect()
    }

    fn used(&self) -> impl Iterator<Item = (&ProviderId, &Provider)> {
        self.providers
            .iter()
            .filter(|(_, provider)| provider.shared.enabled)
    }

    /// Returns the platforms that have departments, narrowed by `--on`, each with the key by which a role names them.
    ///
    /// # Errors
    ///
    /// As [`Config::on`].
    pub(crate) fn with_departments(
        &self,
        on: Option<&[String]>,
        words: &Words,
    ) -> Result<Vec<(ProviderId, &'static str)>, Failure> {
        let kinds = [KindName::UNIT, KindName::DEPARTMENT];
        let tree = |id: &ProviderId| {
            let mut keys = self.providers.get(id)?.kind.role_keys.iter().copied();
            let key = keys.find(|key| kinds.iter().any(|kind| kind.as_str() == *key))?;
            Some((id.clone(), key))
        };
        Ok(self.on(on, words)?.iter().filter_map(tree).collect())
    }

    /// Returns how a department is called on a platform, where the configuration gives it another name there: by its path or its name.
    pub(crate) fn department_there(
        &self,
        path: &[String],
        id: &ProviderId,
        key: &str,
    ) -> Option<&str> {
        let kind = self.providers.get(id)?.kind;
        let there = |name: &str| self.departments.there(name, id, kind, key);
        there(&path.join(" / ")).or_else(|| there(path.last()?))
    }

    /// Returns the longest time for which a step is tried again on any platform that is used.
    pub(crate) fn retry_for(&self) -> Option<Duration> {
        self.used().map(|(_, used)| used.shared.retry_for).max()
    }

    /// Returns what the store is called when `--store` does not say.
    pub(crate) fn store_name(&self, path: &Path) -> PathBuf {
        let stem = || path.file_stem().map(PathBuf::from).unwrap_or_default();
        self.organisation.as_ref().map_or_else(stem, PathBuf::from)
    }

    /// Lists the configured platforms, those that are switched off included, in the order of their names.
    pub(crate) fn providers(&self) -> Vec<ProviderRow> {
        let row = |(id, provider): (&ProviderId, &Provider)| ProviderRow {
            id: id.clone(),
            kind: provider.kind.name,
            enabled: provider.shared.enabled,
        };
        self.providers.iter().map(row).collect()
    }

    /// Returns a role.
    ///
    /// # Errors
    ///
    /// A [`Failure`] with exit code 2 and the nearest name when there is none of this name.
    pub(crate) fn role(&self, name: &str, words: &Words) -> Result<&Role, Failure> {
        self.find_role(name)
            .map_err(|fault| error::of_setup(words, &fault))
    }

    /// Returns the name of the role that gives exactly this; none where no role does.
    pub(crate) fn role_that_gives(
        &self,
        sections: &BTreeMap<ProviderId, RoleSection>,
        fields: &Fields,
    ) -> Option<&str> {
        let gives = |role: &&String| {
            let given = self.find_sections(Some(role.as_str()), None, fields);
            given.is_ok_and(|given| {
                let same = |(id, section): (&ProviderId, &RoleSection)| {
                    let other = sections.get(id);
                    other.is_some_and(|other| other.grants == section.grants)
                };
                given.len() == sections.len() && given.iter().all(same)
            })
        };
        self.roles.keys().find(gives).map(String::as_str)
    }

    fn find_role(&self, name: &str) -> Result<&Role, Fault> {
        self.roles.get(name).ok_or_else(|| Fault::UnknownRole {
            name: name.to_owned(),
            nearest: nearest(name, self.roles.keys().map(String::as_str)).map(str::to_owned),
        })
    }

    /// Returns the platforms that `--on` names, or all that are used.
    ///
    /// # Errors
    ///
    /// A [`Failure`] with exit code 2 and the nearest name for one that is not configured or is switched off.
    pub(crate) fn on(
        &self,
        on: Option<&[String]>,
        words: &Words,
    ) -> Result<Vec<ProviderId>, Failure> {
        self.find_on(on)
            .map_err(|fault| error::of_setup(words, &fault))
    }

    pub(super) fn find_on(&self, on: Option<&[String]>) -> Result<Vec<ProviderId>, Fault> {
        let Some(names) = on else {
            return match self.used().map(|(id, _)| id.clone()).collect::<Vec<_>>() {
                used if used.is_empty() => Err(Fault::NoProviders),
                used => Ok(used),
            };
        };
        let find = |name: &String| {
            let id = ProviderId::new(name.as_str());
            match self.providers.get(&id) {
                Some(provider) if provider.shared.enabled => Ok(id),
                Some(_) => Err(Fault::SwitchedOff(id)),
                None => Err(Fault::UnknownProvider {
                    name: name.clone(),
                    nearest: nearest(name, self.providers.keys().map(ProviderId::as_str))
                        .map(str::to_owned),
                    configured: self.providers.keys().map(ToString::to_string).collect(),
                    of_kind: self.of_kind(name),
                }),
            }
        };
        let found: BTreeSet<ProviderId> = names.iter().map(find).collect::<Result<_, _>>()?;
        Ok(found.into_iter().collect())
    }

    /// Returns the platforms that have people's files of their own under this name, and where their columns go.
    pub(crate) fn presets(&self, name: &str) -> BTreeMap<ProviderId, RosterKeys> {
        let used = self.used();
        used.filter_map(|(id, used)| {
            let (preset, keys) = used.kind.roster?;
            (preset == name).then(|| (id.clone(), keys))
        })
        .collect()
    }

    fn of_kind(&self, kind: &str) -> Vec<String> {
        let used = self.used().filter(|(_, used)| used.kind.name == kind);
        used.map(|(id, _)| id.to_string()).collect()
    }

    /// Returns the values of a person with the role's title and department where the person has none of their own.
    ///
    /// # Errors
    ///
    /// As [`Config::role`].
    pub(crate) fn fields(
        &self,
        role: Option<&str>,
        given: &Fields,
        words: &Words,
    ) -> Result<Fields, Failure> {
        match role {
            Some(name) => Ok(self.role(name, words)?.fill(given)),
            None => Ok(given.clone()),
        }
    }

    /// Returns what is asked for on each platform: what the role says, under the names that departments have there, narrowed by
    /// `--on`. Without a role the platforms that `--on` names get an empty section.
    ///
    /// `given` is what is known of the person. What the role says of a platform wins over the names of departments, except for whoever
    /// was given another department than the role's: then the names of that one win.
    ///
    /// # Errors
    ///
    /// As [`Config::role`] and [`Config::on`]; and when the role says nothing of a platform that `--on` names, when it says nothing
    /// of any, and when neither a role nor platforms are named.
    pub(crate) fn sections(
        &self,
        role: Option<&str>,
        on: Option<&[String]>,
        given: &Fields,
        words: &Words,
    ) -> Result<BTreeMap<ProviderId, RoleSection>, Failure> {
        self.find_sections(role, on, given)
            .map_err(|fault| error::of_setup(words, &fault))
    }

    pub(super) fn find_sections(
        &self,
        role: Option<&str>,
        on: Option<&[String]>,
        given: &Fields,
    ) -> Result<BTreeMap<ProviderId, RoleSection>, Fault> {
        if role.is_none() && on.is_none() {
            return Err(Fault::NothingAsked);
        }
        let named = role.map(|name| self.find_role(name)).transpose()?;
        let fields = named.map_or_else(|| given.clone(), |named| named.fill(given));
        let by_own_right = named.is_some_and(|named| named.is_left_by(&fields));
        let aliases = self.departments.of(&fields);
        let mut sections = BTreeMap::new();
        for id in self.find_on(on)? {
            let Some(provider) = self.providers.get(&id) else {
                continue;
            };
            let section = match named {
                Some(role) => role.section(&id, provider.kind, &fields),
                None => Some(RoleSection::default()),
            };
            match (section, on, role) {
                (Some(mut section), _, _) => {
                    let own = section.grants.clone();
                    if let Some(aliases) = aliases {
                        aliases.extend(&mut section, &id, provider.kind, by_own_right);
                    }
                    if by_own_right && section.grants == own {
                        section.outvoted = fields.get(&FieldName::Department).cloned();
                    }
                    sections.insert(id, section);
                }
                (None, Some(_), Some(role)) => {
                    return Err(Fault::RoleWithout {
                        role: role.to_owned(),
                        provider: id,
                    });
                }
                (None, _, _) => {}
            }
        }
        match role {
            Some(role) if sections.is_empty() => Err(Fault::RoleOfNothing(role.to_owned())),
            Some(_) | None => Ok(sections),
        }
    }
}

fn tables<'a>(node: Option<Node<'a>>) -> Result<Vec<(Key<'a>, Node<'a>)>, Mistake> {
    let table = node.map(document::table).transpose()?;
    Ok(table.into_iter().flatten().collect())
}

fn emails(node: &Node<'_>) -> Result<Vec<Email>, Mistake> {
    let names = document::names(node)?;
    let email = |text: &String| Email::parse(text);
    let emails: Result<Vec<Email>, _> = names.iter().map(email).collect();
    emails.map_err(|_| Mistake::wrong(node, Wanted::Email))
}

/// Names become parts of file names and of what is typed, such as `messenger:1042`.
fn usable(name: &str) -> bool {
    let fits = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    !name.is_empty() && !name.starts_with('.') && name.chars().all(fits)
}

fn name(node: &Node<'_>) -> Result<String, Mistake> {
    let name: String = document::parsed(node, Wanted::Text)?;
    if usable(&name) {
        Ok(name)
    } else {
        Err(Mistake::at(node, What::BadName(name)))
    }
}

fn provider_name<'k>(key: &'k Key<'_>) -> Result<&'k str, Mistake> {
    let name = key.get_ref().as_ref();
    // `person:ID` names a person by the employer's id, and a role's own keys stand beside the names of platforms.
    if usable(name) && name != "person" && !ROLE_KEYS.contains(&name) {
        Ok(name)
    } else {
        Err(Mistake::at(key, What::BadName(name.to_owned())))
    }
}

#[cfg(test)]
mod tests;
