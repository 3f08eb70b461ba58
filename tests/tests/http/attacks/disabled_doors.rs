//! Everything that a user, an application and a registry can get, as a list of doors.

use serde_json::json;

use super::stage::{ALICE, App, Browser, Site, Tokens, answered, text};
use crate::http::support::{REALM, REGISTRY, World, send};

/// The doors, in the order in which they are tried: what changes something comes last.
pub const DOORS: [&str; 18] = [
    "userinfo",
    "introspection",
    "service token",
    "exchange",
    "admin",
    "docker password",
    "docker identity",
    "single sign-on",
    "login",
    "push",
    "device begins",
    "client credentials",
    "password",
    "device",
    "code",
    "refresh",
    "offline",
    "registration",
];

/// What was given out before something was disabled.
pub struct Held {
    browser: Browser,
    online: Tokens,
    offline: Tokens,
    service: String,
    code: String,
    device_code: String,
    identity: String,
    initial: String,
}

/// Where it happens. The second application asks what tokens of the first are worth, and is never disabled.
pub struct Doors {
    pub world: World,
    pub site: Site,
    pub app: App,
    pub watcher: App,
}

impl Doors {
    /// Takes one of everything.
    pub async fn take(&self) -> Held {
        let Self { world, site, app, .. } = self;
        let browser = Browser::default();
        let online = site.tokens(&browser, app, "openid").await;
        let offline = site.tokens(&browser, app, "openid offline_access").await;
        let service = site.grant(app, &[("grant_type", "client_credentials")]).await.expect(200).json();
        let (device_code, user_code) = site.device(app, "openid").await;
        site.approve(&browser, &user_code).await;
        world.wait(2);
        let initial = world.admin.post(&format!("/realms/{REALM}/clients-initial-access"), json!({"count": 1})).await;
        Held {
            online,
            offline,
            service: text(&service, "access_token"),
            code: site.code(&browser, app, &[]).await,
            device_code,
            identity: world.identity_token(ALICE.0, ALICE.1).await,
            initial: text(&initial.json(), "token"),
            browser,
        }
    }

    /// The doors that are open to whoever holds this.
    pub async fn open(&self, held: &Held) -> Vec<&'static str> {
        let mut open = Vec::new();
        for door in DOORS {
            if self.opens(door, held).await {
                open.push(door);
            }
        }
        open
    }

    async fn opens(&self, door: &str, held: &Held) -> bool {
        let Self { world, site, app, watcher } = self;
        let status = match door {
            "userinfo" => site.userinfo(&held.online.access()).await.status,
            "introspection" => return self.is_active(&held.online.access()).await,
            "service token" => return self.is_active(&held.service).await,
            "exchange" => site.exchange(watcher, &held.online.access(), &[]).await.status,
            "admin" => {
                let url = world.url(&format!("/admin/realms/{REALM}/users?max=1"));
                send(world.http.get(url).bearer_auth(held.online.access())).await.status
            }
            "docker password" => {
                let reply = world.pull_token(Some(ALICE), &["repository:role/x:pull"]).await;
                return reply.status == 200 && !reply.access().is_empty();
            }
            "docker identity" => {
                let reply = world.redeem(&held.identity, "repository:role/x:pull").await;
                return reply.status == 200 && !reply.access().is_empty();
            }
            "single sign-on" => return site.is_logged_in(&held.browser, app).await,
            "login" => {
                let browser = Browser::default();
                let reply = site.authorize(&browser, &site.request(app, &[])).await;
                let Some(location) = reply.headers.get("location") else { return false };
                if !location.to_str().unwrap().contains("/login-actions/authenticate?") {
                    return false;
                }
                let reply = site.type_password(&browser, &reply, ALICE).await;
                return answered(&reply).contains_key("code");
            }
            "push" => {
                let form = [("response_type", "code"), ("redirect_uri", super::stage::CALLBACK)];
                site.post("ext/par/request", &app.form(&form)).await.status
            }
            "device begins" => site.post("auth/device", &app.form(&[])).await.status,
            "client credentials" => site.grant(app, &[("grant_type", "client_credentials")]).await.status,
            "password" => {
                let form = [("grant_type", "password"), ("username", ALICE.0), ("password", ALICE.1)];
                site.grant(app, &form).await.status
            }
            "device" => site.poll(app, &held.device_code).await.status,
            "code" => site.redeem(app, &held.code).await.status,
            "refresh" => site.refresh(app, &held.online.refresh()).await.status,
            "offline" => site.refresh(app, &held.offline.refresh()).await.status,
            "registration" => {
                let request = site.http.post(site.url("/clients-registrations/openid-connect"));
                let request = request.bearer_auth(&held.initial);
                send(request.json(&json!({"redirect_uris": ["https://app.example/r"]}))).await.status
            }
            other => panic!("an unknown door: {other}"),
        };
        assert!(status < 500, "{door}: {status}");
        (200..300).contains(&status)
    }

    async fn is_active(&self, token: &str) -> bool {
        let reply = self.site.post("token/introspect", &self.watcher.form(&[("token", token)])).await;
        // a realm that is disabled answers nobody
        reply.status == 200 && reply.json()["active"] == true
    }

    /// A realm in which every door is open.
    pub async fn stand() -> (Self, String) {
        let (world, site) = World::with_alice().await;
        let alice = world.admin.read(&format!("/realms/{REALM}/users?username=alice")).await;
        let alice = alice[0]["id"].as_str().unwrap().to_owned();
        world.grant_admin(REALM, &alice, "view-users").await;
        world.role("pullers").await;
        world.grant(&alice, "pullers").await;
        let registry = world.registry(REGISTRY, json!({})).await;
        let rule = json!({"role": "pullers", "repositories": "role/*", "actions": "pull"});
        world.mapper(&registry, "pullers", crate::http::support::ROLE_MAPPER, rule).await;
        let app = world.app("app", json!({})).await;
        let watcher = world.app("watcher", json!({})).await;
        let mapper = json!({
            "name": "watched", "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper",
            "config": {"included.client.audience": "watcher", "access.token.claim": "true"},
        });
        let path = format!("/realms/{REALM}/clients/{}/protocol-mappers/models", app.id);
        world.admin.post(&path, mapper).await.expect(201);
        (Self { world, site, app, watcher }, alice)
    }
}
