//! What the operations of the platform in memory are about.

use super::native::said;
use crate::native::Noun;

/// What the operations of the platform in memory are about.
pub static NOUNS: &[Noun] = &[
    Noun {
        name: "tags",
        help: said(
            "What people are called together",
            "Как называют людей вместе",
        ),
    },
    Noun {
        name: "badges",
        help: said("What people wear", "Что люди носят"),
    },
    Noun {
        name: "notes",
        help: said("What hangs on the board", "Что висит на доске"),
    },
    Noun {
        name: "units",
        help: said("The departments, as a tree", "Подразделения деревом"),
    },
];
