//! The tree of departments of a platform: what stands in it, and the single changes that give it another shape.

use std::fmt;

use async_trait::async_trait;
use serde_json::Value;

use super::NativeCall;
use crate::capability::Support;
use crate::employee::{Known, RemoteId};
use crate::error::Result;
use crate::grant::KindName;

/// What holds for a whole tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeRules {
    /// The kind of grant that its departments are.
    pub kind: KindName,
    /// The department above all others, which nobody makes, changes or removes; none where several may stand at the top.
    pub head: Option<RemoteId>,
    /// Whether departments carry the id of the employer's own system.
    pub external_ids: Support,
    /// Whether a department can be removed.
    pub remove: Support,
    /// Whether a department that stands below another can be moved to the top.
    pub to_top: Support,
    /// How many departments may stand above each other, the head left aside; none where no limit is known.
    pub depth: Option<usize>,
    /// The argument of a change that takes the id of the department above.
    pub above: &'static str,
}

/// One department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The platform's id of it.
    pub id: RemoteId,
    /// Its name.
    pub name: String,
    /// The department above; none at the top.
    pub above: Option<RemoteId>,
    /// The id of the employer's own system, as far as the platform shows it.
    pub external_id: Known<String>,
    /// What a look at a change of it shows, see [`Native::look`](super::Native::look).
    pub row: Value,
}

/// What a department comes to stand below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Above<'a> {
    /// Nothing.
    Top,
    /// A department that is there.
    Of(&'a RemoteId),
    /// A department that an earlier step makes: its id is added when the change is sent.
    Made,
}

/// A change of the shape of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reshape<'a> {
    /// A department is made.
    Make {
        /// Its name.
        name: &'a str,
        /// What it stands below.
        above: Above<'a>,
        /// The id of the employer's own system, where the tree keeps such ids.
        external_id: Option<&'a str>,
    },
    /// A department gets another name.
    Rename {
        /// Which.
        of: &'a Branch,
        /// The name.
        name: &'a str,
    },
    /// A department comes to stand below another.
    Move {
        /// Which.
        of: &'a Branch,
        /// What it then stands below.
        above: Above<'a>,
    },
    /// A department gets the id of the employer's own system.
    Identify {
        /// Which.
        of: &'a Branch,
        /// The id.
        external_id: &'a str,
    },
    /// A department is removed.
    Remove {
        /// Which.
        of: &'a Branch,
    },
}

/// The tree of departments of a platform.
#[async_trait]
pub trait Tree: fmt::Debug + Send + Sync {
    /// Says what holds for the whole tree.
    fn rules(&self) -> TreeRules;

    /// Lists the departments, the head among them.
    ///
    /// # Errors
    ///
    /// `Unsupported` where the platform does not show what stands below what, and the errors of any request.
    async fn branches(&self) -> Result<Vec<Branch>>;

    /// Returns the single change of the table of operations that reshapes the tree; none where there is no such call. Asks nobody.
    fn reshape(&self, what: Reshape<'_>) -> Option<NativeCall>;

    /// Returns the id of a department that was made, from what the platform answered; none where the answer does not tell. Asks nobody.
    fn made(&self, answer: &Value) -> Option<RemoteId>;
}
