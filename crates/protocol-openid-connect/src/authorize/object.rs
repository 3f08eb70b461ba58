//! Request objects (RFC 9101, OpenID Connect Core 1.0 section 6): parameters in a JWT, by value or by reference.

use jose::{EncryptedToken, SignatureAlgorithm, UnsecuredToken, UnverifiedToken, check_times_without_expiry};
use model::realm::Realm;
use serde_json::Value;
use services::{Error, Services, client_keys, clients::ClientConfig, keys};

use crate::form::Form;

/// The algorithms that sign request objects.
pub const ALGORITHMS: [SignatureAlgorithm; 6] = [
    SignatureAlgorithm::Rs256,
    SignatureAlgorithm::Ps256,
    SignatureAlgorithm::Es256,
    SignatureAlgorithm::Es384,
    SignatureAlgorithm::Es512,
    SignatureAlgorithm::EdDsa,
];
/// Attributes; Keycloak's names.
const ALGORITHM: &str = "request.object.signature.alg";
const ENCRYPTION: &str = "request.object.encryption.alg";
const CONTENT_ENCRYPTION: &str = "request.object.encryption.enc";
const REQUIRED: &str = "request.object.required";
const REGISTERED_URIS: &str = "request.uris";
/// What the header's `typ` may say, if it says anything (RFC 9101 section 10.8): nothing that a client signed for something
/// else is a request.
const TYPES: [&str; 3] = ["JWT", "oauth-authz-req+jwt", "application/oauth-authz-req+jwt"];
/// The longest request object that is fetched, in bytes.
const MAX_LENGTH: usize = 64 * 1_024;
/// How far clocks may differ, seconds.
const LEEWAY: u32 = 15;

/// Why a request object can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectError {
    /// The code of RFC 9101 section 7.
    pub code: &'static str,
    /// A sentence for the client's developer.
    pub text: String,
}

fn invalid(text: impl Into<String>) -> ObjectError {
    ObjectError { code: "invalid_request_object", text: text.into() }
}

/// The parameters of a request: those of its request object, if there is one, and then only those (RFC 9101 section
/// 6.3). What stands beside the object is not looked at, but for `response_type` and `scope` where the object leaves
/// them out, because OAuth wants these in the query (OpenID Connect Core 1.0 section 6.1).
///
/// # Errors
/// Why the object can't be used.
pub async fn parameters(
    services: &Services,
    realm: &Realm,
    config: &ClientConfig,
    form: Form,
) -> Result<Form, ObjectError> {
    let required = config.client.attributes.get(REQUIRED).map(String::as_str).unwrap_or("not required");
    let (by_value, by_reference) = (form.get("request"), form.get("request_uri"));
    let object = match (by_value, by_reference) {
        (Some(_), Some(_)) => {
            let text = "Illegal to use both parameters 'request' and 'request_uri' together";
            return Err(ObjectError { code: "invalid_request", text: text.to_owned() });
        }
        (None, None) if required == "not required" => return Ok(form),
        (None, None) => {
            let text = "Client is required to use a request object";
            return Err(ObjectError { code: "invalid_request", text: text.to_owned() });
        }
        (Some(_), None) if required == "request_uri only" => {
            return Err(invalid("The object has to come by request_uri"));
        }
        (None, Some(_)) if required == "request only" => return Err(invalid("The object has to come in request")),
        (Some(object), None) => object.to_owned(),
        (None, Some(uri)) => fetch(services, realm, config, uri).await?,
    };
    let claims = verified(services, realm, config, &object).await?;
    let inner = to_form(&config.client.client_id, &claims)?;
    let mut merged = inner;
    for name in ["response_type", "scope"] {
        if let (None, Some(outer)) = (merged.get(name), form.get(name)) {
            merged.set(name, outer.to_owned());
        }
    }
    Ok(merged)
}

/// Fetches an object from an address that the client registered before, letter by letter.
async fn fetch(services: &Services, realm: &Realm, config: &ClientConfig, uri: &str) -> Result<String, ObjectError> {
    let registered = config.client.attributes.get(REGISTERED_URIS).map(String::as_str).unwrap_or_default();
    let refuse = |text: String| ObjectError { code: "invalid_request_uri", text };
    if !registered.split("##").any(|registered| registered == uri) {
        return Err(refuse("The request_uri is not registered for this client".to_owned()));
    }
    // The fragment only tells versions apart (OpenID Connect Core 1.0 section 6.2).
    let address = uri.split('#').next().unwrap_or(uri);
    let policy = client_keys::address_policy(realm);
    let answer = services.outgoing.get(address, &policy, MAX_LENGTH).await;
    let answer = answer.map_err(|error| refuse(format!("The request_uri can't be fetched: {error}")))?;
    String::from_utf8(answer.body).map_err(|_why| refuse("The request_uri gives no request object".to_owned()))
}

/// The claims of an object that this client made for this realm.
async fn verified(
    services: &Services,
    realm: &Realm,
    config: &ClientConfig,
    object: &str,
) -> Result<Value, ObjectError> {
    let opened;
    let object = match EncryptedToken::looks_like(object) {
        false if attribute(config, ENCRYPTION) != "any" => {
            return Err(invalid("The client registered that its request objects are encrypted"));
        }
        false => object,
        true => {
            opened = decrypted(services, realm, config, object).await?;
            &opened
        }
    };
    let wanted = config.client.attributes.get(ALGORITHM).map(String::as_str).unwrap_or("any");
    let claims = if wanted == "none" {
        UnsecuredToken::parse(object).map(UnsecuredToken::into_claims).map_err(|error| invalid(error.to_string()))?
    } else {
        let unverified = UnverifiedToken::parse(object).map_err(|error| invalid(error.to_string()))?;
        if unverified.typ().is_some_and(|typ| !TYPES.iter().any(|known| typ.eq_ignore_ascii_case(known))) {
            return Err(invalid("The request object is a token of another type"));
        }
        let algorithm = unverified.algorithm();
        if !ALGORITHMS.contains(&algorithm) || (wanted != "any" && wanted != algorithm.as_str()) {
            return Err(invalid("The request object is signed with an algorithm that the client did not register"));
        }
        let keys = client_keys::with_kid(services, realm, &config.client, unverified.kid()).await;
        let keys = keys.map_err(|error| match error {
            Error::Refused(text) => invalid(format!("The request object can't be verified: {text}")),
            _ => ObjectError { code: "server_error", text: "The client's keys can't be had".to_owned() },
        })?;
        let candidates = keys.verification_keys(unverified.kid(), algorithm);
        let verified = unverified.verify_any(candidates);
        verified.map_err(|error| invalid(format!("The request object can't be verified: {error}")))?.claims
    };
    check_claims(&claims, &config.client.client_id, &services.realm_url(realm), services.now().unix_timestamp())?;
    Ok(claims)
}

fn attribute<'a>(config: &'a ClientConfig, name: &str) -> &'a str {
    config.client.attributes.get(name).map(String::as_str).filter(|text| !text.is_empty()).unwrap_or("any")
}

/// What is inside an object that is encrypted to this realm (OpenID Connect Core 1.0 section 6.1): one that is signed, or
/// else unsecured as far as the client may have that.
async fn decrypted(
    services: &Services,
    realm: &Realm,
    config: &ClientConfig,
    object: &str,
) -> Result<String, ObjectError> {
    let unreadable = |error: jose::Error| invalid(format!("The request object can't be read: {error}"));
    let encrypted = EncryptedToken::parse(object).map_err(unreadable)?;
    for (name, used) in
        [(ENCRYPTION, encrypted.algorithm().as_str()), (CONTENT_ENCRYPTION, encrypted.encryption().as_str())]
    {
        if !["any", used].contains(&attribute(config, name)) {
            return Err(invalid("The request object is encrypted with an algorithm that the client did not register"));
        }
    }
    let keys = keys::complete(services, realm).await;
    let keys =
        keys.map_err(|_why| ObjectError { code: "server_error", text: "The realm's keys can't be had".to_owned() })?;
    keys.decrypt(&encrypted).map_err(unreadable)
}

/// Whether a verified object is this client's, for this issuer, and good now.
///
/// # Errors
/// Why it isn't.
pub fn check_claims(claims: &Value, client_id: &str, issuer: &str, now: i64) -> Result<(), ObjectError> {
    for name in ["iss", "client_id"] {
        if claims.get(name).is_some_and(|value| value.as_str() != Some(client_id)) {
            return Err(invalid(format!("The claim {name} of the request object names another client")));
        }
    }
    // The subject of an assertion is the client, that of a request nobody (RFC 9101 section 10.8).
    if claims.get("sub").is_some_and(|subject| subject.as_str() == Some(client_id)) {
        return Err(invalid("The request object is a client's assertion"));
    }
    let for_us = match claims.get("aud") {
        None => true,
        Some(Value::String(audience)) => audience == issuer,
        Some(Value::Array(audiences)) => audiences.iter().any(|audience| audience.as_str() == Some(issuer)),
        Some(_) => false,
    };
    if !for_us {
        return Err(invalid("The request object is for somebody else"));
    }
    check_times_without_expiry(claims, now, LEEWAY).map_err(|error| invalid(error.to_string()))
}

/// The claims as parameters. Objects such as `claims` become their JSON text.
///
/// # Errors
/// If one of them holds what no parameter may.
pub fn to_form(client_id: &str, claims: &Value) -> Result<Form, ObjectError> {
    let mut form = Form::default();
    for (name, value) in claims.as_object().into_iter().flatten() {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Object(_) => value.to_string(),
            Value::Null | Value::Bool(_) | Value::Array(_) => continue,
        };
        if text.contains('\0') {
            return Err(invalid("A parameter of the request object holds a control character"));
        }
        if !text.is_empty() && !["iss", "aud", "exp", "iat", "nbf", "jti", "request", "request_uri"].contains(&&**name)
        {
            form.set(name, text);
        }
    }
    form.set("client_id", client_id.to_owned());
    Ok(form)
}
