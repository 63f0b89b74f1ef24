//! People's files, and pages for people.
//!
//! This room reads what people write by hand or export: the file of one person, TOML or JSON, and the roster of many, text with
//! delimiters or a workbook. It tells every mistake by its place, and it refuses to judge values: whether a title is too long is the
//! business of each platform. It refuses to guess, too: a roster is read right or not at all, row by row. And it writes what people
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
//!
//! ```
//! use kadry_core::FieldName;
//! use kadry_tables::{Preset, read_roster};
//!
//! let text = "ФИО;Почта;Отдел\nИванова Анна;anna@example.test;Склад\nПетров И. И.;petr@example.test;Склад\n";
//! let roster = read_roster(text.as_bytes(), Preset::Common, None)?;
//! let rows: Vec<_> = roster.rows().collect();
//! assert_eq!(rows[0].fields[&FieldName::LastName], "Иванова");
//! assert_eq!((rows[1].line, rows[1].faults.len()), (3, 1)); // initials are no names
//! # Ok::<(), kadry_tables::RosterError>(())
//! ```

mod guard;
mod read;
pub mod write;

pub use guard::is_guarded;
pub use read::fault::{At, CellFault, Disguise, Fault, Garble, RosterError, Spot};
pub use read::header::{Column, Meaning};
pub use read::leaves::Leaves;
pub use read::person::{Format, Person, PersonFileError, open_person, read_person};
pub use read::roster::{Preset, Roster, open_roster, read_roster};
pub use read::row::Row;
pub use read::tree::{ListedDepartment, TreeError, TreeFault, TreeMistake, open_tree, read_tree};
