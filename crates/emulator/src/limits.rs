//! Rate limits as the platforms document them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use http::{HeaderMap, Method, StatusCode, header};

use axum::response::{IntoResponse, Response};

use crate::held;

/// Requests that a platform counts together.
#[derive(Clone, Debug)]
pub struct Family {
    /// What the platform calls it.
    pub name: &'static str,
    /// Reports whether a request counts; the path comes with the mount.
    pub covers: fn(&Method, &str) -> bool,
    /// The request header whose values are counted apart.
    pub credential: &'static str,
    /// How many requests in which time, if limited.
    pub rate: Option<Rate>,
    /// How many requests may be under way at once, if limited.
    pub in_flight: Option<u32>,
}

/// A number of requests in a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many requests.
    pub count: u32,
    /// In how many milliseconds.
    pub per_ms: u32,
}

/// How a platform counts the requests in a stretch of time; the vendors do not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Counting {
    /// In a bucket that fills evenly: after a rest all of it may be taken at once.
    #[default]
    Bucket,
    /// In a window that slides: never more than that in any stretch of this length.
    Window,
}

/// The requests that were let through in the last stretch of time.
#[derive(Clone, Debug, Default)]
struct Window {
    taken_ms: VecDeque<i64>,
}

impl Window {
    fn take(&mut self, rate: Rate, now_ms: i64) -> Result<(), u64> {
        let per_ms = i64::from(rate.per_ms);
        while self
            .taken_ms
            .front()
            .is_some_and(|taken_ms| taken_ms + per_ms <= now_ms)
        {
            self.taken_ms.pop_front();
        }
        match self.taken_ms.front() {
            Some(oldest_ms) if self.taken_ms.len() >= rate.count as usize => {
                let wait_ms = u64::try_from(oldest_ms + per_ms - now_ms).unwrap_or(1);
                Err(wait_ms.div_ceil(1_000))
            }
            Some(_) | None => {
                self.taken_ms.push_back(now_ms);
                Ok(())
            }
        }
    }
}

/// A bucket of `count` requests that fills evenly over `per_ms`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bucket {
    /// When the bucket will be full again.
    full_at_us: i64,
}

impl Bucket {
    /// Takes one request out of the bucket.
    ///
    /// # Errors
    /// When the bucket is empty, with the whole seconds to wait, at least one.
    pub fn take(&mut self, rate: Rate, now_ms: i64) -> Result<(), u64> {
        let now_us = now_ms.saturating_mul(1_000);
        let per_us = i64::from(rate.per_ms) * 1_000;
        let one_us = per_us / i64::from(rate.count.max(1));
        let full_at_us = self.full_at_us.max(now_us) + one_us;
        let over_us = full_at_us - now_us - per_us;
        if over_us <= 0 {
            self.full_at_us = full_at_us;
            return Ok(());
        }
        Err(u64::try_from(over_us).unwrap_or(1).div_ceil(1_000_000))
    }
}

/// Returns the answer to a request over a frequency limit.
#[must_use]
pub fn too_many(retry_after_s: u64) -> Response {
    (
        StatusCode::TOO_MANY_REQUESTS,
        [(header::RETRY_AFTER, retry_after_s.to_string())],
        "Too many requests. Try again later.\n",
    )
        .into_response()
}

#[derive(Debug, Default)]
struct Counted {
    buckets: BTreeMap<(usize, Vec<u8>), Bucket>,
    windows: BTreeMap<(usize, Vec<u8>), Window>,
    under_way: BTreeMap<(usize, Vec<u8>), u32>,
}

/// The counters behind a platform's families.
#[derive(Debug)]
pub(crate) struct Limiter {
    families: Vec<Family>,
    counting: Counting,
    counted: Arc<Mutex<Counted>>,
}

/// Requests that are under way; ends when dropped.
#[derive(Debug)]
pub(crate) struct UnderWay {
    keys: Vec<(usize, Vec<u8>)>,
    counted: Arc<Mutex<Counted>>,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut counted = held(&self.counted);
        for key in &self.keys {
            if let Some(count) = counted.under_way.get_mut(key) {
                *count = count.saturating_sub(1);
            }
        }
    }
}

impl Limiter {
    pub(crate) fn new(families: Vec<Family>, counting: Counting) -> Self {
        Self {
            families,
            counting,
            counted: Arc::default(),
        }
    }

    /// Counts a request in, or returns the seconds to wait.
    pub(crate) fn enter(
        &self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
        now_ms: i64,
    ) -> Result<UnderWay, u64> {
        let mut entered = UnderWay {
            keys: Vec::new(),
            counted: Arc::clone(&self.counted),
        };
        let mut counted = held(&self.counted);
        let mut refused = None;
        for (index, family) in self.families.iter().enumerate() {
            if !(family.covers)(method, path) {
                continue;
            }
            let credential = headers.get(family.credential).map(|value| value.as_bytes());
            let key = (index, credential.unwrap_or_default().to_vec());
            if let Some(most) = family.in_flight {
                let count = counted.under_way.entry(key.clone()).or_default();
                if *count >= most {
                    refused = Some(1);
                    break;
                }
                *count += 1;
                entered.keys.push(key.clone());
            }
            let Some(rate) = family.rate else { continue };
            let taken = match self.counting {
                Counting::Bucket => counted.buckets.entry(key).or_default().take(rate, now_ms),
                Counting::Window => counted.windows.entry(key).or_default().take(rate, now_ms),
            };
            if let Err(wait_s) = taken {
                refused = Some(wait_s);
                break;
            }
        }
        // `entered` counts itself out when it is dropped, so the lock must be free by then.
        drop(counted);
        refused.map_or(Ok(entered), Err)
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Method};

    use super::{Bucket, Counting, Family, Limiter, Rate, Window};

    const RATE: Rate = Rate {
        count: 4,
        per_ms: 1_000,
    };

    #[test]
    fn a_window_lets_no_more_through_in_any_second() {
        let mut window = Window::default();
        for now_ms in [0, 10, 20, 900] {
            assert_eq!(window.take(RATE, now_ms), Ok(()), "{now_ms}");
        }
        // A bucket would have filled up by a part meanwhile.
        assert_eq!(window.take(RATE, 999), Err(1));
        assert_eq!(window.take(RATE, 1_000), Ok(()));
        assert_eq!(window.take(RATE, 1_005), Err(1));
        assert_eq!(window.take(RATE, 1_010), Ok(()));
    }

    #[test]
    fn bucket_lets_a_burst_through_then_paces() {
        let mut bucket = Bucket::default();
        for _ in 0..4 {
            assert_eq!(bucket.take(RATE, 10), Ok(()));
        }
        assert_eq!(bucket.take(RATE, 10), Err(1));
        assert_eq!(bucket.take(RATE, 259), Err(1));
        assert_eq!(bucket.take(RATE, 260), Ok(()));
        assert_eq!(bucket.take(RATE, 261), Err(1));
    }

    #[test]
    fn bucket_is_full_again_after_a_pause() {
        let mut bucket = Bucket::default();
        for at in [0, 5_000] {
            for _ in 0..4 {
                assert_eq!(bucket.take(RATE, at), Ok(()));
            }
        }
        assert_eq!(bucket.take(RATE, 5_000), Err(1));
    }

    fn credential(value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", http::HeaderValue::from_static(value));
        headers
    }

    #[test]
    fn requests_under_way_are_counted_per_credential_until_they_end() {
        let limiter = Limiter::new(
            vec![Family {
                name: "all",
                covers: |_, _| true,
                credential: "authorization",
                rate: None,
                in_flight: Some(2),
            }],
            Counting::Bucket,
        );
        let enter = |who| limiter.enter(&Method::GET, "/", &credential(who), 0);
        let first = enter("a");
        let second = enter("a");
        assert!(first.is_ok() && second.is_ok());
        assert_eq!(enter("a").err(), Some(1));
        assert!(enter("b").is_ok());
        drop(first);
        assert!(enter("a").is_ok());
    }

    #[test]
    fn refused_request_is_not_under_way() {
        let limiter = Limiter::new(
            vec![Family {
                name: "all",
                covers: |_, _| true,
                credential: "authorization",
                rate: Some(RATE),
                in_flight: Some(1),
            }],
            Counting::Bucket,
        );
        let enter = |now_ms| limiter.enter(&Method::GET, "/", &credential("a"), now_ms);
        for _ in 0..4 {
            assert!(enter(0).is_ok());
        }
        assert_eq!(enter(0).err(), Some(1));
        assert!(enter(1_000).is_ok());
    }
}
