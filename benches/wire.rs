//! The shapes of answers as the backends read them, from their own sources: a floor that decoded less would be no floor.

#[path = "../crates/dealapp/src/wire/mod.rs"]
pub(crate) mod dealapp;
#[path = "../crates/diadoc/src/wire/mod.rs"]
pub(crate) mod diadoc;
#[path = "../crates/pachca/src/wire/mod.rs"]
pub(crate) mod pachca;
