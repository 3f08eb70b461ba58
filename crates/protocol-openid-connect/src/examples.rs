//! What a client would get, for administrators who try its scopes and mappers out: the claims of tokens, made by the code
//! that makes the real ones, and never signed.

use model::{
    id::SessionId,
    realm::Realm,
    session::{TokenFamily, UserSession},
    subject::Subject,
    user::User,
};
use representation::ClientRepresentation;
use serde_json::Value;
use services::{
    Origin, Services,
    client_keys::address_policy,
    clients::ClientConfig,
    evaluation::{Example, Examples},
    random,
    sessions::lifespans,
};

use crate::{
    prepared,
    registration::{
        document::{self, Time},
        members::Members,
    },
    scope::Scopes,
    token_id::Via,
    tokens::{Binding, Holder},
};

/// OpenID Connect as administrators try it out.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenIdConnectExamples;

impl Examples for OpenIdConnectExamples {
    fn example(
        &self,
        services: &Services,
        realm: &Realm,
        config: &ClientConfig,
        (user, subject): (&User, &Subject),
        what: Example<'_>,
        scope: Option<&str>,
    ) -> Result<Value, String> {
        let scopes = Scopes::granted(&prepared::of(config), scope)?.for_subject(subject);
        let now = services.now();
        let session = UserSession {
            id: SessionId(random::hexadecimal(&*services.random)),
            user_id: user.id.clone(),
            username: user.username.clone(),
            ip_address: None,
            started: now,
            last_access: now,
            authenticated: now,
            remember_me: false,
            offline: false,
            clients: Vec::new(),
        };
        let ends = now.unix_timestamp().saturating_add(lifespans::family(realm, &config.client, false));
        let family = TokenFamily { expires: ends, ..TokenFamily::default() };
        let holder = Holder {
            realm,
            config,
            user,
            subject,
            session: Some((&session, "example", &family)),
            scopes: &scopes,
            nonce: None,
            via: Via::Code,
            origin: &Origin::default(),
        };
        let claims = match what {
            Example::AccessToken(audiences) => holder
                .access_claims_for(services, audiences)
                .map_err(|missing| format!("Requested audience not available: {}", missing.join(", ")))?,
            Example::IdToken => holder.id_claims(services, Binding::default(), false),
            Example::UserInfo => holder.userinfo_claims(),
        };
        Ok(Value::Object(claims))
    }

    fn describe(&self, realm: &Realm, description: &Value) -> Option<Result<ClientRepresentation, String>> {
        description.get("redirect_uris")?;
        let members = Members::of(description.clone())?;
        let described = document::read(&members, Time::First, &address_policy(realm));
        Some(described.map(|described| described.client).map_err(|refused| refused.to_string()))
    }
}
