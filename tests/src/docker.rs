//! The token endpoint, as a registry client asks it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::Client;
use serde_json::Value;

use crate::{
    answer::{Answer, http},
    verifier::{Trust, Verdict},
};

/// Asks one realm's token endpoint.
#[derive(Clone, Debug)]
pub struct Docker {
    client: Client,
    base: String,
    realm: String,
}

impl Docker {
    /// For the realm `realm` of the server at `base_url`.
    #[must_use]
    pub fn new(base_url: &str, realm: &str) -> Self {
        Self { client: http(), base: base_url.trim_end_matches('/').to_owned(), realm: realm.to_owned() }
    }

    /// The realm's address, which is the issuer of its tokens.
    #[must_use]
    pub fn issuer(&self) -> String {
        format!("{}/realms/{}", self.base, self.realm)
    }

    /// The address of the token endpoint.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}/protocol/docker-v2/auth", self.issuer())
    }

    /// `GET` with each scope in a parameter of its own, `further` parameters behind them, and Basic credentials if given.
    pub async fn get(
        &self,
        service: &str,
        scopes: &[&str],
        basic: Option<(&str, &str)>,
        further: &[(&str, &str)],
    ) -> Answer {
        let mut query = vec![("service", service)];
        query.extend(scopes.iter().map(|scope| ("scope", *scope)));
        query.extend(further);
        let request = self.client.get(self.url()).query(&query);
        Answer::to(match basic {
            Some((username, password)) => request.basic_auth(username, Some(password)),
            None => request,
        })
        .await
    }

    /// `POST` with a form, as OAuth 2.0 clients do.
    pub async fn post(&self, form: &[(&str, &str)]) -> Answer {
        self.try_post(form).await.expect("the server answers")
    }

    /// As [`Self::post`], for servers that may be gone.
    ///
    /// # Errors
    /// If there is no complete answer.
    pub async fn try_post(&self, form: &[(&str, &str)]) -> reqwest::Result<Answer> {
        Answer::try_to(self.client.post(self.url()).form(form)).await
    }

    /// `POST` with an identity token.
    pub async fn refresh(&self, service: &str, scope: &str, identity_token: &str) -> Answer {
        self.post(&[
            ("grant_type", "refresh_token"),
            ("client_id", "tests"),
            ("service", service),
            ("scope", scope),
            ("refresh_token", identity_token),
        ])
        .await
    }

    /// What a registry with this realm's CA and keys trusts.
    pub async fn trust(&self) -> Trust {
        let base = format!("{}/protocol/docker-v2", self.issuer());
        let bundle = Answer::to(self.client.get(format!("{base}/ca.pem"))).await.expect(200);
        let jwks = Answer::to(self.client.get(format!("{base}/certs"))).await.expect(200);
        Trust::new(&bundle.text(), &jwks.json())
    }

    /// The claims of a token that a registry 2.8 and a registry 3.1 with this realm's bundle accept at present.
    ///
    /// # Panics
    /// If one of them refuses it.
    pub async fn verified(&self, service: &str, token: &str) -> Value {
        let trust = self.trust().await;
        let claims = claims(token);
        let now = claims["iat"].as_i64().expect("iat is an integer");
        for registry in [crate::verifier::RegistryVersion::V2_8, crate::verifier::RegistryVersion::V3_1] {
            let verdict =
                trust.verdict(registry, crate::verifier::Sources::Bundle, token, &self.issuer(), service, now);
            assert_eq!(verdict, Verdict::Accepted, "{registry:?}: {claims}");
        }
        claims
    }
}

/// The claims of a token, without a look at its signature.
///
/// # Panics
/// If it is none.
#[must_use]
pub fn claims(token: &str) -> Value {
    part(token, 1)
}

/// The header of a token, without a look at its signature.
///
/// # Panics
/// If it is none.
#[must_use]
pub fn header(token: &str) -> Value {
    part(token, 0)
}

fn part(token: &str, index: usize) -> Value {
    let text = token.split('.').nth(index).expect("a token has three parts");
    let bytes = URL_SAFE_NO_PAD.decode(text).expect("a part is base64url");
    serde_json::from_slice(&bytes).expect("a part is JSON")
}

/// The granted accesses of a token as sorted scopes, such as `repository:a/b:pull,push`.
///
/// # Panics
/// If it is no docker token.
#[must_use]
pub fn granted(token: &str) -> Vec<String> {
    let claims = claims(token);
    let mut scopes: Vec<String> = claims["access"]
        .as_array()
        .expect("access is an array")
        .iter()
        .map(|access| {
            let text = |name: &str| access[name].as_str().expect("a text").to_owned();
            let mut actions: Vec<_> = access["actions"]
                .as_array()
                .expect("actions")
                .iter()
                .map(|action| action.as_str().expect("a text"))
                .collect();
            actions.sort_unstable();
            format!("{}:{}:{}", text("type"), text("name"), actions.join(","))
        })
        .collect();
    scopes.sort();
    scopes
}
