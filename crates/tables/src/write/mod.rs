//! Writing.

mod csv;
pub mod html;
pub mod list;

pub use self::csv::csv;
