//! The provider, as an application sees it that knows nothing but the issuer.

use reqwest::Client as Http;
use serde_json::Value;

use crate::{
    answer::{Answer, http},
    jwt::Jwt,
};

/// A provider whose metadata was read.
#[derive(Clone, Debug)]
pub struct Provider {
    /// The issuer.
    pub issuer: String,
    /// Its metadata.
    pub metadata: Value,
    http: Http,
}

impl Provider {
    /// Reads the metadata of an issuer.
    pub async fn discover(issuer: &str) -> Self {
        let http = http();
        let url = format!("{issuer}/.well-known/openid-configuration");
        let answer = Answer::to(http.get(url)).await.expect(200);
        let content_type = answer.header("content-type").unwrap_or_default();
        assert!(content_type.starts_with("application/json"), "{content_type}");
        Self { issuer: issuer.to_owned(), metadata: answer.json(), http }
    }

    /// The client that speaks with it.
    #[must_use]
    pub fn http(&self) -> &Http {
        &self.http
    }

    /// A text of the metadata, such as `token_endpoint`.
    ///
    /// # Panics
    /// If it is missing.
    #[must_use]
    #[track_caller]
    pub fn endpoint(&self, name: &str) -> &str {
        self.metadata[name].as_str().unwrap_or_else(|| panic!("the metadata has no {name}"))
    }

    /// Whether a list of the metadata holds a value.
    #[must_use]
    pub fn lists(&self, name: &str, value: &str) -> bool {
        self.metadata[name].as_array().is_some_and(|list| list.iter().any(|listed| listed == value))
    }

    /// The keys.
    pub async fn jwks(&self) -> Value {
        Answer::to(self.http.get(self.endpoint("jwks_uri"))).await.expect(200).json()
    }

    /// A token that one of the present keys has signed.
    ///
    /// # Panics
    /// If it is not so.
    pub async fn verified(&self, token: &str) -> Jwt {
        let jwt = Jwt::parse(token).unwrap_or_else(|error| panic!("{error}: {token}"));
        let jwks = self.jwks().await;
        jwt.verify(&jwks).unwrap_or_else(|error| panic!("{error}: {:?}", jwt.header));
        jwt
    }

    /// Asks for the claims with `GET` and the token in the header.
    pub async fn userinfo(&self, access_token: &str) -> Answer {
        Answer::to(self.http.get(self.endpoint("userinfo_endpoint")).bearer_auth(access_token)).await
    }
}
