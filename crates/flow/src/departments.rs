//! The departments that platforms have. Reads only.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::join_all;
use kadry_core::{Connect, Error, Foresight, ProviderId, Result};

use crate::observe::{Grown, grown};
use crate::organisation::Organisation;

/// The departments of several platforms.
#[derive(Clone, Debug, Default)]
pub struct Forest {
    /// Those of each platform that has any.
    pub trees: BTreeMap<ProviderId, Grown>,
    /// The platforms that did not answer.
    pub silent: BTreeMap<ProviderId, Arc<Error>>,
}

impl Organisation {
    /// Returns the departments of these platforms, with the number of people in each.
    pub async fn departments(&self, on: &[ProviderId]) -> Forest {
        let connects = self.connects.iter();
        let covered = connects.filter(|connect| on.contains(connect.id()));
        let read = covered
            .map(|connect| async move { (connect.id().clone(), read(connect.as_ref()).await) });
        let mut forest = Forest::default();
        for (provider, read) in join_all(read).await {
            match read {
                Ok(Some(tree)) => {
                    forest.trees.insert(provider, tree);
                }
                Ok(None) => {}
                Err(error) => {
                    forest.silent.insert(provider, Arc::new(error));
                }
            }
        }
        forest
    }
}

async fn read(connect: &dyn Connect) -> Result<Option<Grown>> {
    let provider = connect.connect(Foresight::default()).await?;
    grown(provider.as_ref(), true).await
}
