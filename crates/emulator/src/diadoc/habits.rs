//! What a Diadoc of another day does otherwise.

/// The habits of one Diadoc.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Habits {
    /// Whether the methods that were switched off still answer, for builds of the vendor's clients that call them.
    pub old_methods: bool,
}
