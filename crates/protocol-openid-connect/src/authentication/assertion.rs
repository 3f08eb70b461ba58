//! Assertions (RFC 7523 section 3): a client signs that it is itself, with its private key or with its secret. Each is
//! good once.

use actix_web::http::StatusCode;
use jose::{Family, SignatureAlgorithm, UnverifiedToken, VerificationKey, check_times};
use model::realm::Realm;
use openssl::sha::sha256;
use serde_json::Value;
use services::{Error, Services, client_keys, clients::ClientConfig, store};
use time::{Duration, OffsetDateTime};

use super::Method;
use crate::{form::Form, grants::Failure, refusal::Refusal};

/// What names an assertion that is a JWT.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Attribute: the only algorithm that a client signs with; Keycloak's name.
const ALGORITHM: &str = "token.endpoint.auth.signing.alg";
/// The longest life of an assertion that is believed, seconds: its use is remembered that long.
const LONGEST: i64 = 600;
/// How far clocks may differ, seconds.
const LEEWAY: u32 = 15;
/// The algorithms that may sign an assertion.
pub const ALGORITHMS: [SignatureAlgorithm; 13] = SignatureAlgorithm::ALL;

fn refuse(text: impl Into<String>) -> Failure {
    Failure::new(Refusal::new(StatusCode::BAD_REQUEST, "invalid_client", text), "invalid_client_credentials")
}

/// The assertion of a request.
///
/// # Errors
/// `invalid_client` if it comes without its type or with another one.
pub fn of(form: &Form) -> Result<Option<&str>, Failure> {
    match (form.get("client_assertion"), form.get("client_assertion_type")) {
        (None, None) => Ok(None),
        (Some(text), Some(JWT_BEARER)) => Ok(Some(text)),
        (Some(_), None) => Err(refuse("Parameter client_assertion_type is missing")),
        (None, Some(_)) => Err(refuse("client_assertion parameter missing")),
        (Some(_), Some(_)) => Err(refuse(format!("Parameter client_assertion_type has not the value '{JWT_BEARER}'"))),
    }
}

/// Whom an assertion says it is from: issuer and subject are the client.
///
/// # Errors
/// `invalid_client` if it can't be read, or if the two differ.
pub fn claimed_client(text: &str) -> Result<String, Failure> {
    let token =
        UnverifiedToken::parse(text).map_err(|error| refuse(format!("The client assertion can't be read: {error}")))?;
    let (Some(subject), Some(issuer)) = (token.subject(), token.issuer()) else {
        return Err(refuse("Can't identify client. Subject or issuer missing on JWT token"));
    };
    if subject != issuer {
        return Err(refuse("Issuer mismatch. The issuer should match the subject"));
    }
    Ok(subject.to_owned())
}

/// Judges the assertion of a client, and uses it up.
///
/// # Errors
/// `invalid_client` with a reason.
pub async fn check(services: &Services, realm: &Realm, config: &ClientConfig, text: &str) -> Result<(), Failure> {
    let unreadable = |error: jose::Error| refuse(format!("The client assertion is not good: {error}"));
    let token = UnverifiedToken::parse(text).map_err(unreadable)?;
    let algorithm = token.algorithm();
    let method = if algorithm.family() == Family::Hmac { Method::SecretJwt } else { Method::PrivateKeyJwt };
    if !method.is_allowed(&config.client) {
        return Err(refuse("The client registered another way to authenticate"));
    }
    if config.client.attributes.get(ALGORITHM).is_some_and(|only| !only.is_empty() && only != algorithm.as_str()) {
        return Err(refuse("invalid signature algorithm"));
    }
    let verified = match method {
        Method::SecretJwt => {
            let secret = config.secret(services, realm)?.ok_or_else(|| refuse("The client has no secret"))?;
            let key = VerificationKey::from_secret(algorithm, secret.expose().as_bytes())
                .map_err(|_why| refuse("The client's secret is too short for this algorithm"))?;
            token.verify(&key).map_err(unreadable)?
        }
        _ => {
            let keys = client_keys::with_kid(services, realm, &config.client, token.kid()).await;
            let keys = keys.map_err(|error| match error {
                Error::Refused(text) => refuse(format!("Unable to load public key: {text}")),
                other => other.into(),
            })?;
            let candidates = keys.verification_keys(token.kid(), algorithm);
            token.verify_any(candidates).map_err(unreadable)?
        }
    };
    let claims = &verified.claims;
    let now = services.now().unix_timestamp();
    check_times(claims, now, LEEWAY).map_err(|error| refuse(format!("Token is not active: {error}")))?;
    let expires = claims.get("exp").and_then(Value::as_i64).unwrap_or(i64::MAX);
    if expires > now + LONGEST {
        return Err(refuse("Token expiration is too far in the future and iat claim not present in token"));
    }
    if !is_for(&services.realm_url(realm), claims) {
        return Err(refuse("Token audience doesn't match domain"));
    }
    let Some(id) = claims.get("jti").and_then(Value::as_str).filter(|id| !id.is_empty()) else {
        return Err(refuse("Missing jti in the client assertion"));
    };
    let hash = sha256(format!("{}\0{id}", config.client.id).as_bytes());
    let until = OffsetDateTime::from_unix_timestamp(expires).unwrap_or(services.now())
        + Duration::seconds(i64::from(LEEWAY) + 1);
    if !store::used_assertions::use_once(&services.store, realm.id, &hash, until).await? {
        return Err(refuse("Token reuse detected"));
    }
    Ok(())
}

/// Whether an assertion is for this issuer and nobody else: it names it, or endpoints at which clients authenticate. Who
/// else is named could use it here in the client's name (RFC 7523 section 3).
pub fn is_for(issuer: &str, claims: &Value) -> bool {
    let protocol = format!("{issuer}/protocol/openid-connect");
    let ours = |audience: &str| {
        audience == issuer
            || ["/token", "/token/introspect", "/ext/par/request", "/revoke", "/auth/device"]
                .iter()
                .any(|path| audience.strip_prefix(&protocol) == Some(path))
    };
    match claims.get("aud") {
        Some(Value::String(audience)) => ours(audience),
        Some(Value::Array(audiences)) => {
            !audiences.is_empty() && audiences.iter().all(|audience| audience.as_str().is_some_and(ours))
        }
        _ => false,
    }
}
