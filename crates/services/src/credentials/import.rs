//! The credentials of imported users. Hashes of passwords are kept as they are, so that people log in as before; what
//! proves a second factor is sealed.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use model::{
    credential::{Credential, PASSWORD},
    id::{CredentialId, RealmId},
    realm::Realm,
    secret::Secret,
};
use representation::CredentialRepresentation;
use store::credentials::PASSWORD_HISTORY;
use time::OffsetDateTime;

use super::{check_label, new_password, stored};
use crate::{Result, Services, import_report::ImportReport, realms::given_id};

/// Types of credentials beside passwords that are kept.
const SECOND_FACTORS: [&str; 4] = ["otp", "webauthn", "webauthn-passwordless", "recovery-authn-codes"];
/// The longest of a credential's two texts, in bytes.
const MAX_DATA: usize = 64 * 1_024;
/// How many passwords are hashed at once: more would only wait in the queue of the hashing threads.
const AT_ONCE: usize = 8;

/// A credential of an import: ready, or a password that is still to be hashed.
pub(crate) enum Read {
    /// As it is stored.
    Ready(Credential),
    /// A password in the clear, and the rest of its credential.
    Plain(Secret, Option<String>, Option<i32>),
}

/// Reads a credential. None if it can't be taken over, which is noted.
///
/// # Errors
/// If it can't be sealed.
pub(crate) fn read(
    services: &Services,
    realm: RealmId,
    given: &CredentialRepresentation,
    path: &str,
    report: &mut ImportReport,
) -> Result<Option<Read>> {
    let kind = given.r#type.as_deref().unwrap_or(PASSWORD);
    if let Some(label) = &given.user_label
        && report.kept(path, check_label(label))?.is_none()
    {
        return Ok(None);
    }
    match (kind, &given.value) {
        (PASSWORD, Some(value)) if !value.expose().is_empty() => {
            let password = Secret::new(value.expose().clone());
            Ok(Some(Read::Plain(password, given.user_label.clone(), given.priority)))
        }
        (PASSWORD | PASSWORD_HISTORY, _) => {
            let Some(taken) = report.kept(path, stored::take_over(services, given))? else { return Ok(None) };
            let Some(mut credential) = taken else {
                report.note(path, "it holds neither a password nor a hash; left out");
                return Ok(None);
            };
            kind.clone_into(&mut credential.kind);
            finish(services, &mut credential, given, path, report)?;
            Ok(Some(Read::Ready(credential)))
        }
        (kind, _) if SECOND_FACTORS.contains(&kind) => second_factor(services, realm, kind, given, path, report),
        (kind, _) => {
            let kind: String = kind.chars().filter(|letter| !letter.is_control()).take(40).collect();
            report.note(path, format!("credentials of the type {kind} are not known here; left out"));
            Ok(None)
        }
    }
}

/// The id and the place of a credential, where they are given.
fn finish(
    services: &Services,
    credential: &mut Credential,
    given: &CredentialRepresentation,
    path: &str,
    report: &mut ImportReport,
) -> Result<()> {
    if let Some(id) = report.kept(path, given_id(services, given.id.clone()))? {
        credential.id = CredentialId(id);
    }
    credential.priority = given.priority.unwrap_or(credential.priority);
    Ok(())
}

fn sealed_for(realm: RealmId, id: &CredentialId) -> String {
    format!("{realm}/credential/{id}")
}

/// A second factor: kept with its secret part sealed.
fn second_factor(
    services: &Services,
    realm: RealmId,
    kind: &str,
    given: &CredentialRepresentation,
    path: &str,
    report: &mut ImportReport,
) -> Result<Option<Read>> {
    let (Some(data), Some(secret)) = (&given.credential_data, &given.secret_data) else {
        report.note(path, "credentialData and secretData are missing; left out");
        return Ok(None);
    };
    let secret = secret.expose();
    if data.len() > MAX_DATA || secret.len() > MAX_DATA || data.contains('\0') || secret.contains('\0') {
        report.note(path, "it is too long or holds the zero character; left out");
        return Ok(None);
    }
    let created = given
        .created_date
        .and_then(|millis| OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).ok());
    let mut credential = Credential {
        id: CredentialId(services.new_id()),
        kind: kind.to_owned(),
        label: given.user_label.clone(),
        created: created.unwrap_or_else(|| services.now()),
        credential_data: data.clone(),
        secret_data: Secret::new(String::new()),
        priority: 0,
    };
    finish(services, &mut credential, given, path, report)?;
    credential.secret_data = Secret::new(services.sealing.seal(&sealed_for(realm, &credential.id), secret.as_bytes())?);
    report.note(path, "it is kept, but logins do not ask for a second factor here");
    Ok(Some(Read::Ready(credential)))
}

/// The secret part of a stored credential, as an export has it.
///
/// # Errors
/// If it can't be opened.
pub(crate) fn opened(services: &Services, realm: RealmId, credential: &Credential) -> Result<Secret> {
    if [PASSWORD, PASSWORD_HISTORY].contains(&credential.kind.as_str()) {
        return Ok(credential.secret_data.clone());
    }
    let opened = services.sealing.open(&sealed_for(realm, &credential.id), credential.secret_data.expose())?;
    Ok(Secret::new(String::from_utf8_lossy(&opened).into_owned()))
}

/// A password in the clear: whose it is, where it stood, its label and its priority.
pub(crate) type Plain<Owner> = (Owner, String, Secret, Option<String>, Option<i32>);

/// Hashes what is still to be hashed, several at once. A password that can't be one is noted and left out.
///
/// # Errors
/// `Busy` if too many hashes wait.
pub(crate) async fn hash<Owner>(
    services: &Services,
    realm: &Realm,
    plain: Vec<Plain<Owner>>,
    report: &mut ImportReport,
) -> Result<Vec<(Owner, Credential)>> {
    let hashed: Vec<_> = stream::iter(plain)
        .map(|(owner, path, password, label, priority)| async move {
            match new_password(services, realm, password).await {
                Ok(credential) => {
                    let priority = priority.unwrap_or(credential.priority);
                    Ok((owner, path, Ok(Credential { label, priority, ..credential })))
                }
                Err(refused @ crate::Error::Policy { .. }) => Ok((owner, path, Err(refused))),
                Err(other) => Err(other),
            }
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let mut credentials = Vec::new();
    for (owner, path, result) in hashed {
        credentials.extend(report.kept(path, result)?.map(|credential| (owner, credential)));
    }
    Ok(credentials)
}
