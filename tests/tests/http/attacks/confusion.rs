//! Every kind of token at every door: each opens what it is for, and nothing else.

use reqwest::Method;
use serde_json::{Value, json};

use super::stage::{App, Browser, Site, answered, text};
use crate::http::support::{REALM, REGISTRY, World, r, send};

/// What a token opens. `yes` is what it is made for.
const TABLE: &str = "
token           | userinfo introspection revocation exchange refresh admin logout hint registration code device docker session push
access          | yes      yes           yes        yes      -       yes   -      -    yes          -    -      -      -       -
service account | yes      yes           yes        yes      -       -     -      -    -            -    -      -      -       -
ID              | -        -             -          -        -       -     -      yes  -            -    -      -      -       -
refresh         | -        yes           yes        -        yes     -     yes    -    -            -    -      -      -       -
offline         | -        yes           yes        -        yes     -     yes    -    -            -    -      -      -       -
logout          | -        -             -          -        -       -     -      -    -            -    -      -      -       -
action          | -        -             -          -        -       -     -      -    -            -    -      -      -       -
untyped         | -        -             -          -        -       -     -      -    -            -    -      -      -       -
registration    | -        -             -          -        -       -     -      -    -            -    -      -      -       -
initial access  | -        -             -          -        -       -     -      -    yes          -    -      -      -       -
code            | -        -             -          -        -       -     -      -    -            yes  -      -      -       -
device code     | -        -             -          -        -       -     -      -    -            -    yes    -      -       -
user code       | -        -             -          -        -       -     -      -    -            -    -      -      -       -
request URI     | -        -             -          -        -       -     -      -    -            -    -      -      -       yes
session cookie  | -        -             -          -        -       -     -      -    -            -    -      -      yes     -
session id      | -        -             -          -        -       -     -      -    -            -    -      -      -       -
session hash    | -        -             -          -        -       -     -      -    -            -    -      -      -       -
sealed login    | -        -             -          -        -       -     -      -    -            -    -      -      -       -
docker identity | -        -             -          -        -       -     -      -    -            -    -      yes    -       -
docker access   | -        -             -          -        -       -     -      -    -            -    -      -      -       -
client secret   | -        -             -          -        -       -     -      -    -            -    -      -      -       -
";

struct Stage {
    world: World,
    site: Site,
    app: App,
    browser: Browser,
}

impl Stage {
    /// A new token of a kind.
    async fn make(&self, kind: &str) -> String {
        let Self { world, site, app, browser } = self;
        match kind {
            "access" => site.tokens(browser, app, "openid").await.access(),
            "ID" => site.tokens(browser, app, "openid").await.id(),
            "refresh" => site.tokens(browser, app, "openid").await.refresh(),
            "offline" => site.tokens(browser, app, "openid offline_access").await.refresh(),
            "service account" => {
                let answer = site.grant(app, &[("grant_type", "client_credentials"), ("scope", "openid")]).await;
                text(&answer.expect(200).json(), "access_token")
            }
            // everything that an access token has but its type
            "logout" => {
                self.mint("RS256", "Logout", |claims| {
                    claims["events"] = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
                })
                .await
            }
            "action" => self.mint("HS512", "execute-actions", |_| {}).await,
            "untyped" => {
                self.mint("RS256", "", |claims| {
                    claims.as_object_mut().unwrap().remove("typ");
                })
                .await
            }
            "initial access" => {
                let answer = world.admin.post(&r("/clients-initial-access"), json!({"count": 1})).await;
                text(&answer.json(), "token")
            }
            "registration" => {
                let initial = world.admin.post(&r("/clients-initial-access"), json!({"count": 1})).await.json();
                let request = site.http.post(site.url("/clients-registrations/openid-connect"));
                let request = request.bearer_auth(text(&initial, "token"));
                let made = send(request.json(&json!({"redirect_uris": ["https://app.example/r"]}))).await.expect(201);
                text(&made.json(), "registration_access_token")
            }
            "code" => site.code(browser, app, &[]).await,
            "device code" | "user code" => {
                let (device, user) = site.device(app, "openid").await;
                site.approve(browser, &user).await;
                world.wait(2);
                if kind == "device code" { device } else { user }
            }
            "request URI" => site.push(app, &[("prompt", "none")]).await,
            "session cookie" => browser.cookie("KEYCLOAK_IDENTITY").expect("a session"),
            "session hash" => browser.cookie("KEYCLOAK_SESSION").expect("a session"),
            "session id" => text(&site.tokens(browser, app, "openid").await.0, "session_state"),
            "sealed login" => {
                let reply = site.authorize(browser, &site.request(app, &[("prompt", "login")])).await;
                let url = reqwest::Url::parse(&super::stage::location(&reply)).unwrap();
                url.query_pairs().find(|(name, _)| name == "session_code").unwrap().1.into_owned()
            }
            "docker identity" => world.identity_token("alice", "pw").await,
            "docker access" => world.pull_token(Some(("alice", "pw")), &["repository:a:pull"]).await.access_token(),
            "client secret" => app.secret.clone().unwrap(),
            other => panic!("an unknown kind of token: {other}"),
        }
    }

    async fn mint(&self, algorithm: &str, kind: &str, change: impl FnOnce(&mut Value)) -> String {
        let tokens = self.site.tokens(&self.browser, &self.app, "openid").await;
        let mut claims = tests::docker::claims(&tokens.access());
        claims["typ"] = kind.into();
        change(&mut claims);
        self.world.signed_by_realm(REALM, algorithm, &claims).await
    }

    /// Whether a token opens a door.
    async fn opens(&self, door: &str, token: &str) -> bool {
        let Self { world, site, app, browser } = self;
        match door {
            "userinfo" => site.userinfo(token).await.status == 200,
            "introspection" => site.is_active(app, token).await,
            // what is revoked is told by an empty answer
            "revocation" => {
                let reply = site.post("revoke", &app.form(&[("token", token)])).await;
                reply.status == 200 && reply.body.is_empty()
            }
            "exchange" => site.exchange(app, token, &[]).await.status == 200,
            "refresh" => site.refresh(app, token).await.status == 200,
            "admin" => {
                let url = world.url(&format!("/admin/realms/{REALM}/users?max=1"));
                let reply = send(world.http.request(Method::GET, url).bearer_auth(token)).await;
                assert!([200, 401, 403].contains(&reply.status), "{}", reply.text());
                reply.status == 200
            }
            "logout" => site.post("logout", &app.form(&[("refresh_token", token)])).await.status == 204,
            "hint" => {
                let query = [("id_token_hint", token), ("prompt", "none")];
                answered(&site.authorize(browser, &site.request(app, &query)).await).contains_key("code")
            }
            "registration" => {
                let request = site.http.post(site.url("/clients-registrations/openid-connect")).bearer_auth(token);
                send(request.json(&json!({"redirect_uris": ["https://app.example/r"]}))).await.status == 201
            }
            "code" => site.redeem(app, token).await.status == 200,
            "device" => site.poll(app, token).await.status == 200,
            "docker" => world.redeem(token, "repository:a:pull").await.status == 200,
            "session" => {
                let thief = Browser::default();
                thief.set("KEYCLOAK_IDENTITY", token);
                site.is_logged_in(&thief, app).await
            }
            "push" => {
                let query = [("client_id", app.client_id.as_str()), ("request_uri", token)];
                answered(&site.authorize(browser, &query).await).contains_key("code")
            }
            other => panic!("an unknown door: {other}"),
        }
    }

    /// Logs alice in if she isn't.
    async fn log_in(&self) {
        let code = self.site.code(&self.browser, &self.app, &[]).await;
        assert!(!code.is_empty());
    }
}

#[tokio::test]
async fn attack_22_every_token_at_every_door_cve_2023_0657() {
    let (world, site) = World::with_alice().await;
    let alice = world.admin.read(&r("/users?username=alice")).await[0]["id"].as_str().unwrap().to_owned();
    // so that an administrator's token opens the admin API
    world.grant_admin(REALM, &alice, "realm-admin").await;
    let registry = world.registry(REGISTRY, json!({})).await;
    world.allow_everything(&registry).await;
    let app = world.app("app", json!({})).await;
    let stage = Stage { world, site, app, browser: Browser::default() };
    let mut lines = TABLE.trim().lines();
    let doors: Vec<&str> = lines.next().unwrap().split_once('|').unwrap().1.split_whitespace().collect();
    let mut wrong = Vec::new();
    for line in lines {
        let (kind, verdicts) = line.split_once('|').unwrap();
        let kind = kind.trim();
        let verdicts: Vec<&str> = verdicts.split_whitespace().collect();
        assert_eq!(verdicts.len(), doors.len(), "{line}");
        for (door, verdict) in doors.iter().zip(verdicts) {
            stage.log_in().await;
            let token = stage.make(kind).await;
            let opens = stage.opens(door, &token).await;
            if opens != (verdict == "yes") {
                wrong.push(format!("{kind} at {door}: {}", if opens { "opens it" } else { "is refused" }));
            }
        }
    }
    assert!(wrong.is_empty(), "{} are not as the table says:\n{}", wrong.len(), wrong.join("\n"));
}
