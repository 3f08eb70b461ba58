//! Time as an argument: nothing but the outermost layer asks the machine for it.

use time::OffsetDateTime;

/// Tells the time. The server hands in the machine's clock, a test one that it moves by hand.
pub trait Clock: Send + Sync + 'static {
    /// The present moment in UTC.
    fn now(&self) -> OffsetDateTime;
}

/// A moment as milliseconds since 1970, the form of Keycloak's representations.
#[must_use]
pub fn epoch_millis(moment: OffsetDateTime) -> i64 {
    i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}
