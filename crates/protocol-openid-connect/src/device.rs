//! The device authorization endpoint (RFC 8628 section 3.1), and what comes of a person's decision.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Bytes, Path},
};
use async_trait::async_trait;
use login::{
    BrowserLogin, PendingLogin,
    browser::{BrowserReply, Cancelled, ConsentQuestion, ConsentScope, DEVICE_LOGIN, Identified, Step},
};
use model::{client::Client, realm::Realm};
use serde_json::{Value, json};
use services::{Origin, Result, Services, cache, device_codes};
use web::Hosted;

use crate::{
    audit::{self, Facts},
    endpoint::{self, Door},
    grants::{DEVICE_GRANT_ENABLED, Failure},
    pkce, prepared,
    refusal::Refusal,
    scope::Scopes,
};

/// `POST …/auth/device`.
pub async fn post(request: HttpRequest, services: Hosted, realm: Path<String>, body: Bytes) -> HttpResponse {
    endpoint::answer(&services, &request, &realm, &body, "OAUTH2_DEVICE_AUTH", async |door, _| {
        begin(&services, door).await
    })
    .await
}

/// Whether a client's users may log in with a device.
fn is_allowed(client: &Client) -> bool {
    client.attributes.get(DEVICE_GRANT_ENABLED).is_some_and(|value| value == "true")
}

async fn begin(services: &Services, door: Door<'_>) -> std::result::Result<HttpResponse, Failure> {
    let Door { realm, client, form, .. } = door;
    if !is_allowed(&client.client) {
        let text = "Client is not allowed to initiate OAuth 2.0 Device Authorization Grant. The flow is disabled for the \
                    client.";
        let refusal = Refusal::new(StatusCode::BAD_REQUEST, "unauthorized_client", text);
        return Err(Failure::new(refusal, "not_allowed"));
    }
    let scope = form.get("scope");
    Scopes::granted(&prepared::of(client), scope).map_err(Failure::invalid_scope)?;
    // The device has no redirect that could leak a code, so a challenge is welcome and not asked for.
    let challenge = match form.get("code_challenge").is_some() {
        true => pkce::read_challenge(client, form, true)
            .map_err(|text| Failure::new(Refusal::invalid_request(text), "invalid_request"))?,
        false => None,
    };
    let mut asked = serde_json::Map::new();
    asked.insert("scope".to_owned(), json!(scope.unwrap_or_default()));
    if let Some(nonce) = form.get("nonce").filter(|nonce| nonce.len() <= 4_000) {
        asked.insert("nonce".to_owned(), json!(nonce));
    }
    if let Some(challenge) = challenge {
        asked.insert("code_challenge".to_owned(), json!(challenge.text));
        asked.insert("code_challenge_method".to_owned(), json!(challenge.method.as_str()));
    }
    let codes = device_codes::create(services, realm, &client.client, &Value::Object(asked)).await?;
    let page = format!("{}/device", services.realm_url(realm));
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(json!({
        "device_code": codes.device_code.expose(),
        "user_code": codes.user_code,
        "verification_uri": page,
        "verification_uri_complete": format!("{page}?user_code={}", codes.user_code),
        "expires_in": codes.expires_in,
        "interval": codes.interval,
    })))
}

/// A person who typed a device's code, as the login pages know them.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeviceLogin;

/// The typed code of a login, as `login-actions` put it there.
fn user_code(pending: &PendingLogin) -> &str {
    pending.request.get("user_code").and_then(Value::as_str).unwrap_or_default()
}

fn done(services: &Services, realm: &Realm, how: &str) -> BrowserReply {
    BrowserReply::Redirect(format!("{}/device/status?outcome={how}", services.realm_url(realm)))
}

#[async_trait]
impl BrowserLogin for DeviceLogin {
    fn protocol(&self) -> &'static str {
        DEVICE_LOGIN
    }

    async fn proceed(
        &self,
        services: &Services,
        realm: &Realm,
        pending: &PendingLogin,
        identified: Identified<'_>,
        consented: bool,
        origin: &Origin,
    ) -> Result<Step> {
        let code = user_code(pending);
        let Some(waiting) = device_codes::waiting(services, realm, code).await? else {
            return Ok(Step::Reply(done(services, realm, "expired")));
        };
        let config = cache::client(services, realm, &waiting.client_id).await?;
        let config = config.filter(|config| config.client.enabled && is_allowed(&config.client));
        let Some(config) = config else {
            return Ok(Step::Reply(done(services, realm, "expired")));
        };
        if !consented {
            // Whoever sent somebody else's code to this person must not get in unnoticed (RFC 8628 section 5.4).
            let scope = waiting.request.get("scope").and_then(Value::as_str);
            let scopes = Scopes::granted(&prepared::of(&config), scope);
            let scopes = scopes.iter().flat_map(Scopes::scopes).filter(|scope| scope.asked_about);
            let scopes =
                scopes.map(|scope| ConsentScope { name: scope.name.clone(), text: scope.consent_text.clone() });
            return Ok(Step::Consent(ConsentQuestion { scopes: scopes.collect() }));
        }
        let approved = device_codes::decide(services, realm, code, Some(&identified.session.id)).await?;
        if approved {
            let mut facts = Facts { client: Some(waiting.client_id), ..Facts::default() };
            facts.user = Some(identified.user.id.clone());
            facts.session = Some(identified.session.id.clone());
            audit::done(services, realm, "OAUTH2_DEVICE_VERIFY_USER_CODE", origin, facts).await?;
        }
        Ok(Step::Reply(done(services, realm, if approved { "approved" } else { "expired" })))
    }

    async fn cancel(
        &self,
        services: &Services,
        realm: &Realm,
        pending: &PendingLogin,
        identified: Option<Identified<'_>>,
        why: Cancelled,
        origin: &Origin,
    ) -> Result<BrowserReply> {
        let event = match why {
            Cancelled::Consent => "rejected_by_user",
        };
        device_codes::decide(services, realm, user_code(pending), None).await?;
        let mut facts = Facts { client: Some(pending.client_id.clone()), ..Facts::default() };
        facts.user = identified.map(|identified| identified.user.id.clone());
        audit::refused(services, realm, "OAUTH2_DEVICE_VERIFY_USER_CODE", origin, facts, event).await;
        Ok(done(services, realm, "denied"))
    }
}
