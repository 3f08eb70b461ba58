//! One token request, from who asks to the signed answer and its event.

use std::{collections::BTreeMap, sync::Arc};

use login::direct::{self, Verdict};
use model::{
    event::Event,
    id::{EventId, SessionId},
    realm::Realm,
    subject::Subject,
    user::User,
};
use services::{Origin, Services, events, identity_tokens, random, subjects, token_requests::NOT_GRANTED};
use time::Duration;

use crate::{
    access::{self, Decision},
    claims::{self, Claims, TokenFacts},
    error::TokenError,
    registry::{Registries, Registry},
    request::{Credentials, TokenRequest},
    response::TokenResponse,
    scope::RequestedScopes,
};

/// The longest text of requested or granted scopes that an event keeps, in bytes.
const MAX_EVENT_SCOPE: usize = 4_000;

/// A refusal with what its event tells administrators beyond what the caller may know.
struct Refused {
    error: TokenError,
    /// Keycloak's error code, where it is more exact than the answer's.
    reason: Option<&'static str>,
    /// The same in a sentence for administrators.
    explanation: Option<String>,
    user: Option<User>,
}

impl From<TokenError> for Refused {
    fn from(error: TokenError) -> Self {
        Self { error, reason: None, explanation: None, user: None }
    }
}

impl From<services::Error> for Refused {
    fn from(error: services::Error) -> Self {
        failure(&error).into()
    }
}

/// What a failed service means to a docker client.
pub(crate) fn failure(error: &services::Error) -> TokenError {
    match error {
        services::Error::Busy(wait) => {
            TokenError::Unavailable(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).max(1))
        }
        services::Error::Store(services::store::Error::Unavailable(_)) => TokenError::Unavailable(1),
        other => {
            tracing::error!(error = other as &dyn std::error::Error, "a token request failed");
            TokenError::Internal
        }
    }
}

/// Who asks, as far as it was proven.
struct Requester {
    user: Option<User>,
    subject: Option<Subject>,
    /// The identity token that proved it.
    session: Option<SessionId>,
    /// How, for the event.
    proof: &'static str,
}

/// The outcome of a request, with the id of its event.
pub struct Outcome {
    /// The answer.
    pub answer: Result<TokenResponse, TokenError>,
    /// Finds the event.
    pub event_id: EventId,
    /// The token grants less than was asked for.
    pub less: bool,
    /// The registry, once it is known: its web origins may read the answer.
    pub registry: Option<Arc<Registry>>,
}

/// Answers a token request and records it. No answer goes out whose event is not kept.
pub async fn answer(
    services: &Services,
    registries: &Registries,
    realm: &Realm,
    request: Result<TokenRequest, TokenError>,
    origin: &Origin,
) -> Outcome {
    let event_id = EventId(services.new_id());
    let mut facts = Facts { origin: origin.clone(), ..Facts::default() };
    let mut registry = None;
    let result = match request {
        Ok(request) => {
            facts.note_request(&request);
            grant(services, registries, realm, &request, &mut facts, &mut registry).await
        }
        Err(error) => Err(error.into()),
    };
    let client = registry.as_ref().map(|registry: &Arc<Registry>| registry.config.client.client_id.clone());
    let event = facts.event(services, realm, event_id.clone(), client, result.as_ref().err());
    let recorded = match &facts.session {
        Some(token) => events::record_with_use(services, realm, event, token).await,
        None => events::record(services, realm, event).await,
    };
    let answer = match recorded {
        Ok(()) => result.map_err(|refused| refused.error),
        Err(error) => Err(failure(&error)),
    };
    count(&answer, &facts);
    Outcome { answer, event_id, less: facts.counts.1 > 0, registry }
}

async fn grant(
    services: &Services,
    registries: &Registries,
    realm: &Realm,
    request: &TokenRequest,
    facts: &mut Facts,
    found: &mut Option<Arc<Registry>>,
) -> Result<TokenResponse, Refused> {
    let registry = registries.find(services, realm, &request.service).await??;
    *found = Some(Arc::clone(&registry));
    let requested = RequestedScopes::parse(&request.scopes).map_err(TokenError::from)?;
    facts.requested = shortened(requested.to_string());
    let requester = identify(services, realm, &registry, request, &facts.origin).await?;
    facts.note_requester(&requester);
    let decision = access::decide(&requested, requester.subject.as_ref(), &registry.rules);
    facts.note_decision(&decision);
    let identity_token = match &requester.user {
        Some(user) if request.offline => identity_token(services, realm, &registry, user, &requester, facts).await?,
        _ => None,
    };
    let issued_at = services.now();
    let lifespan = registry.settings.token_lifespan;
    let token = registry.sign(&Claims::new(TokenFacts {
        issuer: &services.realm_url(realm),
        username: requester.user.as_ref().map(|user| user.username.as_str()),
        service: &request.service,
        issued_at,
        lifespan,
        token_id: &random::hexadecimal(&*services.random),
        access: decision.granted.clone(),
    }))?;
    claims::check_length(&token).map_err(TokenError::from)?;
    // A client that came with an identity token gets the same one back (OAuth form of the token protocol).
    let told = identity_token.or_else(|| match &request.credentials {
        Credentials::IdentityToken(token) => Some(token.expose().to_owned()),
        _ => None,
    });
    Ok(TokenResponse::new(token, lifespan, issued_at, &decision, told))
}

async fn identify(
    services: &Services,
    realm: &Realm,
    registry: &Registry,
    request: &TokenRequest,
    origin: &Origin,
) -> Result<Requester, Refused> {
    match &request.credentials {
        Credentials::None if access::anonymous_allowed(&registry.rules) => {
            Ok(Requester { user: None, subject: None, session: None, proof: "none" })
        }
        Credentials::None => Err(TokenError::CredentialsRequired.into()),
        Credentials::Password { username, password } => {
            match direct::password(services, realm, username, password, origin).await? {
                Verdict::Accepted(user, given) => {
                    let subject = subjects::of(services, realm.id, &user, given).await?;
                    Ok(Requester { user: Some(user), subject: Some(subject), session: None, proof: "password" })
                }
                Verdict::Rejected { reason, user } => Err(Refused {
                    error: TokenError::InvalidCredentials,
                    reason: Some(reason.error_code()),
                    explanation: Some(reason.explanation()),
                    user,
                }),
            }
        }
        Credentials::IdentityToken(token) => {
            let client = &registry.config.client.id;
            match identity_tokens::redeem(services, realm, client, token).await? {
                Some(redeemed)
                    if redeemed.token.created.unix_timestamp() >= registry.config.client.settings.not_before =>
                {
                    let subject = subjects::of(services, realm.id, &redeemed.user, redeemed.given).await?;
                    Ok(Requester {
                        subject: Some(subject),
                        user: Some(redeemed.user),
                        session: Some(redeemed.token.id),
                        proof: "identity_token",
                    })
                }
                _ => Err(TokenError::InvalidIdentityToken.into()),
            }
        }
    }
}

/// A new identity token, where one is asked for with a password and the registry issues them.
async fn identity_token(
    services: &Services,
    realm: &Realm,
    registry: &Registry,
    user: &User,
    requester: &Requester,
    facts: &mut Facts,
) -> Result<Option<String>, Refused> {
    let Some(lifespan) = registry.settings.identity_token_lifespan.filter(|_| requester.session.is_none()) else {
        return Ok(None);
    };
    let client = &registry.config.client.id;
    let lifespan = Duration::seconds(i64::from(lifespan));
    let token = identity_tokens::issue(services, realm, &user.id, client, &facts.origin, lifespan).await?;
    facts.issued = true;
    Ok(Some(token.expose().to_owned()))
}

/// What the event of a request says.
#[derive(Default)]
struct Facts {
    origin: Origin,
    service: String,
    account: Option<String>,
    client_label: Option<String>,
    method: &'static str,
    proof: &'static str,
    user: Option<User>,
    session: Option<SessionId>,
    issued: bool,
    requested: String,
    granted: String,
    not_granted: String,
    counts: (usize, usize),
}

impl Facts {
    fn note_request(&mut self, request: &TokenRequest) {
        self.service.clone_from(&request.service);
        self.client_label.clone_from(&request.client_label);
        self.account = match &request.credentials {
            Credentials::Password { username, .. } => Some(username.clone()),
            _ => request.account.clone(),
        };
        self.method = request.method.as_str();
    }

    fn note_requester(&mut self, requester: &Requester) {
        self.user.clone_from(&requester.user);
        self.session.clone_from(&requester.session);
        self.proof = requester.proof;
    }

    fn note_decision(&mut self, decision: &Decision) {
        self.granted = shortened(decision.granted_scope());
        self.counts = decision.counts();
        self.not_granted = if self.counts.1 == 0 { String::new() } else { shortened(decision.not_granted()) };
    }

    fn event(
        &self,
        services: &Services,
        realm: &Realm,
        id: EventId,
        client: Option<String>,
        refused: Option<&Refused>,
    ) -> Event {
        let user = self.user.as_ref().or_else(|| refused.and_then(|refused| refused.user.as_ref()));
        let error = refused.map(|refused| refused.reason.unwrap_or_else(|| refused.error.event_error()));
        let (granted, not_granted) = self.counts;
        let details = [
            ("auth_method", Some("docker-v2".to_owned())),
            ("service", Some(self.service.clone())),
            ("username", user.map(|user| user.username.clone()).or_else(|| self.account.clone())),
            ("proof", Some(self.proof.to_owned())),
            ("request", Some(self.method.to_owned())),
            ("client_label", self.client_label.clone()),
            ("user_agent", self.origin.user_agent.clone()),
            ("requested", Some(self.requested.clone())),
            ("granted", Some(self.granted.clone())),
            ("refused_actions", (refused.is_none() && granted + not_granted > 0).then(|| not_granted.to_string())),
            (NOT_GRANTED, Some(self.not_granted.clone()).filter(|_| refused.is_none())),
            ("identity_token", self.issued.then(|| "issued".to_owned())),
            ("reason", refused.and_then(|refused| refused.explanation.clone())),
        ];
        Event {
            id,
            realm_id: realm.id,
            time: services.now(),
            kind: if error.is_some() { "LOGIN_ERROR" } else { "LOGIN" }.to_owned(),
            client_id: client,
            user_id: user.map(|user| user.id.clone()),
            session_id: self.session.clone(),
            ip_address: self.origin.ip_address.clone(),
            error: error.map(str::to_owned),
            details: details
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value.filter(|value| !value.is_empty())?)))
                .collect::<BTreeMap<_, _>>(),
        }
    }
}

/// Counts the outcome. Labels are of a fixed set, never from a request.
fn count(answer: &Result<TokenResponse, TokenError>, facts: &Facts) {
    let (granted, refused) = facts.counts;
    let outcome = match answer {
        Err(error) => error.event_error(),
        Ok(_) if refused == 0 => "granted",
        Ok(_) if granted == 0 => "nothing_granted",
        Ok(_) => "partly_granted",
    };
    metrics::counter!("portcullis_docker_token_requests_total", "outcome" => outcome).increment(1);
    metrics::counter!("portcullis_docker_actions_total", "verdict" => "granted").increment(granted as u64);
    metrics::counter!("portcullis_docker_actions_total", "verdict" => "refused").increment(refused as u64);
}

fn shortened(mut text: String) -> String {
    if text.len() > MAX_EVENT_SCOPE {
        let end = (0..=MAX_EVENT_SCOPE).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}
