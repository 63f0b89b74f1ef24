//! Reading.

pub(crate) mod person;
