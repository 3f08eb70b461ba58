//! Dynamic registration (`OpenID` Connect Dynamic Client Registration 1.0, RFC 7591).

use serde_json::{Value, json};

use super::{Authentication, Client, Provider};
use crate::{admin::Admin, answer::Answer, verifier::forge::KeyPair};

/// A token with which as many clients can be registered as a test needs.
pub async fn initial_access_token(admin: &Admin, realm: &str) -> String {
    let wanted = json!({"count": 20, "expiration": 86_400});
    let answer = admin.post(&format!("/realms/{realm}/clients-initial-access"), Some(wanted)).await;
    assert!(matches!(answer.status, 200 | 201), "{}", answer.shown());
    answer.json()["token"].as_str().expect("a token").to_owned()
}

/// Asks for the registration of a client.
pub async fn register(provider: &Provider, token: &str, metadata: &Value) -> Answer {
    let request = provider.http().post(provider.endpoint("registration_endpoint")).bearer_auth(token);
    Answer::to(request.json(metadata)).await
}

impl Client {
    /// The client that this answer to a registration has made. `key` is its key, if it proves with one who it is.
    ///
    /// # Panics
    /// If it was refused.
    #[must_use]
    #[track_caller]
    pub fn registered(answer: Answer, redirect_uri: &str, key: Option<&KeyPair>) -> Self {
        let registration = answer.expect(201).json();
        let text = |name: &str| registration[name].as_str().map(str::to_owned);
        let secret = || text("client_secret").expect("a client_secret");
        // RFC 7591, section 2: without a method it is client_secret_basic.
        let authentication = match registration["token_endpoint_auth_method"].as_str().unwrap_or("client_secret_basic")
        {
            "none" => Authentication::None,
            "client_secret_basic" => Authentication::SecretBasic(secret()),
            "client_secret_post" => Authentication::SecretPost(secret()),
            "client_secret_jwt" => Authentication::SecretJwt(secret()),
            "private_key_jwt" => {
                let key = key.expect("the client's key").clone();
                Authentication::PrivateKeyJwt { key, kid: None, algorithm: "RS256" }
            }
            other => panic!("an unknown token_endpoint_auth_method: {other}"),
        };
        let id = text("client_id").expect("a client_id");
        Self { id, authentication, redirect_uri: redirect_uri.to_owned(), registration }
    }

    /// Asks what is registered.
    ///
    /// # Panics
    /// If the client has not registered itself.
    pub async fn configuration(&self, provider: &Provider, method: reqwest::Method) -> Answer {
        let text = |name: &str| self.registration[name].as_str().unwrap_or_else(|| panic!("no {name}"));
        let request = provider.http().request(method, text("registration_client_uri"));
        Answer::to(request.bearer_auth(text("registration_access_token"))).await
    }
}
