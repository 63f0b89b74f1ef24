//! The report of an access review: what stands at its head whatever was found.

use std::sync::OnceLock;

use kadry_tables::write::html::Page;

use super::{About, ReportFile, page, when};
use crate::error::Exit;
use crate::words::Words;

impl ReportFile {
    /// Returns what is to be known of an access review, without what came out.
    pub(crate) fn of_review(&self, words: &Words, exit: Exit) -> Page {
        let about = About {
            typed: self.about.typed.clone(),
            began_ms: self.about.began_ms,
            organisation: self.about.organisation.clone(),
            asked: OnceLock::new(),
        };
        let mut page = page::of_many(words, &about, exit, Some(when::now_ms()), false);
        page.title = words.say("review-title");
        page
    }
}
