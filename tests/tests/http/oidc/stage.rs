//! What the tests of sessions and logout start from: a realm with a user and applications that log her in.

use std::time::Duration;

use serde_json::{Value, json};
use tests::{TestServer, test_server::Hosting};

use super::browser::{Browser, SECRET, Tokens, callback, token};
use crate::http::support::{Api, REALM, Reply, World, r, send};

pub const ALICE: (&str, &str) = ("alice", "wonderland");
/// Realm attribute: this machine may be called.
const ALLOWED: &str = "outgoing.allowed-networks";

pub struct Stage {
    pub world: World,
    /// Alice's id.
    pub alice: String,
}

impl Stage {
    /// A realm with Alice and the clients `app` and `other`.
    pub async fn new() -> Self {
        Self::hosted(Hosting::default()).await
    }

    /// The same on a server that is reached in this way.
    pub async fn hosted(hosting: Hosting) -> Self {
        let world = World::hosted(hosting).await;
        let alice = world.user(ALICE.0, ALICE.1).await;
        let stage = Self { world, alice };
        stage.set(json!({"eventsEnabled": true, "attributes": {ALLOWED: "127.0.0.0/8"}})).await;
        for name in ["app", "other"] {
            stage.client(name, json!({}), json!({})).await;
        }
        stage
    }

    /// The administrator, logged in at this moment.
    pub async fn admin(&self) -> Api {
        self.world.api("master", "admin", TestServer::ADMIN_PASSWORD).await
    }

    /// Changes settings of the realm.
    pub async fn set(&self, settings: Value) {
        self.admin().await.put(&r(""), settings).await.expect(204);
    }

    /// Makes a client. `settings` are laid over those that all have here. Gives its id.
    pub async fn client(&self, name: &str, settings: Value, attributes: Value) -> String {
        let mut all = json!({
            "post.logout.redirect.uris": format!("https://{name}.example/bye"),
            "standard.token.exchange.enabled": "true",
        });
        let mut client = json!({
            "clientId": name, "protocol": "openid-connect", "enabled": true, "publicClient": false, "secret": SECRET,
            "redirectUris": [callback(name)], "webOrigins": [format!("https://{name}.example")],
            "baseUrl": format!("https://{name}.example/home"), "directAccessGrantsEnabled": true,
        });
        lay_over(&mut all, attributes);
        lay_over(&mut client, settings);
        client["attributes"] = all;
        self.world.admin.post(&r("/clients"), client).await.created()
    }

    /// Changes attributes of a client.
    pub async fn attributes(&self, client: &str, attributes: Value) {
        let admin = self.admin().await;
        let path = r(&format!("/clients/{}", self.client_id(client).await));
        let mut shown = admin.read(&path).await;
        lay_over(&mut shown["attributes"], attributes);
        admin.put(&path, shown).await.expect(204);
    }

    /// The id of a client.
    pub async fn client_id(&self, client: &str) -> String {
        let found = self.admin().await.read(&r(&format!("/clients?clientId={client}"))).await;
        found[0]["id"].as_str().unwrap().to_owned()
    }

    pub fn browser(&self) -> Browser {
        Browser::new(self.world.server.url())
    }

    pub fn now(&self) -> i64 {
        self.world.server.services().now().unix_timestamp()
    }

    /// Moves the clock. The token of the administrator may be over then.
    pub fn pass(&self, seconds: u64) {
        self.world.server.clock().advance(Duration::from_secs(seconds));
    }

    /// The address of the protocol's endpoint.
    pub fn url(&self, path: &str) -> String {
        self.world.url(&format!("/realms/{REALM}/protocol/openid-connect/{path}"))
    }

    pub async fn refresh(&self, client: &str, refresh_token: &str) -> Reply {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        token(self.world.server.url(), REALM, client, &form).await
    }

    /// Refreshes, which has to succeed.
    pub async fn refreshed(&self, client: &str, tokens: &Tokens) -> Tokens {
        Tokens { answer: self.refresh(client, tokens.refresh()).await.expect(200).json() }
    }

    pub async fn userinfo(&self, access_token: &str) -> Reply {
        send(self.world.http.get(self.url("userinfo")).bearer_auth(access_token)).await
    }

    /// Whether introspection says that a token is good.
    pub async fn is_active(&self, client: &str, token: &str) -> bool {
        let form = [("client_id", client), ("client_secret", SECRET), ("token", token)];
        let reply = send(self.world.http.post(self.url("token/introspect")).form(&form)).await.expect(200);
        reply.json()["active"].as_bool().unwrap()
    }

    pub async fn exchange(&self, client: &str, subject_token: &str) -> Reply {
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("subject_token", subject_token),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ];
        token(self.world.server.url(), REALM, client, &form).await
    }

    /// The events of a type, newest first.
    pub async fn events(&self, kind: &str) -> Vec<Value> {
        self.admin().await.read(&r(&format!("/events?type={kind}&max=1000"))).await.as_array().unwrap().clone()
    }
}

fn lay_over(below: &mut Value, above: Value) {
    for (name, value) in above.as_object().unwrap() {
        below[name] = value.clone();
    }
}
