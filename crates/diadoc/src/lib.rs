//! The Diadoc backend of kadry: the employees of one box of Контур.Диадок.
//!
//! It speaks the vendor's JSON over HTTP, signs in by OpenID Connect as a service user who administers the box, and keeps the
//! refresh token alive between runs. Everything it sends is in the vendor's pages, <https://developer.kontur.ru/doc/diadoc-api>.
//!
//! What only this platform has is in the table [`OPERATIONS`], and every endpoint that is called in [`ENDPOINTS`].
//!
//! It refuses to rename people and to change their logins, which belong to the person and not to the box; to make administrators;
//! to trust an id that may have changed until an answer shows whose it is, since the id of somebody who has not registered yet changes
//! when they do; to remove somebody who still has powers of attorney (МЧД) attached, or itself; and to revoke a power of attorney at
//! the tax service.
//!
//! # Examples
//!
//! ```
//! let settings: kadry_diadoc::Settings = serde_json::from_str(
//!     r#"{ "box_id": "11111111-2222-3333-4444-555555555555", "client_id": "romashka" }"#,
//! )?;
//! assert_eq!(settings.base_url, "https://diadoc-api.kontur.ru");
//! # Ok::<(), serde_json::Error>(())
//! ```

mod agree;
mod alone;
mod calls;
mod capability;
mod config;
mod connect;
mod departments;
mod kept;
mod map;
mod names;
mod native;
mod paging;
mod provider;
mod reach;
mod recent;
mod review;
mod token;
mod wire;

pub use config::{Secrets, Settings};
pub use connect::connect;
pub use native::{ENDPOINTS, NOUNS, OPERATIONS, check};

/// The kind of provider that this crate is, as configurations name it.
pub const KIND: &str = "diadoc";
