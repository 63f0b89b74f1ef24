//! The arrows between the rooms.
