//! Operations that only one platform has, as a table.

use std::collections::BTreeMap;
use std::fmt;

use async_trait::async_trait;

use crate::error::Result;

/// One argument of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name, as the vendor spells it.
    pub name: &'static str,
    /// Whether it must be given.
    pub required: bool,
    /// One sentence of help.
    pub help: &'static str,
}

/// One operation: commands, documentation and the journal are made from this row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// What it is about, such as `tags`.
    pub noun: &'static str,
    /// What it does, such as `rename`.
    pub verb: &'static str,
    /// Its arguments.
    pub parameters: &'static [Parameter],
    /// One sentence of help.
    pub help: &'static str,
    /// A command that works.
    pub example: &'static str,
    /// The method and path that it calls.
    pub endpoint: &'static str,
    /// Whether it changes anything.
    pub writes: bool,
}

/// The operations that only one platform has.
#[async_trait]
pub trait Native: fmt::Debug + Send + Sync {
    /// Lists the operations.
    fn operations(&self) -> &'static [Operation];

    /// Runs one operation and returns the platform's answer.
    ///
    /// # Repeats
    ///
    /// As the operation's endpoint does; a writing one is journaled by the caller.
    ///
    /// # Errors
    ///
    /// `Unsupported` for an unknown operation, and the errors of any request.
    async fn call(
        &self,
        operation: &Operation,
        arguments: &BTreeMap<String, String>,
    ) -> Result<serde_json::Value>;
}
