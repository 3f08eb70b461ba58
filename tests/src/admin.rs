//! The Admin API, as an administrator's program uses it.

use std::time::{Duration, Instant};

use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::answer::{Answer, http};

/// A signed-in administrator. The token is renewed before it ends.
#[derive(Debug)]
pub struct Admin {
    client: Client,
    base: String,
    username: String,
    password: String,
    token: Mutex<Option<(String, Instant)>>,
}

impl Admin {
    /// Logs in to the realm `master` of the server at `base_url`.
    ///
    /// # Panics
    /// If that is refused.
    pub async fn login(base_url: &str, username: &str, password: &str) -> Self {
        let admin = Self {
            client: http(),
            base: base_url.trim_end_matches('/').to_owned(),
            username: username.to_owned(),
            password: password.to_owned(),
            token: Mutex::default(),
        };
        let _ = admin.token().await;
        admin
    }

    /// The server's address.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base
    }

    /// An access token that is good for a while.
    ///
    /// # Panics
    /// If the login is refused.
    pub async fn token(&self) -> String {
        let mut held = self.token.lock().await;
        if let Some((token, until)) = &*held
            && Instant::now() < *until
        {
            return token.clone();
        }
        let form = [
            ("grant_type", "password"),
            ("client_id", "admin-cli"),
            ("username", &self.username),
            ("password", &self.password),
        ];
        let url = format!("{}/realms/master/protocol/openid-connect/token", self.base);
        let answer = Answer::to(self.client.post(url).form(&form)).await.expect(200).json();
        let token = answer["access_token"].as_str().expect("an access token").to_owned();
        let seconds = answer["expires_in"].as_u64().expect("expires_in");
        *held = Some((token.clone(), Instant::now() + Duration::from_secs(seconds / 2)));
        token
    }

    /// Forgets the token, for instance because the server's clock was moved.
    pub async fn renew(&self) {
        *self.token.lock().await = None;
    }

    /// Sends a request to `path` below `/admin`, such as `/realms/acme/users`.
    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self.client.request(method, format!("{}/admin{path}", self.base)).bearer_auth(self.token().await);
        Answer::to(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
    }

    /// `GET` below `/admin`.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// `POST` below `/admin`.
    pub async fn post(&self, path: &str, body: Option<Value>) -> Answer {
        self.send(Method::POST, path, body).await
    }

    /// `PUT` below `/admin`.
    pub async fn put(&self, path: &str, body: Option<Value>) -> Answer {
        self.send(Method::PUT, path, body).await
    }

    /// `DELETE` below `/admin`.
    pub async fn delete(&self, path: &str, body: Option<Value>) -> Answer {
        self.send(Method::DELETE, path, body).await
    }

    /// Makes an enabled realm that stores its events and has no brute-force protection.
    pub async fn create_realm(&self, name: &str) {
        let realm = json!({"realm": name, "enabled": true, "eventsEnabled": true, "adminEventsEnabled": true});
        let _ = self.post("/realms", Some(realm)).await.expect(201);
    }

    /// Makes an enabled user with a password and gives its id.
    pub async fn create_user(&self, realm: &str, username: &str, password: &str) -> String {
        let user = json!({
            "username": username, "enabled": true, "email": format!("{username}@example.org"), "emailVerified": true,
            "firstName": "Test", "lastName": "User",
            "credentials": [{"type": "password", "value": password, "temporary": false}],
        });
        self.post(&format!("/realms/{realm}/users"), Some(user)).await.made()
    }

    /// Makes a realm role.
    pub async fn create_role(&self, realm: &str, name: &str) {
        let _ = self.post(&format!("/realms/{realm}/roles"), Some(json!({"name": name}))).await.expect(201);
    }

    /// Grants a realm role to a user.
    pub async fn grant_role(&self, realm: &str, user_id: &str, role: &str) {
        let role = self.get(&format!("/realms/{realm}/roles/{role}")).await.expect(200).json();
        let path = format!("/realms/{realm}/users/{user_id}/role-mappings/realm");
        let _ = self.post(&path, Some(json!([role]))).await.expect(204);
    }

    /// Makes the group at `path`, such as `/teams/red`, and those above it that are missing. Gives its id.
    pub async fn create_group(&self, realm: &str, path: &str) -> String {
        let mut parent: Option<String> = None;
        let mut walked = String::new();
        for name in path.split('/').filter(|name| !name.is_empty()) {
            walked.push('/');
            walked.push_str(name);
            let found = self.get(&format!("/realms/{realm}/group-by-path{walked}")).await;
            let id = if found.status == 200 {
                found.json()["id"].as_str().expect("an id").to_owned()
            } else {
                let place = match &parent {
                    Some(parent) => format!("/realms/{realm}/groups/{parent}/children"),
                    None => format!("/realms/{realm}/groups"),
                };
                self.post(&place, Some(json!({"name": name}))).await.made()
            };
            parent = Some(id);
        }
        parent.expect("a path with at least one name")
    }

    /// Makes a user a member of a group.
    pub async fn join(&self, realm: &str, user_id: &str, group_id: &str) {
        let _ = self.put(&format!("/realms/{realm}/users/{user_id}/groups/{group_id}"), None).await.expect(204);
    }

    /// Makes a `docker-v2` client, which is a registry, and gives its id.
    pub async fn create_registry(&self, realm: &str, client_id: &str, attributes: Value) -> String {
        let client = json!({
            "clientId": client_id, "protocol": "docker-v2", "enabled": true, "publicClient": true,
            "attributes": attributes,
        });
        self.post(&format!("/realms/{realm}/clients"), Some(client)).await.made()
    }

    /// Changes attributes of a client; the others stay. `client` is its id.
    pub async fn set_attributes(&self, realm: &str, client: &str, attributes: Value) {
        let path = format!("/realms/{realm}/clients/{client}");
        let mut shown = self.get(&path).await.expect(200).json();
        for (name, value) in attributes.as_object().expect("an object") {
            shown["attributes"][name] = value.clone();
        }
        let _ = self.put(&path, Some(shown)).await.expect(204);
    }

    /// Adds a protocol mapper of the kind `kind` to a client and gives its id. `client` is the client's id.
    pub async fn add_mapper(&self, realm: &str, client: &str, name: &str, kind: &str, config: Value) -> String {
        let mapper = json!({"name": name, "protocol": "docker-v2", "protocolMapper": kind, "config": config});
        let path = format!("/realms/{realm}/clients/{client}/protocol-mappers/models");
        self.post(&path, Some(mapper)).await.made()
    }

    /// The newest login events of a realm, newest first.
    pub async fn events(&self, realm: &str) -> Vec<Value> {
        let answer = self.get(&format!("/realms/{realm}/events?max=200")).await.expect(200).json();
        answer.as_array().expect("a list").clone()
    }
}
