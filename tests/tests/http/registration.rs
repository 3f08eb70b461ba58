//! Dynamic client registration (RFC 7591, RFC 7592), in both dialects.

mod bad_input;
mod keycloak;
mod metadata;
mod policies;
mod publisher;
mod sectors;
mod standard;
mod tokens;

use reqwest::Method;
use serde_json::{Value, json};

use crate::http::support::{Api, REALM, Reply, World, r, send};

/// The standard's dialect.
const STANDARD: &str = "openid-connect";
/// Keycloak's.
const KEYCLOAK: &str = "default";

impl World {
    /// An initial access token of the usual realm for so many clients.
    async fn initial_access(&self, count: i32) -> String {
        let made = self.admin.post(&r("/clients-initial-access"), json!({"count": count, "expiration": 0})).await;
        made.expect(200).json()["token"].as_str().expect("a token").to_owned()
    }

    /// A registration.
    async fn register(&self, dialect: &str, token: Option<&str>, document: &Value) -> Reply {
        let address = self.url(&format!("/realms/{REALM}/clients-registrations/{dialect}"));
        self.registration(Method::POST, &address, token, Some(document)).await
    }

    /// A client that has registered itself, in the standard's dialect.
    async fn registered(&self, document: &Value) -> Value {
        let token = self.initial_access(1).await;
        self.register(STANDARD, Some(&token), document).await.expect(201).json()
    }

    /// A request to a client's own address with its own token.
    async fn own(&self, method: Method, client: &Value, document: Option<&Value>) -> Reply {
        let (address, token) = own_access(client);
        self.registration(method, &address, Some(&token), document).await
    }

    async fn registration(
        &self,
        method: Method,
        address: &str,
        token: Option<&str>,
        document: Option<&Value>,
    ) -> Reply {
        let mut request = self.http.request(method, address);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(document) = document {
            request = request.json(document);
        }
        send(request).await
    }

    /// A client as an administrator sees it.
    async fn seen(&self, client_id: &str) -> Value {
        let id = self.client_id(REALM, client_id).await;
        self.admin.read(&r(&format!("/clients/{id}"))).await
    }

    /// Changes a client as an administrator.
    async fn change(&self, client_id: &str, change: Value) {
        let id = self.client_id(REALM, client_id).await;
        self.admin.put(&r(&format!("/clients/{id}")), change).await.expect(204);
    }

    /// An administrator of the usual realm with one role.
    async fn with_role(&self, role: &str) -> Api {
        let user = self.user(role, "pw").await;
        self.grant_admin(REALM, &user, role).await;
        self.api(REALM, role, "pw").await
    }
}

/// Where a client manages itself, and with which token.
fn own_access(client: &Value) -> (String, String) {
    let text = |name: &str| client[name].as_str().unwrap_or_else(|| panic!("no {name}: {client}")).to_owned();
    (text("registration_client_uri"), text("registration_access_token"))
}

fn client_id(client: &Value) -> &str {
    client["client_id"].as_str().expect("a client_id")
}

/// A refusal with this code and, where one is given, this description.
#[track_caller]
fn refused(reply: Reply, status: u16, code: &str, text: impl Into<Option<&'static str>>) {
    let reply = reply.expect(status);
    let body = reply.json();
    assert_eq!(body["error"], code, "{}: {body}", reply.request);
    if let Some(text) = text.into() {
        assert_eq!(body["error_description"], text, "{}", reply.request);
    }
    assert_eq!(reply.header("content-type"), Some("application/json"), "{}", reply.request);
    let description = body["error_description"].as_str().expect("error_description");
    assert!(description.chars().all(|letter| matches!(letter, ' '..='~') && !"\"\\".contains(letter)), "{description}");
}

/// An application with a redirect URI.
fn app() -> Value {
    json!({"client_name": "App", "redirect_uris": ["https://app.example.org/cb"]})
}

/// `document` with further members.
fn with(mut document: Value, more: Value) -> Value {
    for (name, value) in more.as_object().expect("an object") {
        document[name] = value.clone();
    }
    document
}
