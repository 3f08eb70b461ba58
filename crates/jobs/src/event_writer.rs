//! The one task that writes events. While a batch is written the next one gathers in the channel.

use services::{events::Receiver, store::Store};

use crate::{Shutdown, stopping};

/// Writes events until the server stops, then those that still wait.
pub(crate) async fn run(store: Store, mut events: Receiver, mut shutdown: Shutdown) {
    loop {
        let batch = tokio::select! {
            () = stopping(&mut shutdown) => break,
            batch = events.next() => batch,
        };
        match batch {
            Some(batch) => batch.write(&store).await,
            None => return,
        }
    }
    events.close();
    while let Some(batch) = events.next().await {
        batch.write(&store).await;
    }
}
