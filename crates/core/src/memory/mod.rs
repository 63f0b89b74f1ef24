//! A plain provider in memory: the reference for every other one, and strict where real platforms let things slide.
//!
//! It takes any [`Capability`](crate::Capability), so that flows meet platforms that do not exist yet, and it can lose answers.
//!
//! # Examples
//!
//! ```
//! use kadry_core::memory::{Memory, capable};
//! use kadry_core::{Email, EmployeeProvider as _, FieldName, ProviderId, Wish};
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let memory = Memory::new(ProviderId::new("memory"), capable());
//! let mut wish = Wish::default();
//! wish.fields.insert(FieldName::Email, "anna@example.test".to_owned());
//! let anna = memory.create(&wish).await?;
//! assert_eq!(anna.at.email(), Some(&Email::of_record("anna@example.test")));
//! assert!(memory.create(&wish).await.is_err(), "an existing match is a conflict, never adoption");
//! # Ok::<(), kadry_core::Error>(()) });
//! ```

mod edits;
mod native;
mod nouns;
mod pages;
mod presets;
mod provider;
mod seen;
mod tree;
mod world;

pub use native::OPERATIONS;
pub use nouns::NOUNS;
pub use presets::{bare, capable, delta_rights, listed_by_id, presets, valued};
pub use provider::Memory;
pub use world::{Fault, Row, WrittenCall};
