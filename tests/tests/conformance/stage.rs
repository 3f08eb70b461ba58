//! A server, an application that relies on it, and clients of both kinds.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;
use serde_json::{Value, json};
use tests::{
    Admin, RelyingParty, TestServer, UserAgent,
    oidc_client::{
        Authentication, AuthorizationRequest, Client, Provider, initial_access_token, random_text, register,
    },
    verifier::forge::KeyPair,
};
use tokio::sync::OnceCell;

use super::{
    realm,
    variant::{Registration, Variant},
};

/// A run of a plan's modules on one server.
pub struct Run {
    server: Arc<TestServer>,
    variant: Variant,
    failed: Vec<&'static str>,
}

impl Run {
    /// A new server with the realm of this variant.
    pub async fn begin(variant: Variant) -> Self {
        let server = Arc::new(TestServer::secure(&realm::template()).await);
        Self { server, variant, failed: Vec::new() }
    }

    /// Runs a module; its failure is kept for the end.
    pub async fn module(&mut self, name: &'static str, module: impl AsyncFnOnce(Stage)) {
        let stage = Stage::open(Arc::clone(&self.server), self.variant);
        let played = async { module(stage.await).await };
        if AssertUnwindSafe(played).catch_unwind().await.is_err() {
            eprintln!("the module {name} failed");
            self.failed.push(name);
        }
    }

    /// Fails if a module did.
    pub fn end(self) {
        assert!(self.failed.is_empty(), "modules that failed: {:?}", self.failed);
    }
}

/// What a module plays on.
pub struct Stage {
    /// What is played.
    pub variant: Variant,
    /// The provider.
    pub provider: Provider,
    /// The application.
    pub party: RelyingParty,
    /// The server.
    pub server: Arc<TestServer>,
    /// The application's key.
    pub key: KeyPair,
    admin: OnceCell<Admin>,
    token: OnceCell<String>,
}

impl Stage {
    /// An application and a client on this server.
    async fn open(server: Arc<TestServer>, variant: Variant) -> Self {
        let provider = Provider::discover(&format!("{}/realms/{}", server.url(), variant.realm)).await;
        let key = KeyPair::kept_rsa("relying-party");
        let party = RelyingParty::start();
        Self { variant, provider, party, server, key, admin: OnceCell::new(), token: OnceCell::new() }
    }

    /// The administrator, signed in.
    pub async fn admin(&self) -> &Admin {
        self.admin.get_or_init(|| self.server.admin()).await
    }

    /// The server's time in seconds since 1970.
    pub fn now(&self) -> i64 {
        self.server.services().now().unix_timestamp()
    }

    /// Lets this much time pass.
    pub fn wait(&self, seconds: u64) {
        self.server.clock().advance(std::time::Duration::from_secs(seconds));
    }

    /// A browser in which nobody is logged in.
    pub fn browser(&self) -> UserAgent {
        UserAgent::new(&self.provider.issuer)
    }

    /// Where clients are told about authorizations.
    pub fn redirect_uri(&self) -> String {
        self.party.url("/callback")
    }

    /// The token with which clients register themselves.
    pub async fn registration_token(&self) -> &str {
        let token = || async { initial_access_token(self.admin().await, self.variant.realm).await };
        self.token.get_or_init(token).await
    }

    /// What a client of this variant registers, as the suite does: its key has no `kid`.
    pub fn registration(&self) -> Value {
        json!({
            "client_name": "Conformance", "contacts": ["conformance@example.org"],
            "grant_types": self.variant.grant_types(), "response_types": [self.variant.response_type],
            "token_endpoint_auth_method": self.variant.authentication, "redirect_uris": [self.redirect_uri()],
            "jwks": {"keys": [public_jwk(&self.key, None)]},
        })
    }

    /// The registration of this variant with other members; `null` takes one away.
    pub fn registration_with(&self, changes: &Value) -> Value {
        let mut registration = self.registration();
        for (name, value) in changes.as_object().expect("an object") {
            if value.is_null() {
                registration.as_object_mut().expect("an object").remove(name);
            } else {
                registration[name] = value.clone();
            }
        }
        registration
    }

    /// Registers a client with these changes.
    pub async fn register(&self, changes: &Value) -> Client {
        let registration = self.registration_with(changes);
        let redirect_uri = registration["redirect_uris"][0].as_str().expect("a redirect URI").to_owned();
        let answer = register(&self.provider, self.registration_token().await, &registration).await;
        let client = Client::registered(answer, &redirect_uri, Some(&self.key));
        super::checks::registration::answer(&registration, &client.registration);
        client
    }

    /// A client of this variant.
    pub async fn client(&self) -> Client {
        self.client_with(&json!({})).await
    }

    /// A client of this variant with these changes, which for one that an administrator makes are translated.
    pub async fn client_with(&self, changes: &Value) -> Client {
        match self.variant.registration {
            Registration::Dynamic => self.register(changes).await,
            Registration::Static => self.make(changes).await,
        }
    }

    async fn make(&self, changes: &Value) -> Client {
        let metadata = self.registration_with(changes);
        let (id, secret) = (format!("client-{}", random_text(8)), random_text(32));
        let has = |grant: &str| metadata["grant_types"].as_array().expect("a list").iter().any(|one| one == grant);
        let uris = |name: &str| {
            let list = metadata[name].as_array().into_iter().flatten();
            list.filter_map(Value::as_str).collect::<Vec<_>>().join("##")
        };
        let mut attributes = json!({"post.logout.redirect.uris": uris("post_logout_redirect_uris")});
        for (name, attribute) in [
            ("backchannel_logout_uri", "backchannel.logout.url"),
            ("backchannel_logout_session_required", "backchannel.logout.session.required"),
            ("frontchannel_logout_uri", "frontchannel.logout.url"),
            ("frontchannel_logout_session_required", "frontchannel.logout.session.required"),
        ] {
            match &metadata[name] {
                Value::Null => {}
                Value::String(text) => attributes[attribute] = text.clone().into(),
                other => attributes[attribute] = other.to_string().into(),
            }
        }
        let client = json!({
            "clientId": id, "secret": secret, "enabled": true, "protocol": "openid-connect", "publicClient": false,
            "redirectUris": metadata["redirect_uris"], "standardFlowEnabled": has("authorization_code"),
            "implicitFlowEnabled": has("implicit"), "directAccessGrantsEnabled": false, "attributes": attributes,
            "frontchannelLogout": !metadata["frontchannel_logout_uri"].is_null(),
        });
        let path = format!("/realms/{}/clients", self.variant.realm);
        let _ = self.admin().await.post(&path, Some(client)).await.expect(201);
        let authentication = match metadata["token_endpoint_auth_method"].as_str() {
            Some("client_secret_post") => Authentication::SecretPost(secret),
            _ => Authentication::SecretBasic(secret),
        };
        Client { id, authentication, redirect_uri: self.redirect_uri(), registration: Value::Null }
    }

    /// The usual authorization request of this variant.
    pub fn request(&self, client: &Client) -> AuthorizationRequest {
        let request = AuthorizationRequest::new(&client.id, &client.redirect_uri, self.variant.response_type);
        if self.variant.form_post { request.with("response_mode", "form_post") } else { request }
    }
}

/// The public half of an RSA key for RS256, with a `kid` only if one is given.
pub fn public_jwk(key: &KeyPair, kid: Option<&str>) -> Value {
    let mut jwk = key.jwk(kid.unwrap_or_default());
    if kid.is_none() {
        jwk.as_object_mut().expect("an object").remove("kid");
    }
    jwk["use"] = "sig".into();
    jwk["alg"] = "RS256".into();
    jwk
}
