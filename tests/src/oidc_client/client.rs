//! A registered client and what it asks the token endpoint.

use serde_json::{Value, json};
use url::form_urlencoded;

use super::{Provider, random_text};
use crate::{answer::Answer, jwt, verifier::forge::KeyPair};

/// How a client proves who it is (`OpenID` Connect Core, section 9).
#[derive(Clone, Debug)]
pub enum Authentication {
    /// `none`.
    None,
    /// `client_secret_basic`.
    SecretBasic(String),
    /// `client_secret_post`.
    SecretPost(String),
    /// `client_secret_jwt`.
    SecretJwt(String),
    /// `private_key_jwt` with this key, and the `kid` and `alg` of its header.
    PrivateKeyJwt {
        /// The key.
        key: KeyPair,
        /// Its id, if the header has one.
        kid: Option<String>,
        /// The algorithm.
        algorithm: &'static str,
    },
}

/// A registered client.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// How it proves who it is.
    pub authentication: Authentication,
    /// Where it is told about authorizations.
    pub redirect_uri: String,
    /// What the provider said when it was registered, if it has registered itself.
    pub registration: Value,
}

impl Client {
    /// The claims of an assertion that says who it is (RFC 7523, section 3) at `now`.
    #[must_use]
    pub fn assertion_claims(&self, audience: &Value, now: i64) -> Value {
        json!({
            "iss": self.id, "sub": self.id, "aud": audience, "jti": random_text(24), "iat": now, "exp": now + 60,
        })
    }

    /// The assertion with these claims.
    ///
    /// # Panics
    /// If this client proves who it is in another way.
    #[must_use]
    pub fn assertion(&self, claims: &Value) -> String {
        match &self.authentication {
            Authentication::SecretJwt(secret) => jwt::with_secret(secret, claims),
            Authentication::PrivateKeyJwt { key, kid, algorithm } => {
                let header = match kid {
                    Some(kid) => json!({"alg": algorithm, "kid": kid}),
                    None => json!({"alg": algorithm}),
                };
                key.token(&header, claims)
            }
            other => panic!("no assertions with {other:?}"),
        }
    }

    /// Sends a form to an endpoint, with the proof who the client is. `now` is the server's time.
    pub async fn send(&self, provider: &Provider, endpoint: &str, form: &[(&str, &str)], now: i64) -> Answer {
        let mut form = form.to_vec();
        let assertion;
        let mut request = provider.http().post(provider.endpoint(endpoint));
        match &self.authentication {
            Authentication::None => form.push(("client_id", &self.id)),
            Authentication::SecretBasic(secret) => {
                // RFC 6749, section 2.3.1: both are encoded as in forms first.
                let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                request = request.basic_auth(encoded(&self.id), Some(encoded(secret)));
            }
            Authentication::SecretPost(secret) => {
                form.extend([("client_id", self.id.as_str()), ("client_secret", secret)]);
            }
            Authentication::SecretJwt(_) | Authentication::PrivateKeyJwt { .. } => {
                let audience = provider.endpoint("token_endpoint").into();
                assertion = self.assertion(&self.assertion_claims(&audience, now));
                form.extend([("client_assertion_type", ASSERTION_TYPE), ("client_assertion", &assertion)]);
            }
        }
        Answer::to(request.form(&form)).await
    }

    /// Exchanges a code.
    pub async fn exchange(&self, provider: &Provider, code: &str, further: &[(&str, &str)], now: i64) -> Answer {
        let mut form = vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", &self.redirect_uri)];
        form.extend(further);
        self.send(provider, "token_endpoint", &form, now).await
    }

    /// Asks for new tokens.
    pub async fn refresh(
        &self,
        provider: &Provider,
        refresh_token: &str,
        further: &[(&str, &str)],
        now: i64,
    ) -> Answer {
        let mut form = vec![("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        form.extend(further);
        self.send(provider, "token_endpoint", &form, now).await
    }
}

/// RFC 7523, section 2.2.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
