//! Name and password of a user (RFC 6749 section 4.3).

use actix_web::http::StatusCode;
use login::{
    Reason,
    direct::{self, Verdict},
};
use serde_json::Value;
use services::{authorizations, sessions, sessions::lifespans};

use super::{
    Failure, Request,
    issue::{For, issue},
};
use crate::{audit::Facts, prepared, refusal::Refusal, scope::Scopes, token_id::Via};

/// Answers the request. A refused login reads the same whatever the reason; the event says which it was.
///
/// # Errors
/// The refusal.
pub async fn grant(request: &Request<'_>, facts: &mut Facts) -> Result<Value, Failure> {
    let (services, realm, client) = (request.services, request.realm, &request.client.client);
    facts.detail("auth_method", "openid-connect");
    let bad_request = |code, text| Refusal::new(StatusCode::BAD_REQUEST, code, text);
    if !client.settings.direct_access_grants_enabled {
        let text = "Client not allowed for direct access grants";
        return Err(Failure::new(bad_request("unauthorized_client", text), "not_allowed"));
    }
    if client.settings.consent_required {
        let text = "Client requires user consent";
        return Err(Failure::new(bad_request("invalid_client", text), "consent_denied"));
    }
    let Some(username) = request.form.get("username") else {
        let refusal = Refusal::new(StatusCode::UNAUTHORIZED, "invalid_request", "Missing parameter: username");
        return Err(Failure::new(refusal, "invalid_user_credentials"));
    };
    facts.detail("username", username);
    let scopes =
        Scopes::granted(&prepared::of(request.client), request.form.get("scope")).map_err(Failure::invalid_scope)?;
    let refused = || Refusal::new(StatusCode::UNAUTHORIZED, "invalid_grant", "Invalid user credentials");
    let Some(password) = request.form.secret("password") else {
        return Err(Failure::new(refused(), "invalid_user_credentials"));
    };
    let (user, given) = match direct::password(services, realm, username, password, request.origin).await? {
        Verdict::Accepted(user, given) => (user, given),
        Verdict::Rejected { reason, user } => {
            facts.user = user.map(|user| user.id);
            facts.detail("reason", reason.explanation());
            let refusal = match reason {
                // Told to nobody but those who know the password.
                Reason::RequiredActions(_) => Refusal::invalid_grant("Account is not fully set up"),
                _ => refused(),
            };
            return Err(Failure::new(refusal, reason.error_code()));
        }
    };
    facts.user = Some(user.id.clone());
    let ends = services.now().unix_timestamp().saturating_add(lifespans::family(realm, client, false));
    let (family_id, family) = (authorizations::new_family(services), authorizations::beginning(None, None, ends));
    let session = sessions::open(services, realm, &user.id, client, (&family_id, &family), request.origin).await?;
    let whom = For {
        user: &user,
        given,
        session: &session,
        family_id: &family_id,
        family: &family,
        begins: false,
        nonce: None,
        via: Via::Password,
    };
    issue(request, facts, scopes, whom).await
}
