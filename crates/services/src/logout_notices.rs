//! Telling a client, from server to server, that a session of its user ended. The work is queued by the statement that
//! ends the session (`store::sessions::delete`) and done by `jobs`; here is one attempt at it, and its bitter end.
//!
//! What is said is the protocol's business. It is made anew for each attempt: a notice is good for a short time only, and
//! a client that got it, but whose answer was lost, must not take the next one for a replay.

use jose::{PreparedHeader, SignatureAlgorithm};
use model::{
    event::Event,
    id::{SessionId, UserId},
    realm::Realm,
};
use protocol::EndedSession;
use serde::Deserialize;
use store::jobs::Job;

use crate::{
    Error, Origin, Result, Services, cache, client_keys::address_policy, clients::ClientConfig, events, keys,
    work::Outcome,
};

/// The kind of these jobs.
pub const KIND: &str = store::sessions::BACKCHANNEL_LOGOUT;

/// What the job says.
#[derive(Debug, Deserialize)]
struct Ended {
    /// The `clientId` of the client.
    client: String,
    session: SessionId,
    user: UserId,
    /// The address that the server had when the session was ended: the issuer begins with it.
    public_url: String,
}

impl Ended {
    fn read(job: &Job) -> Result<Self> {
        serde_json::from_value(job.payload.clone())
            .map_err(|error| Error::Refused(format!("the job can't be read: {error}")))
    }
}

/// Tries to tell the client.
///
/// # Errors
/// If the database or the cryptographic library fails, or the job can't be read.
pub async fn tell(services: &Services, job: &Job) -> Result<Outcome> {
    let ended = Ended::read(job)?;
    let Some(realm) = cache::realm(services, &job.realm_name).await? else { return Ok(Outcome::Nobody) };
    let Some(config) = client(services, &realm, &ended).await? else { return Ok(Outcome::Nobody) };
    let Some(protocol) = services.protocols.get(&config.client.protocol) else { return Ok(Outcome::Nobody) };
    let services = services.at(&ended.public_url);
    let notice = protocol.logout_notice(&EndedSession {
        realm: &realm,
        client: &config.client,
        mappers: &config.mappers,
        issuer: &services.realm_url(&realm),
        session: &ended.session,
        user: &ended.user,
        now: services.now().unix_timestamp(),
        id: &crate::random::hexadecimal(&*services.random),
    });
    let Some(notice) = notice else { return Ok(Outcome::Nobody) };
    let algorithm: SignatureAlgorithm = notice.algorithm.parse()?;
    let realm_keys = keys::with_active(&services, &realm, algorithm).await?;
    let key = realm_keys.active(algorithm).ok_or(Error::Jose(jose::Error::UnknownKey))?;
    let header = PreparedHeader::with_type(algorithm, Some(&key.kid), Some(notice.typ));
    let token = key.sign_with(&header, &notice.claims)?;
    let form = [(notice.field, token.as_str())];
    // Section 2.8 of OpenID Connect Back-Channel Logout 1.0: 200, or what frameworks make of an empty answer.
    Ok(match services.outgoing.post_form(&notice.url, &address_policy(&realm), &form).await {
        Ok(200..=299) => Outcome::Told,
        Ok(status) => Outcome::Failed(format!("{} answered with status {status}", notice.url)),
        Err(refused) => Outcome::Failed(format!("{} can't be called: {refused}", notice.url)),
    })
}

async fn client(services: &Services, realm: &Realm, ended: &Ended) -> Result<Option<std::sync::Arc<ClientConfig>>> {
    let config = cache::client(services, realm, &ended.client).await?;
    Ok(config.filter(|config| config.client.client_id == ended.client))
}

/// Records that a client was not told and will not be.
///
/// # Errors
/// If the event can't be written.
pub async fn gave_up(services: &Services, job: &Job, reason: &str) -> Result<()> {
    tracing::error!(
        realm = job.realm_name,
        job = job.id,
        attempts = job.attempts,
        reason,
        "a client could not be told that a session ended, and will not be"
    );
    let Some(realm) = cache::realm(services, &job.realm_name).await? else { return Ok(()) };
    let mut event: Event = events::event(services, &realm, "LOGOUT_ERROR", &Origin::default());
    event.error = Some("logout_failed".to_owned());
    event.details.insert("reason".to_owned(), reason.chars().filter(|letter| !letter.is_control()).take(255).collect());
    if let Ok(ended) = Ended::read(job) {
        event.client_id = Some(ended.client);
        event.session_id = Some(ended.session);
        event.user_id = Some(ended.user);
    }
    events::record(services, &realm, event).await
}
