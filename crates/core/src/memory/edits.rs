//! What writes do to the world in memory.

use super::world::{Row, World, keys};
use crate::capability::{Capability, CreateNotice};
use crate::employee::{Access, Employee, EmployeeRef};
use crate::error::{Error, ErrorKind, Result};
use crate::grant::{GrantEdit, GrantKind, Holds, KindName, Write};
use crate::plan::{Change, Wish};

impl World {
    pub(super) fn insert(&mut self, wish: &Wish, capability: &Capability) -> Result<Employee> {
        let id = self.fresh_id();
        let mut row = Row {
            id,
            fields: wish.fields.clone(),
            access: Access::Open,
            administrator: false,
            signer: false,
            grants: wish.grants.clone(),
        };
        let wanted = keys(&row, capability);
        if wanted.is_empty() {
            return Err(Error::new(ErrorKind::Invalid, "a record needs a key"));
        }
        if self
            .rows
            .iter()
            .any(|row| keys(row, capability).iter().any(|key| wanted.contains(key)))
        {
            return Err(Error::new(
                ErrorKind::Conflict,
                "a record with this key exists",
            ));
        }
        for kind in &capability.grants {
            let held = row.grants.entry(kind.name.clone()).or_default();
            if matches!(kind.holds, Holds::One { required: true }) && held.len() != 1 {
                return Err(
                    Error::new(ErrorKind::Invalid, "a required grant is missing")
                        .with("grant.kind", &kind.name),
                );
            }
            for grant in held {
                if let Some(offered) = self.offer(kind, grant)? {
                    *grant = offered;
                }
            }
        }
        if capability.create_notice != CreateNotice::Never
            && !(wish.quiet && capability.create_notice == CreateNotice::UnlessQuiet)
        {
            self.invitations.push(row.id.clone());
        }
        self.rows.push(row.clone());
        Ok(self.employee(&row, capability))
    }

    pub(super) fn edit_grants(
        &self,
        kind: &GrantKind,
        row: &mut Row,
        edit: &GrantEdit,
    ) -> Result<()> {
        let mut taken = edit.drop.iter();
        if taken.any(|gone| kind.must_stay(gone, &edit.add)) {
            let error = Error::new(ErrorKind::Unsupported, "this cannot be made empty");
            return Err(error.with("grant.kind", &kind.name));
        }
        let mut held = match &kind.on_update {
            Write::WholeSet => edit.keep.clone(),
            Write::Delta | Write::No(_) => row.grants.get(&kind.name).cloned().unwrap_or_default(),
        };
        held.retain(|grant| !edit.drop.iter().any(|drop| drop.same(grant)));
        if matches!(kind.holds, Holds::One { .. }) && !edit.add.is_empty() {
            held.clear();
        }
        for grant in &edit.add {
            let offered = self.offer(kind, grant)?.unwrap_or_else(|| grant.clone());
            if !held.iter().any(|held| held.same(&offered)) {
                held.push(offered);
            }
        }
        row.grants.insert(kind.name.clone(), held);
        Ok(())
    }

    pub(super) fn change(
        &mut self,
        who: &EmployeeRef,
        change: &Change,
        capability: &Capability,
    ) -> Result<Employee> {
        let mut row = self.row_mut(who)?.clone();
        for (field, value) in &change.fields {
            match value {
                Some(value) => row.fields.insert(*field, value.clone()),
                None => row.fields.remove(field),
            };
        }
        let wanted = keys(&row, capability);
        if self.rows.iter().any(|other| {
            other.id != row.id
                && keys(other, capability)
                    .iter()
                    .any(|key| wanted.contains(key))
        }) {
            return Err(Error::new(
                ErrorKind::Conflict,
                "another record has this key",
            ));
        }
        for (name, edit) in &change.grants {
            self.edit_grants(kind_of(capability, name)?, &mut row, edit)?;
        }
        *self.row_mut(who)? = row.clone();
        Ok(self.employee(&row, capability))
    }
}

pub(super) fn kind_of<'a>(capability: &'a Capability, name: &KindName) -> Result<&'a GrantKind> {
    let unknown =
        || Error::new(ErrorKind::Unsupported, "no such kind of grant").with("grant.kind", name);
    capability.kind(name).ok_or_else(unknown)
}
