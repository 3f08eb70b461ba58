//! The end of a login: the client gets what it asked for.

use async_trait::async_trait;
use login::{
    BrowserLogin, PendingLogin,
    browser::{BrowserReply, Cancelled, ConsentQuestion, ConsentScope, Identified, Step},
};
use model::{client::OPENID_CONNECT, realm::Realm};
use services::{
    Origin, Result, Services,
    authorizations::{self, CodeGrant},
    cache,
    clients::ClientConfig,
    credentials::UPDATE_PASSWORD,
    sessions::lifespans,
    store, subjects,
};

use super::{
    AuthorizationRequest, read,
    respond::{AuthorizationError, Destination},
};
use crate::{
    audit::{self, Facts},
    id_token_hint, prepared,
    scope::{OPENID, Scopes},
    token_id::Via,
    tokens::{Binding, Holder},
};

/// The actions that `kc_action` may ask for.
pub const ACTIONS: [&str; 1] = [UPDATE_PASSWORD];

/// OpenID Connect as the login pages know it.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenIdConnectLogin;

#[async_trait]
impl BrowserLogin for OpenIdConnectLogin {
    fn protocol(&self) -> &'static str {
        OPENID_CONNECT
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
        let (mut asked, config) = match trusted(services, realm, pending).await? {
            Ok(found) => found,
            Err(reply) => return Ok(Step::Reply(reply)),
        };
        asked.kc_action_status.clone_from(&pending.action_status);
        proceed(services, realm, &config, &asked, identified, consented, origin).await
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
        let (asked, config) = match trusted(services, realm, pending).await? {
            Ok(found) => found,
            Err(reply) => return Ok(reply),
        };
        let mut facts = Facts { client: Some(asked.client_id.clone()), ..Facts::default() };
        facts.user = identified.map(|identified| identified.user.id.clone());
        let event = match why {
            Cancelled::Consent => "rejected_by_user",
        };
        audit::refused(services, realm, "LOGIN", origin, facts, event).await;
        Ok(destination(services, realm, &config, &asked).error(&AuthorizationError::bare("access_denied")))
    }
}

/// The request of a pending login with its client. The inner error is for a client that was taken away meanwhile.
async fn trusted(
    services: &Services,
    realm: &Realm,
    pending: &PendingLogin,
) -> Result<std::result::Result<(AuthorizationRequest, std::sync::Arc<ClientConfig>), BrowserReply>> {
    let asked = serde_json::from_value::<AuthorizationRequest>(pending.request.clone()).ok();
    let config = cache::client(services, realm, &pending.client_id).await?;
    let config = config.filter(|config| {
        // What was trusted when the login began has to be trusted still.
        let settings = &config.client.settings;
        config.client.enabled
            && config.client.protocol == OPENID_CONNECT
            && !settings.bearer_only
            && asked.as_ref().is_some_and(|asked| {
                crate::redirect_uri::is_registered(settings, services.public_url(), &asked.redirect_uri)
            })
    });
    Ok(match asked.zip(config) {
        Some(found) => Ok(found),
        None => Err(BrowserReply::Redirect(format!("{}/login-actions/expired", services.realm_url(realm)))),
    })
}

fn destination(services: &Services, realm: &Realm, config: &ClientConfig, asked: &AuthorizationRequest) -> Destination {
    let without =
        config.client.attributes.get("exclude.issuer.from.auth.response").is_some_and(|value| value == "true");
    Destination {
        redirect_uri: asked.redirect_uri.clone(),
        mode: asked.response_mode,
        state: asked.state.clone(),
        issuer: (!without).then(|| services.realm_url(realm)),
    }
}

/// Answers a request whose user is known, or says what has to happen before.
pub async fn proceed(
    services: &Services,
    realm: &Realm,
    config: &ClientConfig,
    asked: &AuthorizationRequest,
    identified: Identified<'_>,
    consented: bool,
    origin: &Origin,
) -> Result<Step> {
    let to = destination(services, realm, config, asked);
    if let Err(error) = read::still_sound(config, asked) {
        return Ok(Step::Reply(to.error(&error)));
    }
    let prepared = prepared::of(config);
    let scopes = match Scopes::granted(&prepared, Some(&asked.scope)) {
        Ok(scopes) => scopes,
        Err(text) => return Ok(Step::Reply(to.error(&AuthorizationError::new("invalid_scope", text)))),
    };
    // OpenID Connect Core 1.0 section 3.1.2.1: no token about anybody but the user that the request is about.
    if !id_token_hint::is_about(services, realm, config, asked, identified.user).await? {
        return Ok(Step::Reply(to.error(&AuthorizationError::bare("login_required"))));
    }
    if let Some(action) = asked.kc_action.as_deref()
        && asked.kc_action_status.is_none()
        && ACTIONS.contains(&action)
    {
        return Ok(Step::Act(action.to_owned()));
    }
    if config.client.settings.consent_required
        && let Some(question) = missing_consent(services, realm, config, asked, identified, &scopes, consented).await?
    {
        return Ok(Step::Consent(question));
    }
    issue(services, realm, config, asked, identified, &scopes, origin, to).await.map(Step::Reply)
}

/// What the user has not agreed to yet; notes what they have just agreed to.
async fn missing_consent(
    services: &Services,
    realm: &Realm,
    config: &ClientConfig,
    asked: &AuthorizationRequest,
    identified: Identified<'_>,
    scopes: &Scopes,
    consented: bool,
) -> Result<Option<ConsentQuestion>> {
    let (user, client) = (&identified.user.id, &config.client.id);
    let wanted: Vec<_> = scopes
        .scopes()
        .filter(|scope| scope.asked_about)
        .map(|scope| ConsentScope { name: scope.name.clone(), text: scope.consent_text.clone() })
        .collect();
    let names = |scopes: &[ConsentScope]| scopes.iter().map(|scope| scope.name.clone()).collect::<Vec<_>>();
    if consented {
        let granted = names(&wanted);
        store::consents::grant(&services.store, realm.id, user, client, &granted, services.now()).await?;
        return Ok(None);
    }
    let granted = store::consents::granted(&mut *services.store.read().await?, realm.id, user, client).await?;
    let missing: Vec<_> = match (&granted, asked.prompts("consent")) {
        (Some(granted), false) => wanted.into_iter().filter(|scope| !granted.contains(&scope.name)).collect(),
        _ => wanted,
    };
    // Who was never asked is asked even if the application wants nothing in particular.
    Ok((granted.is_none() || !missing.is_empty()).then_some(ConsentQuestion { scopes: missing }))
}

#[expect(clippy::too_many_arguments, reason = "everything that an answer is made of")]
async fn issue(
    services: &Services,
    realm: &Realm,
    config: &ClientConfig,
    asked: &AuthorizationRequest,
    identified: Identified<'_>,
    scopes: &Scopes,
    origin: &Origin,
    to: Destination,
) -> Result<BrowserReply> {
    let Identified { session, user } = identified;
    let client = &config.client;
    let now = services.now().unix_timestamp();
    let begins = authorizations::beginning(
        None,
        asked.claims.as_ref(),
        now.saturating_add(lifespans::family(realm, client, false)),
    );
    let code = asked.response_type.code.then(|| CodeGrant {
        expires: now.saturating_add(realm.settings.access_code_lifespan),
        redirect_uri: asked.redirect_uri_given.then(|| asked.redirect_uri.clone()),
        scope: asked.scope.clone(),
        nonce: asked.nonce.clone(),
        code_challenge: asked.code_challenge.clone(),
        code_challenge_method: asked.code_challenge_method.clone(),
        family: begins.clone(),
    });
    // Tokens that are issued here and now need their family at once; and a session knows its clients.
    let at_once = (asked.response_type.token || !asked.response_type.code).then_some(&begins);
    let issued = authorizations::authorize(services, realm, session, client, code.as_ref(), at_once).await?;
    let mut fields: Vec<(&str, String)> = Vec::new();
    if client.attributes.get("exclude.session.state.from.auth.response").is_none_or(|value| value != "true")
        && asked.scope.split_ascii_whitespace().any(|scope| scope == OPENID)
    {
        fields.push(("session_state", session.id.0.clone()));
    }
    let code = issued.code.as_ref().map(|code| code.expose().to_owned());
    fields.extend(code.clone().map(|code| ("code", code)));
    if asked.response_type.is_front_channel() {
        let subject = subjects::current(services, realm.id, user).await?;
        let scopes = scopes.clone().for_subject(&subject);
        let holder = Holder {
            realm,
            config,
            user,
            subject: &subject,
            session: Some((session, &issued.family, &begins)),
            scopes: &scopes,
            nonce: asked.nonce.as_deref(),
            via: Via::Implicit,
            origin,
        };
        let access = match asked.response_type.token {
            true => Some(holder.access_token(services).await?),
            false => None,
        };
        if asked.response_type.id_token {
            let with = Binding {
                access_token: access.as_ref().map(|access| access.text.as_str()),
                code: code.as_deref(),
                state: asked.state.as_deref().filter(|_| asked.response_type.code),
            };
            let alone = access.is_none() && code.is_none();
            fields.push(("id_token", holder.id_token(services, with, alone).await?));
        }
        if let Some(access) = access {
            fields.push(("access_token", access.text));
            fields.push(("token_type", "Bearer".to_owned()));
            fields.push(("expires_in", access.expires_in.to_string()));
            fields.push(("scope", scopes.text()));
        }
    }
    if let Some(action) = &asked.kc_action {
        fields.push(("kc_action", action.clone()));
        let status = match ACTIONS.contains(&action.as_str()) {
            true => asked.kc_action_status.as_deref().unwrap_or("success"),
            false => "error",
        };
        fields.push(("kc_action_status", status.to_owned()));
    }
    let mut facts = Facts {
        client: Some(client.client_id.clone()),
        user: Some(user.id.clone()),
        session: Some(session.id.clone()),
        ..Facts::default()
    };
    facts.detail("auth_method", OPENID_CONNECT);
    facts.detail("username", user.username.as_str());
    facts.detail("redirect_uri", asked.redirect_uri.as_str());
    facts.detail("response_type", asked.response_type.text());
    facts.detail("scope", scopes.text());
    audit::noted(services, realm, "LOGIN", origin, facts).await?;
    Ok(to.reply(fields))
}
