//! How many requests are being answered.
//!
//! When the server stops, it ends connections of HTTP/1.1 as soon as they carry no request. The framework can't do so
//! with connections of HTTP/2, which browsers keep open for minutes; so that no stop waits for them, somebody has to
//! know that nothing is left to be answered.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::time::sleep;

/// How often is looked.
const LOOK: Duration = Duration::from_millis(100);
/// How many looks in a row have to find no request. Until then, the last answers have left for the network.
const LOOKS: usize = 10;

/// The count of one server; clones share it.
#[derive(Clone, Debug, Default)]
pub struct InFlight(Arc<AtomicUsize>);

/// A request that is being answered, until this is dropped.
#[derive(Debug)]
pub struct Answering(Arc<AtomicUsize>);

impl InFlight {
    /// Counts a request.
    #[must_use]
    pub fn begin(&self) -> Answering {
        self.0.fetch_add(1, Ordering::Relaxed);
        Answering(Arc::clone(&self.0))
    }

    /// Waits until there has been no request for a second.
    pub async fn none_left(&self) {
        let mut quiet = 0;
        while quiet < LOOKS {
            sleep(LOOK).await;
            quiet = if self.0.load(Ordering::Relaxed) == 0 { quiet + 1 } else { 0 };
        }
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_request_is_waited_for() {
        let requests = InFlight::default();
        timeout(Duration::from_secs(2), requests.none_left()).await.unwrap();
        let answering = requests.clone().begin();
        timeout(Duration::from_secs(60), requests.none_left()).await.unwrap_err();
        drop(answering);
        timeout(Duration::from_secs(2), requests.none_left()).await.unwrap();
    }
}
