//! Two nodes on one database: a session goes on at either, and a change is known to both within a second, also when no
//! notice of it arrives.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};
use tests::poll::until;

use super::stage::{ALICE, App, Browser, CALLBACK, Site, Tokens, answered, location};
use crate::http::support::{REALM, REGISTRY, World, r, send};

/// Within so many seconds a change is known.
const SOON: u64 = 1;

#[tokio::test]
async fn a_session_goes_on_at_the_other_node() {
    let (world, first) = World::with_alice().await;
    let app = world.app("app", json!({})).await;
    let shy = world.app("shy", json!({"consentRequired": true})).await;
    let node = world.server.second_node().await;
    let second = first.at(node.url());
    let browser = Browser::default();
    // each step of a login at another node than the one before
    let reply = first.authorize(&browser, &first.request(&shy, &[("scope", "openid offline_access")])).await;
    second.follow(&browser, &reply).await.expect(200);
    let reply = second.type_password(&browser, &reply, ALICE).await;
    let url = first.local(&location(&reply));
    let reply = browser.send(first.http.post(url).form(&[("accept", "yes")])).await;
    let tokens = Tokens(second.redeem(&shy, &answered(&reply)["code"]).await.expect(200).json());
    // tokens of one are good at the other, and so is what comes of them
    first.userinfo(&tokens.access()).await.expect(200);
    let tokens = Tokens(first.refresh(&shy, &tokens.refresh()).await.expect(200).json());
    let tokens = Tokens(second.refresh(&shy, &tokens.refresh()).await.expect(200).json());
    assert!(first.is_active(&shy, &tokens.access()).await && second.is_active(&shy, &tokens.refresh()).await);
    assert!(first.is_logged_in(&browser, &app).await && second.is_logged_in(&browser, &app).await);
    // pushed here, used there; begun at a device here, approved there, redeemed here
    let uri = first.push(&app, &[]).await;
    let reply = second.authorize(&browser, &[("client_id", "app"), ("request_uri", &uri)]).await;
    first.redeem(&app, &answered(&reply)["code"]).await.expect(200);
    let (device_code, user_code) = first.device(&app, "openid").await;
    second.approve(&browser, &user_code).await;
    first.poll(&app, &device_code).await.expect(200);
    // revoked here, refused there at once
    first.post("revoke", &shy.form(&[("token", &tokens.access())])).await.expect(200);
    second.userinfo(&tokens.access()).await.expect(401);
    let online = first.tokens(&browser, &app, "openid").await;
    let session = online.0["session_state"].as_str().unwrap().to_owned();
    world.admin.delete(&r(&format!("/sessions/{session}"))).await.expect(204);
    second.userinfo(&online.access()).await.expect(401);
    second.refresh(&app, &online.refresh()).await.expect(400);
    assert!(!second.is_logged_in(&browser, &app).await);
}

/// A second node that hears of nothing.
async fn deafen(world: &World) {
    let mut database = PgConnection::connect(world.server.database_url()).await.unwrap();
    sqlx::query("alter table realms disable trigger realm_notice").execute(&mut database).await.unwrap();
}

struct Watch<'a> {
    first: &'a Site,
    second: &'a Site,
    slowest: Duration,
}

impl Watch<'_> {
    /// Waits until the second node answers as wanted, after the first did so at once.
    async fn until<F: Future<Output = bool>>(&mut self, what: &str, ask: impl Fn(Site) -> F) {
        assert!(ask(self.first.clone()).await, "{what}: not at once where it was changed");
        let since = Instant::now();
        until(what, SOON, || async { ask(self.second.clone()).await.then_some(()) }).await;
        self.slowest = self.slowest.max(since.elapsed());
    }
}

async fn own_tokens(site: &Site, app: &App) -> Option<Value> {
    let reply = site.grant(app, &[("grant_type", "client_credentials")]).await;
    (reply.status == 200).then(|| tests::docker::claims(reply.json()["access_token"].as_str().unwrap()))
}

#[tokio::test]
async fn a_change_is_known_within_a_second_also_when_notices_are_lost() {
    let (world, first) = World::with_alice().await;
    let registry = world.registry(REGISTRY, json!({})).await;
    world.allow_everything(&registry).await;
    let app = world.app("app", json!({})).await;
    let app_path = r(&format!("/clients/{}", app.id));
    let node = world.server.second_node().await;
    let second = first.at(node.url());
    for deaf in [false, true] {
        if deaf {
            deafen(&world).await;
        }
        // both have everything in their caches
        for site in [&first, &second] {
            own_tokens(site, &app).await.expect("tokens");
            send(site.http.get(site.protocol("certs"))).await.expect(200);
        }
        let mut watch = Watch { first: &first, second: &second, slowest: Duration::ZERO };
        let admin = &world.admin;
        // a client is disabled and enabled
        for enabled in [false, true] {
            admin.put(&app_path, json!({ "enabled": enabled })).await.expect(204);
            let ask = |site: Site| {
                let app = app.clone();
                async move { own_tokens(&site, &app).await.is_some() == enabled }
            };
            watch.until("a client's switch", ask).await;
        }
        // its secret, its redirect URIs, its lifespan
        let ask = |site: Site, uri: &'static str| {
            let app = app.clone();
            async move {
                let reply = site.authorize(&Browser::default(), &site.request(&app, &[("redirect_uri", uri)])).await;
                reply.status == 302
            }
        };
        let (added, uri) =
            if deaf { ("/deaf", "https://app.example/deaf") } else { ("/heard", "https://app.example/heard") };
        assert!(uri.ends_with(added));
        admin.put(&app_path, json!({"redirectUris": [CALLBACK, uri]})).await.expect(204);
        watch.until("a redirect URI", |site| ask(site, uri)).await;
        // a mapper of the client, a role of its account, a change of the role
        let mapper = json!({
            "name": added, "protocol": "openid-connect", "protocolMapper": "oidc-hardcoded-claim-mapper",
            "config": {"claim.name": &added[1..], "claim.value": "x", "access.token.claim": "true"},
        });
        admin.post(&format!("{app_path}/protocol-mappers/models"), mapper).await.expect(201);
        let shows = |site: Site, name: &'static str| {
            let app = app.clone();
            async move { own_tokens(&site, &app).await.is_some_and(|claims| claims[name] == "x") }
        };
        watch.until("a mapper", |site| shows(site, &added[1..])).await;
        let account = admin.read(&format!("{app_path}/service-account-user")).await["id"].as_str().unwrap().to_owned();
        let role = format!("role-of-{}", &added[1..]);
        world.role(&role).await;
        world.grant(&account, &role).await;
        let has = |site: Site, role: String, wanted: bool| {
            let app = app.clone();
            async move {
                let claims = own_tokens(&site, &app).await.unwrap_or_default();
                claims["realm_access"].to_string().contains(&role) == wanted
            }
        };
        watch.until("a role of the account", |site| has(site, role.clone(), true)).await;
        world.revoke(&account, &role).await;
        watch.until("the role is gone", |site| has(site, role.clone(), false)).await;
        // the account itself
        for enabled in [false, true] {
            admin.put(&r(&format!("/users/{account}")), json!({ "enabled": enabled })).await.expect(204);
            let ask = |site: Site| {
                let app = app.clone();
                async move { own_tokens(&site, &app).await.is_some() == enabled }
            };
            watch.until("a service account's switch", ask).await;
        }
        // a key of the realm
        let component = json!({
            "name": format!("newer-{added}"), "providerId": "ecdsa-generated",
            "providerType": "org.keycloak.keys.KeyProvider", "config": {"priority": ["200"]},
        });
        let kids = async |site: &Site| {
            send(site.http.get(site.protocol("certs"))).await.json()["keys"].as_array().unwrap().len()
        };
        let before = kids(&second).await;
        admin.post(&r("/components"), component).await.expect(201);
        let ask = |site: Site| async move {
            send(site.http.get(site.protocol("certs"))).await.json()["keys"].as_array().unwrap().len() == before + 1
        };
        watch.until("a key", ask).await;
        // the realm
        for enabled in [false, true] {
            admin.put(&r(""), json!({ "enabled": enabled })).await.expect(204);
            let ask = |site: Site| {
                let app = app.clone();
                async move { own_tokens(&site, &app).await.is_some() == enabled }
            };
            watch.until("the realm's switch", ask).await;
        }
        // another realm comes and goes, with a client that needs no user
        let name = format!("passing{}", &added[1..]);
        admin.post("/realms", json!({"realm": name, "enabled": true})).await.expect(201);
        let passing = world.app_in(&name, "app", json!({})).await;
        let of = |site: &Site| Site { realm: name.clone(), ..site.clone() };
        for site in [of(&first), of(&second)] {
            own_tokens(&site, &passing).await.expect("tokens");
        }
        admin.delete(&format!("/realms/{name}")).await.expect(204);
        let ask = |site: Site| {
            let (site, passing) = (of(&site), passing.clone());
            async move { own_tokens(&site, &passing).await.is_none() }
        };
        watch.until("a realm that is gone", ask).await;
        // a client that is gone
        let gone = world.app(&format!("gone{}", &added[1..]), json!({})).await;
        for site in [&first, &second] {
            own_tokens(site, &gone).await.expect("tokens");
        }
        admin.delete(&r(&format!("/clients/{}", gone.id))).await.expect(204);
        let ask = |site: Site| {
            let gone = gone.clone();
            async move { own_tokens(&site, &gone).await.is_none() }
        };
        watch.until("a client that is gone", ask).await;
        println!(
            "{}: the slowest change took {:?}",
            if deaf { "without notices" } else { "with notices" },
            watch.slowest
        );
    }
    assert_eq!(first.realm, REALM);
}

/// A change whose transaction was under way while others began and ended is not passed over.
#[tokio::test]
async fn a_long_transaction_is_not_passed_over() {
    let (world, first) = World::with_alice().await;
    let (early, late) = (world.app("early", json!({})).await, world.app("late", json!({})).await);
    let node = world.server.second_node().await;
    let second = first.at(node.url());
    for app in [&early, &late] {
        own_tokens(&second, app).await.expect("tokens");
    }
    world.admin.post("/realms", json!({"realm": "other", "enabled": true})).await.expect(201);
    let twin = world.app_in("other", "twin", json!({})).await;
    let other = Site { realm: "other".to_owned(), ..second.clone() };
    own_tokens(&other, &twin).await.expect("tokens");
    deafen(&world).await;
    let mut database = PgConnection::connect(world.server.database_url()).await.unwrap();
    let mut slow = database.begin().await.unwrap();
    let disable = "update clients set enabled = false where client_id = $1";
    sqlx::query(disable).bind("early").execute(&mut *slow).await.unwrap();
    // meanwhile another realm changes, and the node has looked past it
    world.admin.put(&format!("/realms/other/clients/{}", twin.id), json!({"enabled": false})).await.expect(204);
    until("the quick change", SOON, || async { own_tokens(&other, &twin).await.is_none().then_some(()) }).await;
    assert!(own_tokens(&second, &early).await.is_some(), "nothing is changed yet");
    slow.commit().await.unwrap();
    until("the slow change", SOON, || async { own_tokens(&second, &early).await.is_none().then_some(()) }).await;
    assert!(own_tokens(&second, &late).await.is_some());
}
