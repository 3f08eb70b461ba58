//! An authorization code (RFC 6749 section 4.1.3): good once, for the client, the redirect URI and the challenge that it
//! was issued for.

use serde_json::Value;
use services::authorizations::{self, Redemption};

use super::{
    Failure, Request,
    issue::{For, issue},
};
use crate::{audit::Facts, pkce, prepared, refusal::Refusal, scope::Scopes, token_id::Via};

/// Answers the request. A code that can't be used is used up all the same.
///
/// # Errors
/// The refusal.
pub async fn grant(request: &Request<'_>, facts: &mut Facts) -> Result<Value, Failure> {
    let (services, realm, client) = (request.services, request.realm, request.client);
    let Some(code) = request.form.get("code") else {
        return Err(Failure::new(Refusal::invalid_request("Missing parameter: code"), "invalid_code"));
    };
    if !client.client.settings.standard_flow_enabled {
        return Err(Failure::invalid_grant("Client not allowed to exchange code", "not_allowed"));
    }
    let refuse = |text: &str, error| Err(Failure::invalid_grant(text, error));
    let good = match authorizations::redeem(services, realm, &client.client, code).await? {
        Redemption::Unknown | Redemption::OfAnotherClient => return refuse("Code not valid", "invalid_code"),
        Redemption::Replayed => {
            facts.detail("reason", "The code was redeemed before. What came of it is revoked.");
            return refuse("Code not valid", "invalid_code");
        }
        Redemption::Expired => return refuse("Code is expired", "expired_code"),
        Redemption::SessionOver(user) => {
            facts.user = Some(user.id.clone());
            return match user.enabled {
                true => refuse("Session not active", "invalid_code"),
                false => refuse("User disabled", "user_disabled"),
            };
        }
        Redemption::Good(good) => good,
    };
    facts.user = Some(good.user.id.clone());
    facts.session = Some(good.session.id.clone());
    facts.detail("code_id", good.session.id.as_str());
    // RFC 6749 section 4.1.3: the same as in the authorization request, if it was there.
    let given = request.form.get("redirect_uri");
    let expected = good.grant.redirect_uri.as_deref();
    let right = pkce::verify(
        good.grant.code_challenge.as_deref(),
        good.grant.code_challenge_method.as_deref(),
        request.form.get("code_verifier"),
    );
    let refusal = match right {
        _ if given != expected && (expected.is_some() || given.is_some()) => {
            Some(("Incorrect redirect_uri", "invalid_code"))
        }
        Err(text) => Some((text, "pkce_verification_failed")),
        Ok(()) => None,
    };
    if let Some((text, error)) = refusal {
        // Whoever holds the code without what belongs to it has stolen it: nothing is to come of it.
        authorizations::revoke(services, realm, &good.session.id, false, &client.client.id, &good.family).await?;
        return refuse(text, error);
    }
    let scopes = Scopes::narrowed(&prepared::of(client), &good.grant.scope, None).map_err(Failure::invalid_scope)?;
    let whom = For {
        user: &good.user,
        given: good.given,
        session: &good.session,
        family_id: &good.family,
        family: &good.grant.family,
        begins: false,
        nonce: good.grant.nonce.as_deref(),
        via: Via::Code,
    };
    issue(request, facts, scopes, whom).await
}
