//! Passwords that come as hashes, from a Keycloak that gave its users away.

use credential::PasswordHash;
use model::{
    credential::{Credential, PASSWORD},
    id::CredentialId,
    secret::Secret,
};
use representation::CredentialRepresentation;
use serde_json::json;
use time::OffsetDateTime;

use crate::{Error, Result, Services};

/// The algorithm of the oldest form of a representation when it names none.
const OLDEST_ALGORITHM: &str = "pbkdf2-sha256";

/// Takes a hashed password over as it is. None if the representation holds none.
///
/// # Errors
/// `Invalid` if the hash can't be read, so that its user could never log in.
pub(super) fn take_over(services: &Services, given: &CredentialRepresentation) -> Result<Option<Credential>> {
    let (credential_data, secret_data) = match (&given.credential_data, &given.secret_data) {
        (Some(data), Some(secret)) => (data.clone(), secret.expose().clone()),
        (None, None) => match (&given.hashed_salted_value, &given.salt) {
            (Some(value), Some(salt)) => {
                let algorithm = given.algorithm.as_deref().unwrap_or(OLDEST_ALGORITHM);
                let data = json!({
                    "hashIterations": given.hash_iterations.unwrap_or(27_500),
                    "algorithm": algorithm,
                    "additionalParameters": {},
                });
                let secret = json!({ "value": value.expose(), "salt": salt.expose(), "additionalParameters": {} });
                (data.to_string(), secret.to_string())
            }
            _ => return Ok(None),
        },
        _ => return Err(Error::invalid("credentials", "credentialData and secretData belong together")),
    };
    PasswordHash::parse(&credential_data, &secret_data)
        .map_err(|error| Error::invalid("credentials", error.to_string()))?;
    if credential_data.contains('\0') || secret_data.contains('\0') {
        return Err(Error::invalid("credentials", "The stored password can't be read"));
    }
    let created = given
        .created_date
        .and_then(|millis| OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).ok())
        .filter(|time| time.year() >= 1970);
    Ok(Some(Credential {
        id: CredentialId(services.new_id()),
        kind: PASSWORD.to_owned(),
        label: given.user_label.clone(),
        created: created.unwrap_or_else(|| services.now()),
        credential_data,
        secret_data: Secret::new(secret_data),
        priority: 0,
    }))
}
