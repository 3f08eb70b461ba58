//! The claims of tokens.

use std::collections::{BTreeMap, BTreeSet};

use model::{client::Client, id::SessionId, subject::Subject};
use serde_json::{Map, Value, json};
use services::Origin;

use crate::scope::Scopes;

#[cfg_attr(not(test), expect(dead_code, unused_imports, reason = "tokens are still made without mappers"))]
pub mod mapping;

/// Attribute: access tokens carry neither roles nor personal data.
const LIGHTWEIGHT: &str = "client.use.lightweight.access.token.enabled";

/// What every token of one answer has in common.
pub struct Common<'a> {
    /// The realm's address.
    pub issuer: &'a str,
    /// When it is issued, seconds since 1970.
    pub now: i64,
    /// When the session was opened.
    pub authenticated: Option<i64>,
    /// The session; none where a client acts for itself.
    pub session: Option<&'a SessionId>,
    /// The client.
    pub client: &'a Client,
    /// The scopes.
    pub scopes: &'a Scopes,
    /// The user.
    pub subject: &'a Subject,
}

impl Common<'_> {
    fn registered(&self, id: String, kind: &str, expires: i64) -> Map<String, Value> {
        let mut claims = Map::new();
        let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        put("exp", json!(expires));
        put("iat", json!(self.now));
        put("jti", json!(id));
        put("iss", json!(self.issuer));
        put("typ", json!(kind));
        put("azp", json!(self.client.client_id));
        if let Some(user) = &self.subject.user_id {
            put("sub", json!(user.as_str()));
        }
        if let Some(session) = self.session {
            put("sid", json!(session.as_str()));
        }
        claims
    }

    /// An access token (RFC 9068 in spirit, Keycloak's claims).
    pub fn access(&self, id: String, expires: i64, origin: &Origin) -> Map<String, Value> {
        let mut claims = self.registered(id, services::administrators::ACCESS_TOKEN, expires);
        claims.insert("scope".to_owned(), json!(self.scopes.text()));
        if is_lightweight(self.client) {
            return claims;
        }
        self.add_authentication(&mut claims);
        if self.scopes.has("web-origins") {
            let settings = &self.client.settings;
            let origins = web::cors::origins(&settings.web_origins, &settings.redirect_uris);
            if !origins.is_empty() {
                claims.insert("allowed-origins".to_owned(), json!(origins));
            }
        }
        if self.scopes.has("roles") {
            add_roles(&mut claims, self.client, self.subject);
        }
        if self.scopes.has("service_account") {
            claims.insert("client_id".to_owned(), json!(self.client.client_id));
            if let Some(address) = &origin.ip_address {
                claims.insert("clientHost".to_owned(), json!(address));
                claims.insert("clientAddress".to_owned(), json!(address));
            }
        }
        self.add_person(&mut claims);
        claims
    }

    /// An ID token (OpenID Connect Core 1.0 section 2).
    pub fn id(&self, id: String, expires: i64) -> Map<String, Value> {
        let mut claims = self.registered(id, "ID", expires);
        claims.insert("aud".to_owned(), json!(self.client.client_id));
        self.add_authentication(&mut claims);
        self.add_person(&mut claims);
        claims
    }

    /// A refresh token, for ourselves.
    pub fn refresh(&self, id: String, expires: i64) -> Map<String, Value> {
        let mut claims = self.registered(id, crate::tokens::REFRESH, expires);
        claims.insert("aud".to_owned(), json!(self.issuer));
        claims.insert("scope".to_owned(), json!(self.scopes.text()));
        claims
    }

    fn add_authentication(&self, claims: &mut Map<String, Value>) {
        if let Some(authenticated) = self.authenticated.filter(|_| self.scopes.has("basic")) {
            claims.insert("auth_time".to_owned(), json!(authenticated));
        }
        if self.scopes.has("acr") {
            claims.insert("acr".to_owned(), json!("1"));
        }
    }

    /// The user's claims of the scopes `profile` and `email` (OpenID Connect Core 1.0 section 5.4).
    fn add_person(&self, claims: &mut Map<String, Value>) {
        let subject = self.subject;
        let mut put = |name: &str, value: Option<Value>| value.map(|value| claims.insert(name.to_owned(), value));
        if self.scopes.has("email") {
            put("email", subject.email.as_ref().map(|email| json!(email)));
            put("email_verified", Some(json!(subject.email_verified)));
        }
        if self.scopes.has("profile") {
            let names: Vec<_> = [&subject.first_name, &subject.last_name].into_iter().flatten().cloned().collect();
            put("name", (!names.is_empty()).then(|| json!(names.join(" "))));
            put("preferred_username", Some(json!(subject.username)));
            put("given_name", subject.first_name.as_ref().map(|name| json!(name)));
            put("family_name", subject.last_name.as_ref().map(|name| json!(name)));
        }
    }
}

/// Whether the client's access tokens carry neither roles nor personal data.
pub fn is_lightweight(client: &Client) -> bool {
    client.attributes.get(LIGHTWEIGHT).is_some_and(|value| value == "true")
}

/// The roles in effect. A client without full scope sees its own roles only. Other clients whose roles the token
/// carries become its audience.
fn add_roles(claims: &mut Map<String, Value>, client: &Client, subject: &Subject) {
    let full = client.settings.full_scope_allowed;
    let (mut realm, mut clients) = (BTreeSet::new(), BTreeMap::<&str, BTreeSet<&str>>::new());
    for role in &subject.roles {
        match role.client.as_deref() {
            None if full => drop(realm.insert(role.name.as_str())),
            Some(of) if full || of == client.client_id => drop(clients.entry(of).or_default().insert(&role.name)),
            _ => {}
        }
    }
    if !realm.is_empty() {
        claims.insert("realm_access".to_owned(), json!({ "roles": realm }));
    }
    let audience: Vec<_> = clients.keys().copied().filter(|name| *name != client.client_id).collect();
    match audience.as_slice() {
        [] => {}
        [only] => drop(claims.insert("aud".to_owned(), json!(only))),
        several => drop(claims.insert("aud".to_owned(), json!(several))),
    }
    if !clients.is_empty() {
        let access: Map<_, _> =
            clients.iter().map(|(name, roles)| ((*name).to_owned(), json!({ "roles": roles }))).collect();
        claims.insert("resource_access".to_owned(), Value::Object(access));
    }
}

#[cfg(test)]
mod tests;
