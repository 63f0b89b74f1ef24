//! Reading.

mod csv;
pub(crate) mod fault;
mod find;
mod given;
mod grid;
pub(crate) mod header;
mod hear;
mod kinds;
pub(crate) mod leaves;
mod name;
pub(crate) mod person;
pub(crate) mod roster;
pub(crate) mod row;
mod sheet;
mod sniff;
mod text;
pub(crate) mod tree;
mod value;
mod words;
