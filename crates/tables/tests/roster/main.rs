//! Rosters as other systems export them, and as they arrive when something went wrong on the way.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod properties;
mod sheets;
mod text;

use kadry_core::FieldName;
use kadry_tables::{Preset, Roster, RosterError, Row, read_roster};

/// Reads a text with the common columns.
fn read(text: &str) -> Result<Roster, RosterError> {
    read_roster(text.as_bytes(), Preset::Common, None)
}

/// Tells a row in one line: its line, its values in reading order, its role, what it says of leaving, and its faults.
fn told(row: &Row) -> String {
    let value = |field: &FieldName| {
        row.fields
            .get(field)
            .map(|value| format!("{field}={value}"))
    };
    let mut parts: Vec<String> = FieldName::ALL.iter().filter_map(value).collect();
    parts.extend(row.role.iter().map(|role| format!("role={role}")));
    parts.extend(row.leaves.iter().map(|leaves| format!("{leaves:?}")));
    parts.extend(row.faults.iter().map(|fault| format!("! {fault}")));
    format!("{}: {}", row.line, parts.join(", "))
}

/// Tells all rows, or what is wrong with the file.
fn rows(roster: Result<Roster, RosterError>) -> Vec<String> {
    match roster {
        Ok(roster) => {
            let rows: Vec<String> = roster.rows().map(|row| told(&row)).collect();
            assert_eq!(rows.len(), roster.len());
            rows
        }
        Err(fault) => vec![format!("{fault}")],
    }
}

/// Tells what is wrong with the single rows of a text.
fn faults(text: &str) -> Vec<String> {
    match read(text) {
        Ok(roster) => {
            let rows = roster.rows();
            rows.flat_map(|row| {
                row.faults
                    .into_iter()
                    .map(move |fault| format!("{}: {fault}", row.line))
            })
            .collect()
        }
        Err(fault) => vec![format!("file: {fault}")],
    }
}
