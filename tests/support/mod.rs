//! What the suites over real backends share: the emulators in process, and a provider for each of them.

mod backends;
pub(crate) mod platforms;
pub(crate) mod section;
mod transport;
pub(crate) mod world;
