//! Reading the lists of a plan, each a little ahead of whoever takes from it.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::marker::PhantomData;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{BLOCK, PlanFileError};

/// How many people or steps are read ahead.
const AHEAD: usize = 256;

/// An item of which nothing is left over when it is read: what says more than we know was not written by us.
pub(super) struct Whole<T>(pub(super) T);

impl<'de, T: DeserializeOwned + Serialize> Deserialize<'de> for Whole<T> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        let said = Box::<RawValue>::deserialize(json)?;
        let said = said.get();
        let wrong = serde::de::Error::custom;
        let item: T = serde_json::from_str(said).map_err(wrong)?;
        let known = serde_json::to_string(&item).map_err(wrong)?;
        // As we write it, or laid out anew.
        if known != said {
            let known: Value = serde_json::from_str(&known).map_err(wrong)?;
            let said: Value = serde_json::from_str(said).map_err(wrong)?;
            if known != said {
                return Err(serde::de::Error::custom("it says more than a plan does"));
            }
        }
        Ok(Self(item))
    }
}

/// Reads one of the two lists in a thread of its own, a little ahead of whoever takes from it.
pub(super) fn stream<T: DeserializeOwned + Send + 'static>(
    file: &Arc<File>,
    key: &'static str,
) -> Receiver<Result<T, PlanFileError>> {
    let (give, take) = sync_channel(AHEAD);
    let at = At::begin(file);
    drop(std::thread::spawn(move || {
        let mut json = serde_json::Deserializer::from_reader(at);
        let list = List { key, give: &give };
        if let Err(fault) = json.deserialize_map(list) {
            // Whoever has gone away does not want to know.
            give.send(Err(fault.into())).ok();
        }
    }));
    take
}

/// A place in a file that several read from.
pub(super) struct At {
    file: Arc<File>,
    at: u64,
}

impl At {
    pub(super) fn begin(file: &Arc<File>) -> BufReader<Self> {
        let file = Arc::clone(file);
        BufReader::with_capacity(BLOCK, Self { file, at: 0 })
    }
}

impl Read for At {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(into, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// One list of a document, given away item by item.
struct List<'a, T> {
    key: &'static str,
    give: &'a SyncSender<Result<T, PlanFileError>>,
}

impl<'de, T: DeserializeOwned> Visitor<'de> for List<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plan")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == self.key {
                map.next_value_seed(Items(self.give, PhantomData))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct Items<'a, T>(&'a SyncSender<Result<T, PlanFileError>>, PhantomData<T>);

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for Items<'_, T> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Items<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element()? {
            if self.0.send(Ok(item)).is_err() {
                return Err(serde::de::Error::custom("nobody reads on"));
            }
        }
        Ok(())
    }
}
