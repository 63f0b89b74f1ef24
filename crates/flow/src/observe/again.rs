//! What somebody holds by now of the kinds of which something was taken.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::future::join_all;
use kadry_core::{KindName, ProviderId, Result};

use super::{Held, Here, Seen, Snapshot};

/// Reads once more what somebody holds of these kinds, which are read person by person. Everything else is as it was seen, but for a
/// platform that does not answer any more.
pub(crate) async fn held_again(
    seen: &Snapshot,
    kinds: &BTreeSet<(ProviderId, KindName)>,
) -> Snapshot {
    let read = kinds.iter().filter_map(|(on, kind)| {
        let mut here = seen.here();
        let (on, here) = here.find(|(id, _)| *id == on)?;
        Some(async move { (on, kind, held(here, kind).await) })
    });
    let mut again = seen.clone();
    for (on, kind, held) in join_all(read).await {
        match (held, again.seen.get_mut(on)) {
            (Ok(held), Some(Seen::Here(here))) => {
                here.held.insert(kind.clone(), held);
            }
            (Err(error), Some(seen)) => *seen = Seen::Silent(Arc::new(error)),
            (_, Some(Seen::Silent(_)) | None) => {}
        }
    }
    again
}

async fn held(here: &Here, kind: &KindName) -> Result<Held> {
    let mut held = Vec::new();
    for employee in &here.matches {
        held.extend(here.provider.held(kind, &employee.at).await?);
    }
    Ok(Held::Seen(held))
}
