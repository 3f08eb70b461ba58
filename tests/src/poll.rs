//! Waiting for something to become true, instead of sleeping and hoping.

use std::{
    future::Future,
    time::{Duration, Instant},
};

/// How long is waited between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// Asks until there is an answer, for at most `seconds`. `what` says what was waited for, should it not come.
///
/// # Panics
/// If the time is over.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, seconds: u64, mut ask: impl FnMut() -> F) -> T {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    loop {
        if let Some(found) = ask().await {
            return found;
        }
        assert!(Instant::now() < deadline, "waited {seconds} s for {what}");
        tokio::time::sleep(PAUSE).await;
    }
}
