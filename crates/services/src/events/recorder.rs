//! The way from a request to the one task that writes events.
//!
//! Each request waits until its event is committed. While one batch is being written, the next one gathers, so that the
//! more requests there are, the more of them share a write.

use std::time::Duration;

use model::event::Event;
use store::{
    Store,
    events::{Entries, Use},
    refusals::RefusedRequest,
    webhooks::deliveries,
};
use tokio::sync::{
    mpsc::{self, error::TrySendError},
    oneshot,
};

use crate::{Error, Result};

/// The most entries that one statement writes.
const BATCH: usize = 500;
/// How long entries that nobody waits for may gather.
const GATHERING: Duration = Duration::from_millis(50);
/// How long a request waits for a place in a full queue.
const PATIENCE: Duration = Duration::from_secs(5);
/// When a caller who found the queue full may ask again.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// The longest text in an event, in bytes: texts come from requests.
const MAX_TEXT: usize = 4_096;
/// The most details in an event.
const MAX_DETAILS: usize = 30;

/// How the write of an entry ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Written,
    Unavailable,
}

/// What one request has to write.
#[derive(Default)]
pub(crate) struct Entry {
    event: Option<Event>,
    used: Option<Use>,
    /// A refused request of an administrator.
    refused: Option<RefusedRequest>,
    /// What webhooks are to be told.
    told: Vec<deliveries::New>,
    /// Who waits for the end of the write; nobody does if it is none.
    done: Option<oneshot::Sender<Outcome>>,
}

impl Entry {
    /// An event that is [`storable`], and what webhooks are to be told of it.
    pub(super) fn new(event: Option<Event>, told: Vec<deliveries::New>) -> Self {
        Self { event, told, ..Self::default() }
    }

    /// A refused request of an administrator.
    pub(crate) fn of_refused(request: RefusedRequest) -> Self {
        Self { refused: Some(request), ..Self::default() }
    }

    /// The same with a note that an identity token was used.
    pub(super) fn with_use(self, used: Use) -> Self {
        Self { used: Some(used), ..self }
    }
}

/// Takes events from requests. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Recorder(mpsc::Sender<Entry>);

/// Where the events come out, for the task that writes them.
#[derive(Debug)]
pub struct Receiver(mpsc::Receiver<Entry>);

impl Recorder {
    /// A recorder in which up to `capacity` events wait, and the other end of it.
    #[must_use]
    pub fn channel(capacity: usize) -> (Self, Receiver) {
        let (sender, receiver) = mpsc::channel(capacity.max(1));
        (Self(sender), Receiver(receiver))
    }

    /// Writes an entry. Returns when it is committed.
    ///
    /// # Errors
    /// [`Error::Busy`] if the queue stays full, [`Error::Store`] (`Unavailable`) if the database isn't there.
    pub(super) async fn write(&self, entry: Entry) -> Result<()> {
        let (done, outcome) = oneshot::channel();
        self.put(Entry { done: Some(done), ..entry }).await?;
        match outcome.await {
            Ok(Outcome::Written) => Ok(()),
            Ok(Outcome::Unavailable) | Err(_) => Err(Error::Store(store::events::unavailable())),
        }
    }

    /// Writes an entry some time soon. Returns at once, unless so many wait already that requests have to slow down.
    ///
    /// # Errors
    /// [`Error::Busy`] if the queue stays full, [`Error::Store`] (`Unavailable`) if the server is stopping.
    pub(crate) async fn write_later(&self, entry: Entry) -> Result<()> {
        self.put(entry).await
    }

    /// Puts an entry into the queue. A full one slows requests down before it refuses them.
    async fn put(&self, entry: Entry) -> Result<()> {
        let entry = match self.0.try_send(entry) {
            Ok(()) => return Ok(()),
            Err(TrySendError::Full(entry) | TrySendError::Closed(entry)) => entry,
        };
        match tokio::time::timeout(PATIENCE, self.0.send(entry)).await {
            Ok(Ok(())) => Ok(()),
            // The writer is gone: the server is stopping.
            Ok(Err(_)) => Err(Error::Store(store::events::unavailable())),
            Err(_) => Err(Error::Busy(RETRY_AFTER)),
        }
    }
}

/// Cuts what came from a request to a size that is worth keeping, and replaces what the database can't hold.
pub(super) fn storable(event: Event) -> Event {
    let text = |mut text: String| {
        if text.len() > MAX_TEXT {
            text.truncate(text.floor_char_boundary(MAX_TEXT));
        }
        if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
    };
    Event {
        client_id: event.client_id.map(text),
        user_id: event.user_id.map(|id| text(id.0).into()),
        session_id: event.session_id.map(|id| text(id.0).into()),
        ip_address: event.ip_address.map(text),
        error: event.error.map(text),
        details: event.details.into_iter().take(MAX_DETAILS).map(|(name, value)| (text(name), text(value))).collect(),
        ..event
    }
}

/// Entries that are written together.
pub struct Batch(Vec<Entry>);

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batch").field("entries", &self.0.len()).finish()
    }
}

impl Receiver {
    /// Waits for entries and takes all that are there, up to the size of a batch. As long as nobody waits for one of
    /// them, more may gather for a moment. None when every recorder is gone, or when the channel was closed, and nothing
    /// is left.
    pub async fn next(&mut self) -> Option<Batch> {
        let mut entries = Vec::new();
        if self.0.recv_many(&mut entries, BATCH).await == 0 {
            return None;
        }
        let patience = tokio::time::sleep(GATHERING);
        tokio::pin!(patience);
        while entries.len() < BATCH && entries.iter().all(|entry| entry.done.is_none()) {
            tokio::select! {
                () = &mut patience => break,
                more = self.0.recv_many(&mut entries, BATCH) => if more == 0 { break },
            }
        }
        Some(Batch(entries))
    }

    /// Takes no more entries; those that are waiting still come out.
    pub fn close(&mut self) {
        self.0.close();
    }
}

fn entries(entries: &[Entry]) -> Entries<'_> {
    Entries {
        events: entries.iter().filter_map(|entry| entry.event.as_ref()).collect(),
        uses: entries.iter().filter_map(|entry| entry.used.as_ref()).collect(),
        refused: entries.iter().filter_map(|entry| entry.refused.as_ref()).collect(),
        told: entries.iter().flat_map(|entry| &entry.told).collect(),
    }
}

impl Batch {
    /// Writes the entries and tells those who wait for them.
    pub async fn write(self, store: &Store) {
        let outcome = match store::events::write(store, &entries(&self.0)).await {
            Ok(()) => Outcome::Written,
            Err(store::Error::Unavailable(_)) => Outcome::Unavailable,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a batch of events was refused");
                return self.write_singly(store).await;
            }
        };
        for entry in self.0 {
            // Who no longer waits needs no answer.
            let _ = entry.done.map(|done| done.send(outcome));
        }
    }

    /// Writes one entry after the other, so that one which the database refuses costs no other.
    async fn write_singly(self, store: &Store) {
        for entry in self.0 {
            let outcome = match store::events::write(store, &entries(std::slice::from_ref(&entry))).await {
                Ok(()) => Outcome::Written,
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, event = ?entry.event, "an event was refused");
                    Outcome::Unavailable
                }
            };
            let _ = entry.done.map(|done| done.send(outcome));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn event() -> Event {
        Event {
            id: "1".into(),
            realm_id: model::id::RealmId(uuid::Uuid::nil()),
            time: time::OffsetDateTime::UNIX_EPOCH,
            kind: "LOGIN".to_owned(),
            client_id: None,
            user_id: None,
            session_id: None,
            ip_address: None,
            error: None,
            details: BTreeMap::new(),
        }
    }

    fn entry() -> Entry {
        Entry::new(Some(event()), Vec::new())
    }

    #[test]
    fn texts_of_requests_are_made_storable() {
        let details = BTreeMap::from([("username".to_owned(), format!("a\0{}", "é".repeat(3_000)))]);
        let stored = storable(Event { details, client_id: Some("c\0".to_owned()), ..event() });
        assert_eq!(stored.client_id.as_deref(), Some("c\u{fffd}"));
        let username = &stored.details["username"];
        assert!(username.starts_with("a\u{fffd}é") && username.len() <= MAX_TEXT + 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_queue_slows_down_before_it_refuses() {
        let (recorder, mut receiver) = Recorder::channel(1);
        recorder.write_later(entry()).await.unwrap();
        assert!(matches!(recorder.write_later(entry()).await, Err(Error::Busy(_))));
        let mut waiting = Box::pin(recorder.write_later(entry()));
        assert!(futures_util::poll!(waiting.as_mut()).is_pending());
        drop(receiver.next().await);
        waiting.await.unwrap();
    }

    #[tokio::test]
    async fn a_stopped_writer_refuses() {
        let (recorder, mut receiver) = Recorder::channel(1);
        let mut waiting = Box::pin(recorder.write(entry()));
        assert!(futures_util::poll!(waiting.as_mut()).is_pending());
        drop(receiver.next().await);
        assert!(matches!(waiting.await, Err(Error::Store(store::Error::Unavailable(_)))));
        receiver.close();
        assert!(matches!(recorder.write(entry()).await, Err(Error::Store(store::Error::Unavailable(_)))));
        assert!(receiver.next().await.is_none());
    }
}
