//! What stands on the wire: flat `snake_case` bodies out, JSON:API documents with kebab-case attributes in.

pub(crate) mod document;
pub(crate) mod errors;
pub(crate) mod organisation;
pub(crate) mod read;
pub(crate) mod sign_in;
pub(crate) mod users;
