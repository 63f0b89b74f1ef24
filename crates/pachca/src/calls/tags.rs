//! Tags.

use kadry_core::{Cursor, Definition, Effect, Error, ErrorKind, Offer, Page, Repeat, Result, fold};
use kadry_http::{Call, Method};

use super::Api;
use crate::map;
use crate::wire::page::Listing;
use crate::wire::tag::{GroupTag, NewTag, TagName};

impl Api {
    /// Returns one page of the tags.
    pub(crate) async fn tags(&self, from: Option<&Cursor>) -> Result<Page<Offer>> {
        let listing: Listing<GroupTag> = self
            .line
            .page(Call::read("/group_tags"), from.map(Cursor::as_str))
            .await?;
        Ok(Page {
            next: listing.next()?.map(Cursor::new),
            items: listing.data.iter().map(map::offered_tag).collect(),
        })
    }

    /// Makes a tag.
    ///
    /// # Repeats
    ///
    /// A second one of the same name is refused, so nothing is made twice; but after a lost answer the refusal would hide our own
    /// success, so the call is not repeated without looking.
    pub(crate) async fn define_tag(&self, what: &Definition) -> Result<Offer> {
        let [name] = what.path.as_slice() else {
            return Err(Error::new(ErrorKind::Invalid, "tags have no tree"));
        };
        let call = Call::write(Method::POST, "/group_tags", Repeat::Once).json(&NewTag {
            group_tag: TagName { name },
        });
        let tag: GroupTag = self.line.one(call).await?;
        if fold(&tag.name) != fold(name) {
            return Err(Error::new(
                ErrorKind::Protocol,
                "the tag has another name than was sent",
            )
            .with_effect(Effect::Applied)
            .with("tag.id", tag.id));
        }
        Ok(map::offered_tag(&tag))
    }
}
