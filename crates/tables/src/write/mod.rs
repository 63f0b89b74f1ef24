//! Writing.

pub mod html;
