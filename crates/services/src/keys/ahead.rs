//! RSA keys that are made ahead: one takes a tenth of a second of a processor, and who makes a realm should not wait for it.

use std::sync::{Mutex, PoisonError};

use jose::{
    Error as JoseError,
    generate::{Pkcs8, generate_rsa},
};
use tokio::{sync::Notify, task::spawn_blocking};

use crate::{Error, Result};

/// The size of the keys that are made ahead, in bits: that of all keys of which nobody wanted another one.
const BITS: u32 = 2048;

/// Keys that wait for somebody who needs one. Each is given away once.
#[derive(Default)]
pub struct KeysAhead {
    keys: Mutex<Vec<Pkcs8>>,
    taken: Notify,
}

impl KeysAhead {
    /// A key of this size, if one is ready.
    pub(super) fn take(&self, bits: u32) -> Option<Pkcs8> {
        if bits != BITS {
            return None;
        }
        let key = self.keys.lock().unwrap_or_else(PoisonError::into_inner).pop();
        self.taken.notify_one();
        key
    }

    /// Makes a key, as soon as fewer than `number` are ready.
    ///
    /// # Errors
    /// If the cryptographic library fails.
    pub async fn make_one(&self, number: usize) -> Result<()> {
        while self.keys.lock().unwrap_or_else(PoisonError::into_inner).len() >= number {
            self.taken.notified().await;
        }
        let made = spawn_blocking(|| generate_rsa(BITS)).await;
        let key = made.or(Err(Error::Jose(JoseError::Cryptography("make a key"))))??;
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).push(key);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn keys_are_given_away_once_and_made_anew() {
        let ahead = KeysAhead::default();
        assert!(ahead.take(BITS).is_none());
        ahead.make_one(2).await.unwrap();
        ahead.make_one(2).await.unwrap();
        assert!(ahead.take(4096).is_none(), "another size");
        let (first, second) = (ahead.take(BITS).unwrap(), ahead.take(BITS).unwrap());
        assert_ne!(first, second);
        assert!(ahead.take(BITS).is_none());
    }
}
