//! Writing.

mod csv;
pub mod html;

pub use self::csv::csv;
