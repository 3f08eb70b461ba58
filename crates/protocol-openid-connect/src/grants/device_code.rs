//! A device code (RFC 8628 section 3.4): given out once, after a person approved.

use actix_web::http::StatusCode;
use serde_json::Value;
use services::{authorizations, device_codes, sessions, store::device_codes::Polled};

use super::{
    Failure, Request,
    issue::{For, issue},
};
use crate::{audit::Facts, pkce, prepared, refusal::Refusal, scope::Scopes, token_id::Via};

/// Client attribute: the client may ask with a device; Keycloak's name.
pub const DEVICE_GRANT_ENABLED: &str = "oauth2.device.authorization.grant.enabled";

/// Answers the request.
///
/// # Errors
/// The refusal.
pub async fn grant(request: &Request<'_>, facts: &mut Facts) -> Result<Value, Failure> {
    let (services, realm, client) = (request.services, request.realm, request.client);
    let bad_request =
        |code: &'static str, text: &str, event| Failure::new(Refusal::new(StatusCode::BAD_REQUEST, code, text), event);
    if client.client.attributes.get(DEVICE_GRANT_ENABLED).is_none_or(|value| value != "true") {
        let text = "Client is not allowed to initiate OAuth 2.0 Device Authorization Grant. The flow is disabled for the \
                    client.";
        return Err(bad_request("unauthorized_client", text, "not_allowed"));
    }
    let Some(code) = request.form.get("device_code") else {
        return Err(Failure::new(
            Refusal::invalid_request("Missing parameter: device_code"),
            "invalid_oauth2_device_code",
        ));
    };
    let (session, asked) = match device_codes::poll(services, realm, &client.client, code).await? {
        Polled::Unknown => return Err(Failure::invalid_grant("Device code not valid", "invalid_oauth2_device_code")),
        Polled::Expired => {
            return Err(bad_request("expired_token", "Device code is expired", "expired_oauth2_device_code"));
        }
        Polled::TooSoon => return Err(Failure { error: None, ..bad_request("slow_down", "Slow down", "slow_down") }),
        Polled::Pending => {
            let text = "The authorization request is still pending";
            return Err(Failure { error: None, ..bad_request("authorization_pending", text, "authorization_pending") });
        }
        Polled::Denied => {
            let text = "The end user denied the authorization request";
            return Err(bad_request("access_denied", text, "access_denied"));
        }
        Polled::Approved(session, asked) => (session, asked),
    };
    facts.session = Some(session.clone());
    let text = |name: &str| asked.get(name).and_then(Value::as_str);
    pkce::verify(text("code_challenge"), text("code_challenge_method"), request.form.get("code_verifier"))
        .map_err(|text| Failure::invalid_grant(text, "pkce_verification_failed"))?;
    let Some((session, user, given)) = sessions::find_active_with_given(services, realm, &session, false).await? else {
        return Err(Failure::invalid_grant("Session not active", "invalid_oauth2_device_code"));
    };
    let scopes = Scopes::narrowed(&prepared::of(client), text("scope").unwrap_or_default(), None)
        .map_err(Failure::invalid_scope)?;
    let ends = sessions::lifespans::family(realm, &client.client, false);
    let family = authorizations::beginning(None, None, services.now().unix_timestamp().saturating_add(ends));
    let family_id = authorizations::new_family(services);
    let whom = For {
        user: &user,
        given,
        session: &session,
        family_id: &family_id,
        family: &family,
        begins: true,
        nonce: text("nonce"),
        via: Via::Device,
    };
    issue(request, facts, scopes, whom).await
}
