//! The flows: observe, plan, journal, execute, verify, and never back.
//!
//! An [`Intent`](intent::Intent) says what is asked for. [`Organisation::prepare`] looks at every platform and works out a
//! [`Plan`](plan::Plan), which is pure data; [`Organisation::carry_out`] writes it down, carries it out lane by lane, reads everything
//! once more and says in a [`Report`](report::Report) what became of it. What an interrupted run left open is looked for first.
//!
//! This room has never heard of any platform by name, nor of HTTP. It decides; platforms translate. It prints nothing: sentences for
//! people are made by the command line from the data that it returns.

mod braking;
mod carry_out;
mod decide;
mod defined;
mod departments;
mod ending;
mod error;
mod execute;
mod hold;
mod identify;
pub mod intent;
mod interrupted;
mod landing;
mod late;
mod link;
pub mod many;
mod native;
pub mod observe;
mod organisation;
mod people;
mod placement;
pub mod plan;
mod powers;
mod prepare;
pub mod report;
mod resume;
pub mod review;
mod settle;
mod take_over;
mod tenants;
mod timing;
mod unlink;
mod verify;
mod watch;
mod written;

pub use decide::{Found, abandon, can_end, goes_on, settle, typed, undoing};
pub use departments::Forest;
pub use ending::told;
pub use error::FlowError;
pub use link::{LinkError, Linking};
pub use organisation::{Organisation, Prepared, Purpose};
pub use people::{People, PersonRow, Shown};
pub use placement::Placement;
pub use tenants::Tenants;
pub use timing::Timing;
pub use tokio_util::sync::CancellationToken;
pub use unlink::{Stays, Unlinking};
pub use watch::{Unwatched, Watch};
