//! Where a look at a platform gets what it shows.

use std::sync::Arc;

use super::{Here, Listing};

/// Where a platform is read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source<'a> {
    /// There.
    Platform,
    /// There, once more: this is what it showed before the run.
    Again(&'a Here),
    /// In what was read of everybody.
    Listing(&'a Arc<Listing>),
}
