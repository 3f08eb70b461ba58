//! Judging a password: exactly one hash, whatever is stored.

use credential::{Argon2Parameters, MemoryBlocks, PasswordError, PasswordHash, password};
use model::{credential::Credential, secret::Secret};
use services::{Error, Result, Services};

/// What one hash told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    /// It is the stored password.
    pub(crate) right: bool,
    /// The stored hash was made in another way than new ones are.
    pub(crate) outdated: bool,
}

/// Judges a password against the stored one. Without one, and for a password that is too long to be anybody's, the same
/// work is done against a hash that nothing matches, so that the time tells nothing.
pub(crate) async fn judge(
    services: &Services,
    wanted: Argon2Parameters,
    stored: Option<&Credential>,
    presented: &Secret,
) -> Result<Judgement> {
    let stored = match stored {
        Some(stored) => match PasswordHash::parse(&stored.credential_data, stored.secret_data.expose()) {
            Ok(hash) => Some(hash),
            Err(error) => {
                tracing::error!(credential = %stored.id, %error, "a stored password can't be read");
                None
            }
        },
        None => None,
    };
    let too_long = presented.expose().len() > password::MAX_PASSWORD_LENGTH;
    let real = stored.is_some() && !too_long;
    let outdated = stored.as_ref().is_some_and(|hash| hash.needs_rehash(&wanted));
    let hash = match stored {
        Some(hash) => hash,
        None => password::dummy_hash(&wanted).map_err(failed)?,
    };
    let presented = if too_long { Secret::new(String::new()) } else { presented.clone() };
    let job = move |memory: &mut MemoryBlocks| hash.verify(presented.expose(), memory);
    let matches = services.passwords.run(job).await?.map_err(failed)?;
    Ok(Judgement { right: matches && real, outdated })
}

fn failed(error: PasswordError) -> Error {
    Error::Credential(Box::new(error))
}
