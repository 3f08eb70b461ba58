//! Randomness as an argument: the server hands in the machine's generator, a test its own.

use time::OffsetDateTime;
use uuid::Uuid;

/// A source of unpredictable bytes.
pub trait Random: Send + Sync + 'static {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// Unpredictable bytes.
#[must_use]
pub fn bytes<const N: usize>(random: &dyn Random) -> [u8; N] {
    let mut bytes = [0; N];
    random.fill(&mut bytes);
    bytes
}

/// 128 unpredictable bits as text, for the `jti` of a token (RFC 7519 section 4.1.7).
#[must_use]
pub fn hexadecimal(random: &dyn Random) -> String {
    format!("{:032x}", u128::from_be_bytes(bytes(random)))
}

/// A UUID of version 7 (RFC 9562 section 5.7).
#[must_use]
pub fn new_id(random: &dyn Random, now: OffsetDateTime) -> Uuid {
    let millis = u64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes(random)).into_uuid()
}

/// `length` letters drawn evenly from `alphabet`, which has at most 256 of them.
#[must_use]
pub fn text(random: &dyn Random, alphabet: &[u8], length: usize) -> String {
    // What is above the largest multiple of the alphabet's size would make some letters likelier.
    let even = 256 - 256 % alphabet.len().clamp(1, 256);
    let mut text = String::with_capacity(length);
    while text.len() < length {
        for byte in bytes::<32>(random).map(usize::from) {
            if let Some(letter) =
                (byte < even && text.len() < length).then(|| alphabet.get(byte % alphabet.len())).flatten()
            {
                text.push(char::from(*letter));
            }
        }
    }
    text
}
