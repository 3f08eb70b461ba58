//! Signed tokens, and the answer that carries them (RFC 6749 section 5.1).

mod encrypted;
mod signing;

use std::collections::BTreeMap;

use model::{
    client::Client,
    realm::Realm,
    session::{TokenFamily, UserSession},
    subject::Subject,
    user::User,
};
use serde_json::{Map, Value, json};
use services::{Origin, Result, Services, clients::ClientConfig, random, sessions::lifespans};

use crate::{
    claims::{Facts, RoleScope, Target, build, subject_identifier},
    registration::flows::uses_refresh_tokens,
    scope::{OFFLINE_ACCESS, Scopes},
    token_id::{self, Via},
};

pub use encrypted::encrypted_for;
pub use signing::{ACCESS_ALGORITHM, ID_ALGORITHM, algorithm, sign, sign_own};

/// The `typ` claim of a refresh token.
pub const REFRESH: &str = "Refresh";
/// The `typ` claim of a refresh token that outlives the session.
pub const OFFLINE: &str = "Offline";
/// The `typ` claim of an ID token.
pub const ID: &str = "ID";
/// Attribute: access tokens carry neither roles nor personal data.
const LIGHTWEIGHT: &str = "client.use.lightweight.access.token.enabled";
/// Attribute: access tokens have the header `typ` of RFC 9068.
const AT_JWT: &str = "access.token.header.type.rfc9068";

/// For whom tokens are made, and of what.
pub struct Holder<'a> {
    /// The realm.
    pub realm: &'a Realm,
    /// The client that asked.
    pub config: &'a ClientConfig,
    /// The user.
    pub user: &'a User,
    /// What rules may look at.
    pub subject: &'a Subject,
    /// The user's session and the tokens' family in it; none where a client acts for itself.
    pub session: Option<(&'a UserSession, &'a str, &'a TokenFamily)>,
    /// The scopes.
    pub scopes: &'a Scopes,
    /// The request's `nonce`.
    pub nonce: Option<&'a str>,
    /// The way to the tokens.
    pub via: Via,
    /// From where it was asked.
    pub origin: &'a Origin,
}

/// Hashes that bind an ID token to what comes with it (OpenID Connect Core 1.0 sections 3.1.3.6 and 3.3.2.11).
#[derive(Clone, Copy, Debug, Default)]
pub struct Binding<'a> {
    /// The access token.
    pub access_token: Option<&'a str>,
    /// The code.
    pub code: Option<&'a str>,
    /// The request's `state`.
    pub state: Option<&'a str>,
}

/// An access token.
pub struct AccessToken {
    /// The token.
    pub text: String,
    /// Seconds until it ends.
    pub expires_in: i64,
}

/// Whether the client's access tokens carry neither roles nor personal data.
pub fn is_lightweight(client: &Client) -> bool {
    client.attributes.get(LIGHTWEIGHT).is_some_and(|value| value == "true")
}

impl Holder<'_> {
    /// Calls `with` with all that mappers may look at.
    fn facts<T>(&self, with: impl FnOnce(&Facts<'_>) -> T) -> T {
        let roles = self.scopes.roles();
        let mut notes: BTreeMap<&str, String> = BTreeMap::from([("client_id", self.client().client_id.clone())]);
        if let Some(address) = &self.origin.ip_address {
            notes.insert("clientHost", address.clone());
            notes.insert("clientAddress", address.clone());
        }
        let family = self.session.map(|(_, _, family)| family);
        with(&Facts {
            client: self.client(),
            subject: self.subject,
            role_scope: RoleScope::of(self.client(), &roles),
            group_attributes: &self.subject.group_attributes,
            created: Some(model::clock::epoch_millis(self.user.created)),
            notes: &notes,
            session: self.session.map(|(session, ..)| &session.id),
            auth_time: self.session.map(|(session, ..)| session.authenticated.unix_timestamp()),
            acr: family.map(|family| family.acr.as_deref().unwrap_or("1")),
            amr: &[],
            nonce: self.nonce,
            claims_parameter: family.and_then(|family| family.claims.as_ref()),
        })
    }

    fn client(&self) -> &Client {
        &self.config.client
    }

    fn registered(&self, services: &Services, kind: &str, id: String, expires: i64) -> Map<String, Value> {
        let mut claims = Map::new();
        let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        put("exp", json!(expires));
        put("iat", json!(services.now().unix_timestamp()));
        put("jti", json!(id));
        put("iss", json!(services.realm_url(self.realm)));
        put("typ", json!(kind));
        put("azp", json!(self.client().client_id));
        if let Some((session, ..)) = self.session {
            put("sid", json!(session.id.as_str()));
        }
        claims
    }

    /// Seconds that an access token lasts.
    fn expires_in(&self, services: &Services) -> i64 {
        let realm = &self.realm.settings;
        let usual = match self.via {
            Via::Implicit => realm.access_token_lifespan_for_implicit_flow,
            _ => lifespans::access_token(self.realm, self.client()),
        };
        let left = self.session.and_then(|(session, ..)| lifespans::left(self.realm, session, services.now()));
        usual.min(left.unwrap_or(i64::MAX)).max(0)
    }

    /// The subject by which this client knows the user.
    pub fn subject_identifier(&self) -> String {
        self.facts(|facts| subject_identifier(self.scopes.mappers(), facts)).unwrap_or_default()
    }

    /// An access token (RFC 9068 in spirit, Keycloak's claims).
    ///
    /// # Errors
    /// If the cryptographic library fails.
    pub async fn access_token(&self, services: &Services) -> Result<AccessToken> {
        let claims = self.access_claims(services);
        self.signed(services, claims).await
    }

    /// An access token for these audiences and nobody else. The inner error names those that the token wouldn't have had.
    ///
    /// # Errors
    /// If the cryptographic library fails.
    pub async fn access_token_for(
        &self,
        services: &Services,
        audiences: &[&str],
    ) -> Result<std::result::Result<AccessToken, Vec<String>>> {
        match self.access_claims_for(services, audiences) {
            Ok(claims) => Ok(Ok(self.signed(services, claims).await?)),
            Err(missing) => Ok(Err(missing)),
        }
    }

    /// The claims of such a token.
    ///
    /// # Errors
    /// The audiences that it wouldn't have had.
    pub fn access_claims_for(
        &self,
        services: &Services,
        audiences: &[&str],
    ) -> std::result::Result<Map<String, Value>, Vec<String>> {
        let mut claims = self.access_claims(services);
        if audiences.is_empty() {
            return Ok(claims);
        }
        let had: Vec<String> = match claims.get("aud") {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let missing = audiences.iter().filter(|name| !had.iter().any(|had| had == **name));
        let missing: Vec<_> = missing.map(|name| (*name).to_owned()).collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        restrict(&mut claims, audiences);
        Ok(claims)
    }

    /// What userinfo says of the user (OpenID Connect Core 1.0 section 5.3.2).
    pub fn userinfo_claims(&self) -> Map<String, Value> {
        let mut claims = Map::new();
        self.facts(|facts| build(self.scopes.mappers(), facts, Target::UserInfo, &mut claims));
        claims
    }

    fn access_claims(&self, services: &Services) -> Map<String, Value> {
        let expires_in = self.expires_in(services);
        let lightweight = is_lightweight(self.client());
        let family = self.session.map(|(session, family, _)| (family, session.offline));
        let id = token_id::make(family, lightweight, self.via, &random::hexadecimal(&*services.random));
        let expires = services.now().unix_timestamp() + expires_in;
        let mut claims = self.registered(services, services::administrators::ACCESS_TOKEN, id, expires);
        claims.insert("scope".to_owned(), json!(self.scopes.text()));
        let target = if lightweight { Target::LightweightAccess } else { Target::Access };
        self.facts(|facts| build(self.scopes.mappers(), facts, target, &mut claims));
        // Whose token it is has to be known even where no mapper says so.
        claims.entry("sub").or_insert_with(|| json!(self.subject_identifier()));
        claims
    }

    async fn signed(&self, services: &Services, claims: Map<String, Value>) -> Result<AccessToken> {
        let expires_in = self.expires_in(services);
        let typ = match self.client().attributes.get(AT_JWT).is_some_and(|value| value == "true") {
            true => "at+jwt",
            false => "JWT",
        };
        let algorithm = algorithm(self.realm, self.client(), ACCESS_ALGORITHM);
        let text = sign(services, self.realm, algorithm, typ, &claims).await?;
        Ok(AccessToken { text, expires_in })
    }

    /// An ID token (OpenID Connect Core 1.0 section 2), encrypted if the client registered that.
    ///
    /// # Errors
    /// If the cryptographic library fails, or the client's key for encryption can't be had.
    pub async fn id_token(&self, services: &Services, with: Binding<'_>, alone: bool) -> Result<String> {
        let algorithm = algorithm(self.realm, self.client(), ID_ALGORITHM);
        let claims = self.id_claims(services, with, alone);
        let signed = sign(services, self.realm, algorithm, "JWT", &claims).await?;
        encrypted_for(services, self.realm, self.client(), "id.token", signed).await
    }

    /// The claims of such a token.
    pub fn id_claims(&self, services: &Services, with: Binding<'_>, alone: bool) -> Map<String, Value> {
        let id = random::hexadecimal(&*services.random);
        let expires = services.now().unix_timestamp() + self.expires_in(services);
        let mut claims = self.registered(services, ID, id, expires);
        claims.insert("aud".to_owned(), json!(self.client().client_id));
        if let Some(nonce) = self.nonce {
            claims.insert("nonce".to_owned(), json!(nonce));
        }
        let algorithm = algorithm(self.realm, self.client(), ID_ALGORITHM);
        for (name, bound) in [("at_hash", with.access_token), ("c_hash", with.code), ("s_hash", with.state)] {
            if let Some(bound) = bound {
                claims.insert(name.to_owned(), json!(jose::half_hash(algorithm, bound)));
            }
        }
        self.facts(|facts| {
            if alone {
                // Without an access token nobody can ask for userinfo (OpenID Connect Core 1.0 section 5.4).
                build(self.scopes.mappers(), facts, Target::UserInfo, &mut claims);
            }
            build(self.scopes.mappers(), facts, Target::Id, &mut claims);
        });
        // auth_time is required if max_age was asked for; it is never wrong to say it (section 2).
        if let Some((session, ..)) = self.session {
            claims.entry("auth_time").or_insert_with(|| json!(session.authenticated.unix_timestamp()));
        }
        claims
    }

    /// A refresh token, for ourselves. None where there is no session, and for a client that uses none.
    ///
    /// # Errors
    /// If the cryptographic library fails.
    pub async fn refresh_token(&self, services: &Services) -> Result<Option<(String, i64)>> {
        let used = self.session.filter(|_| uses_refresh_tokens(self.client()));
        let Some((session, family_id, family)) = used else { return Ok(None) };
        let now = services.now();
        let lasts = lifespans::refresh_token(self.realm, self.client(), session, now);
        let kind = if session.offline { OFFLINE } else { REFRESH };
        let expires = now.unix_timestamp().saturating_add(lasts);
        let mut claims = self.registered(services, kind, services.new_id(), expires);
        claims.insert("aud".to_owned(), json!(services.realm_url(self.realm)));
        claims.insert("sub".to_owned(), json!(self.user.id.as_str()));
        claims.insert("scope".to_owned(), json!(self.refreshed_scope()));
        claims.insert("fam".to_owned(), json!(family_id));
        claims.insert("gen".to_owned(), json!(family.generation));
        // A session without an age at which it ends has refresh tokens without one; disuse ends it in the database.
        let endless = session.offline && lifespans::left(self.realm, session, now).is_none();
        if endless {
            claims.remove("exp");
        }
        let text = sign_own(services, self.realm, &claims).await?;
        Ok(Some((text, if endless { 0 } else { lasts })))
    }

    /// The scopes by name, those among them too that aren't shown in tokens.
    fn refreshed_scope(&self) -> String {
        let openid = self.scopes.openid().then_some("openid");
        openid.into_iter().chain(self.scopes.scopes().map(|scope| scope.name.as_str())).collect::<Vec<_>>().join(" ")
    }

    /// The answer with an access token, where there is a session a refresh token, and with `openid` an ID token.
    ///
    /// # Errors
    /// If the cryptographic library fails.
    pub async fn answer(&self, services: &Services) -> Result<Value> {
        let access = self.access_token(services).await?;
        let refresh = self.refresh_token(services).await?;
        let mut answer = Map::new();
        let mut put = |name: &str, value: Value| answer.insert(name.to_owned(), value);
        if self.scopes.openid() && self.session.is_some() {
            let with = Binding { access_token: Some(&access.text), ..Binding::default() };
            put("id_token", json!(self.id_token(services, with, false).await?));
        }
        put("access_token", json!(access.text));
        put("expires_in", json!(access.expires_in));
        put("refresh_expires_in", json!(refresh.as_ref().map_or(0, |(_, lasts)| *lasts)));
        if let Some((text, _)) = refresh {
            put("refresh_token", json!(text));
        }
        put("token_type", json!("Bearer"));
        put("not-before-policy", json!(self.realm.settings.not_before));
        if let Some((session, ..)) = self.session {
            put("session_state", json!(session.id.as_str()));
        }
        put("scope", json!(self.scopes.text()));
        Ok(Value::Object(answer))
    }
}

/// Leaves only these audiences, and only their roles.
fn restrict(claims: &mut Map<String, Value>, audiences: &[&str]) {
    let named: Vec<Value> = audiences.iter().map(|name| json!(name)).collect();
    let audience = match named.as_slice() {
        [only] => only.clone(),
        _ => Value::Array(named),
    };
    claims.insert("aud".to_owned(), audience);
    if let Some(Value::Object(access)) = claims.get_mut("resource_access") {
        access.retain(|client, _| audiences.contains(&client.as_str()));
    }
}

/// Whether the tokens of these scopes are to outlive the session.
pub fn outlives(scopes: &Scopes) -> bool {
    scopes.has(OFFLINE_ACCESS)
}
