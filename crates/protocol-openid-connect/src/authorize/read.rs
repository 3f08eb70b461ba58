//! Reading an authorization request: from the untrusted parameters to an [`AuthorizationRequest`].

use model::realm::Realm;
use services::{Services, clients::ClientConfig};

use super::{
    AuthorizationRequest, ResponseMode, ResponseType, claims_parameter,
    respond::{AuthorizationError, Destination},
};
use crate::{form::Form, pkce, prepared, redirect_uri, registration::flows, scope::Scopes};

/// What begins the `request_uri` of a pushed request (RFC 9126 section 2.2).
pub const PAR_PREFIX: &str = "urn:ietf:params:oauth:request_uri:";
/// The longest value of a parameter, in bytes.
const MAX_VALUE: usize = 4_000;
/// The longest `login_hint`, in bytes.
const MAX_LOGIN_HINT: usize = 255;
/// Attributes of clients that want no `iss` in answers, for old libraries; Keycloak's name.
const WITHOUT_ISSUER: &str = "exclude.issuer.from.auth.response";

/// A request that can't be answered by a redirect: the person sees a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untrusted {
    /// A sentence for the person.
    pub text: String,
    /// Keycloak's error code for the event.
    pub event: &'static str,
}

impl Untrusted {
    /// A refusal with a sentence.
    pub fn new(text: impl Into<String>, event: &'static str) -> Self {
        Self { text: text.into(), event }
    }
}

/// The redirect URI of a request, which becomes trusted here.
///
/// # Errors
/// A page's sentence if it isn't registered, or if none is named and more than one would do.
pub fn redirect_target(services: &Services, config: &ClientConfig, form: &Form) -> Result<(String, bool), Untrusted> {
    let settings = &config.client.settings;
    match form.get("redirect_uri") {
        Some(given) if redirect_uri::is_registered(settings, services.public_url(), given) => {
            Ok((given.to_owned(), true))
        }
        Some(_) => Err(Untrusted::new(
            "Invalid parameter: redirect_uri. The application asked to be answered at an address that is not \
             registered for it.",
            "invalid_redirect_uri",
        )),
        None => {
            let openid =
                form.get("scope").is_some_and(|scope| scope.split_ascii_whitespace().any(|one| one == "openid"));
            match settings.redirect_uris.as_slice() {
                // OpenID Connect Core 1.0 section 3.1.2.1 requires it; RFC 6749 section 3.1.2.3 does not if there is one.
                [only]
                    if !openid
                        && !only.contains('*')
                        && redirect_uri::is_registered(settings, services.public_url(), only) =>
                {
                    Ok((only.clone(), false))
                }
                _ => Err(Untrusted::new(
                    "Invalid parameter: redirect_uri. The application did not say where it wants to be answered.",
                    "invalid_redirect_uri",
                )),
            }
        }
    }
}

/// Where answers to this request go, from the parts of it that can be read whatever else is wrong with it.
pub fn destination(
    services: &Services,
    realm: &Realm,
    config: &ClientConfig,
    form: &Form,
    redirect_uri: &str,
) -> Destination {
    let response_type = form.get("response_type").and_then(ResponseType::parse).unwrap_or_default();
    let asked = form.get("response_mode").and_then(ResponseMode::parse);
    let mode = match asked {
        Some(ResponseMode::Query) if response_type.is_front_channel() => ResponseMode::Fragment,
        Some(mode) => mode,
        None => ResponseMode::usual(response_type),
    };
    let without = config.client.attributes.get(WITHOUT_ISSUER).is_some_and(|value| value == "true");
    Destination {
        redirect_uri: redirect_uri.to_owned(),
        mode,
        state: form.get("state").filter(|state| state.len() <= MAX_VALUE).map(str::to_owned),
        issuer: (!without).then(|| services.realm_url(realm)),
    }
}

/// Whether a client may use a response type: by its flows, and by what it registered.
///
/// # Errors
/// `unauthorized_client`.
pub fn may_use(config: &ClientConfig, response_type: ResponseType) -> Result<(), AuthorizationError> {
    let settings = &config.client.settings;
    let why = if (response_type.code || !response_type.is_front_channel()) && !settings.standard_flow_enabled {
        "Standard flow is disabled for the client."
    } else if response_type.is_front_channel() && !settings.implicit_flow_enabled {
        "Implicit flow is disabled for the client."
    } else if !flows::registered(&config.client, response_type) {
        "The client did not register it."
    } else {
        return Ok(());
    };
    let text = format!("Client is not allowed to initiate browser login with given response_type. {why}");
    Err(AuthorizationError { event: "not_allowed", ..AuthorizationError::new("unauthorized_client", text) })
}

/// Whether a request that was read before is one that its client may still make: what an administrator has switched off
/// meanwhile ends nowhere.
///
/// # Errors
/// The error that the client is told by a redirect.
pub fn still_sound(config: &ClientConfig, asked: &AuthorizationRequest) -> Result<(), AuthorizationError> {
    may_use(config, asked.response_type)?;
    match pkce::still_sound(config, asked.code_challenge_method.as_deref(), asked.response_type.code) {
        Ok(()) => Ok(()),
        Err(text) => Err(AuthorizationError::invalid_request(text)),
    }
}

/// Reads the rest of a request whose redirect URI is trusted, in Keycloak's order.
///
/// # Errors
/// The error that the client is told by a redirect.
pub fn request(
    config: &ClientConfig,
    form: &Form,
    (redirect_uri, redirect_uri_given): (String, bool),
    pushed: bool,
) -> Result<AuthorizationRequest, AuthorizationError> {
    fn invalid(text: impl Into<String>) -> AuthorizationError {
        AuthorizationError::invalid_request(text)
    }
    for name in form.names().filter(|name| *name != "request") {
        if form.get(name).is_some_and(|value| value.len() > MAX_VALUE) {
            return Err(invalid(format!("Parameter too long: {}", name.chars().take(40).collect::<String>())));
        }
    }
    let response_type = form.get("response_type").ok_or_else(|| invalid("Missing parameter: response_type"))?;
    let response_type =
        ResponseType::parse(response_type).ok_or_else(|| AuthorizationError::bare("unsupported_response_type"))?;
    let response_mode = match form.get("response_mode") {
        None => ResponseMode::usual(response_type),
        Some(text) => match ResponseMode::parse(text) {
            Some(ResponseMode::Query) if response_type.is_front_channel() => {
                return Err(invalid("Response_mode 'query' not allowed for implicit or hybrid flow"));
            }
            Some(mode) => mode,
            None => return Err(invalid("Invalid parameter: response_mode")),
        },
    };
    may_use(config, response_type)?;
    let wants_push =
        config.client.attributes.get("require.pushed.authorization.requests").is_some_and(|value| value == "true");
    if wants_push && !pushed {
        return Err(invalid("Pushed Authorization Request is only allowed."));
    }
    let scope = form.get("scope").unwrap_or_default().to_owned();
    let scopes = Scopes::granted(&prepared::of(config), Some(&scope))
        .map_err(|text| AuthorizationError::new("invalid_scope", text))?;
    let nonce = form.get("nonce").map(str::to_owned);
    if response_type.id_token && nonce.is_none() {
        return Err(invalid("Missing parameter: nonce"));
    }
    if response_type.id_token && !scopes.openid() {
        return Err(invalid("Missing scope: openid"));
    }
    let challenge = pkce::read_challenge(config, form, response_type.code).map_err(invalid)?;
    let prompt: Vec<_> = form.get("prompt").unwrap_or_default().split_ascii_whitespace().map(str::to_owned).collect();
    if prompt.len() > 1 && prompt.iter().any(|word| word == "none") {
        return Err(invalid("Invalid parameter: prompt"));
    }
    let max_age = match form.get("max_age").or(config.client.attributes.get("default.max.age").map(String::as_str)) {
        None => None,
        Some(text) => match text.parse::<i64>() {
            Ok(seconds) if seconds >= 0 => Some(seconds),
            _ => return Err(invalid("Invalid parameter: max_age")),
        },
    };
    let claims = match form.get("claims") {
        None => None,
        Some(text) => Some(claims_parameter::parse(text).ok_or_else(|| invalid("Invalid parameter: claims"))?),
    };
    let login_hint = form.get("login_hint").filter(|hint| hint.len() <= MAX_LOGIN_HINT).map(str::to_owned);
    Ok(AuthorizationRequest {
        client_id: config.client.client_id.clone(),
        redirect_uri,
        redirect_uri_given,
        response_type,
        response_mode,
        scope,
        state: form.get("state").map(str::to_owned),
        nonce,
        prompt,
        max_age,
        claims,
        code_challenge: challenge.as_ref().map(|challenge| challenge.text.clone()),
        code_challenge_method: challenge.map(|challenge| challenge.method.as_str().to_owned()),
        kc_action: form.get("kc_action").map(str::to_owned),
        hinted_subject: None,
        login_hint,
        authenticated: false,
        kc_action_status: None,
    })
}
