//! People's files, and pages for people.
//!
//! This room reads what people write by hand or export: today the file of one person, TOML or JSON. It tells every mistake by its
//! place, and it refuses to judge values: whether a title is too long is the business of each platform. And it writes what people
//! keep: a page of sections and tables, and a list of any length, row by row, as CSV, a workbook or a page. What stands there is the
//! business of whoever makes it; this room knows no flow.
//!
//! # Examples
//!
//! ```
//! use kadry_core::FieldName;
//! use kadry_tables::{Format, read_person};
//!
//! let person = read_person("last_name = \"Иванова\"\nrole = \"accountant\"\n", Format::Toml)?;
//! assert_eq!(person.fields[&FieldName::LastName], "Иванова");
//! assert_eq!(person.role.as_deref(), Some("accountant"));
//! # Ok::<(), kadry_tables::PersonFileError>(())
//! ```

mod read;
pub mod write;

pub use read::fault::{At, CellFault, Disguise, Fault, Garble, RosterError, Spot};
pub use read::header::{Column, Meaning};
pub use read::leaves::Leaves;
pub use read::person::{Format, Person, PersonFileError, open_person, read_person};
pub use read::roster::{Preset, Roster, open_roster, read_roster};
pub use read::row::Row;
