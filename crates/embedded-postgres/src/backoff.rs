//! How long to wait before the server is started again, and when to stop trying.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// Failures within [`WINDOW`] after which it is left alone.
const LIMIT: usize = 10;
const WINDOW: Duration = Duration::from_secs(60);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Remembers the failures of the last minute.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: VecDeque<Instant>,
}

impl Backoff {
    /// Notes a failure. Gives the pause before the next try, or `None` to give up.
    ///
    /// The first failure after a quiet minute is answered at once, because a single crash should cost no time; each
    /// further one doubles the pause.
    pub(crate) fn failed(&mut self, now: Instant) -> Option<Duration> {
        self.failures.retain(|failure| now.duration_since(*failure) < WINDOW);
        let earlier = self.failures.len();
        self.failures.push_back(now);
        match u32::try_from(earlier) {
            _ if self.failures.len() >= LIMIT => None,
            Ok(0) | Err(_) => Some(Duration::ZERO),
            Ok(earlier) => Some(FIRST_PAUSE.saturating_mul(1 << (earlier - 1)).min(LONGEST_PAUSE)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_the_pause_and_gives_up_after_ten_in_a_minute() {
        let start = Instant::now();
        let mut backoff = Backoff::default();
        let pauses: Vec<_> = (0..10).map(|second| backoff.failed(start + Duration::from_secs(second))).collect();
        let milliseconds: Vec<_> = pauses.iter().map(|pause| pause.map(|pause| pause.as_millis())).collect();
        let expected = [0, 100, 200, 400, 800, 1600, 3200, 5000, 5000].map(Some);
        assert_eq!(milliseconds[..9], expected);
        assert_eq!(milliseconds[9], None);
    }

    #[test]
    fn forgets_what_is_older_than_a_minute() {
        let start = Instant::now();
        let mut backoff = Backoff::default();
        for minute in 0..50 {
            assert_eq!(backoff.failed(start + minute * WINDOW), Some(Duration::ZERO));
        }
    }
}
