//! "Not before": everything older is worth nothing, whoever set it and in which order.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    findings::Findings,
    stage::{App, Browser, Site, Tokens},
};
use crate::http::support::{REALM, REGISTRY, World, r, send};

/// What alice and an application hold.
struct Held {
    online: Tokens,
    offline: Tokens,
    service: String,
    docker: String,
    code: String,
    browser: Browser,
    admin: String,
}

async fn take(world: &World, site: &Site, app: &App) -> Held {
    let browser = Browser::default();
    let online = site.tokens(&browser, app, "openid").await;
    let offline = site.tokens(&browser, app, "openid offline_access").await;
    let service = site.grant(app, &[("grant_type", "client_credentials")]).await.expect(200).json();
    Held {
        admin: online.access(),
        online,
        offline,
        service: service["access_token"].as_str().unwrap().to_owned(),
        docker: world.identity_token("alice", "pw").await,
        code: site.code(&browser, app, &[]).await,
        browser,
    }
}

/// Which of the things are still good, by name.
async fn good(world: &World, site: &Site, app: &App, held: &Held) -> Vec<&'static str> {
    let mut good = Vec::new();
    for (name, token) in [
        ("access", held.online.access()),
        ("offline access", held.offline.access()),
        ("service account", held.service.clone()),
    ] {
        let told = site.introspect(app, &token).await;
        let active = told["active"] == true;
        if active {
            good.push(name);
        }
        if name != "service account" {
            let reply = site.userinfo(&token).await;
            assert_eq!(reply.status == 200, active, "{name}: userinfo and introspection differ: {}", reply.text());
        }
        let reply = site.exchange(app, &token, &[]).await;
        assert_eq!(reply.status == 200, active, "{name}: exchange and introspection differ: {}", reply.text());
    }
    for (name, token) in [("refresh", held.online.refresh()), ("offline", held.offline.refresh())] {
        let told: Value = site.introspect(app, &token).await;
        let reply = site.refresh(app, &token).await;
        assert_eq!(reply.status == 200, told["active"] == true, "{name}: {} {told}", reply.text());
        if reply.status == 200 {
            good.push(name);
        }
    }
    if site.redeem(app, &held.code).await.status == 200 {
        good.push("code");
    }
    if site.is_logged_in(&held.browser, app).await {
        good.push("session");
    }
    if world.redeem(&held.docker, "repository:a:pull").await.status == 200 {
        good.push("identity token");
    }
    let url = world.url(&format!("/admin/realms/{REALM}/users"));
    if send(site.http.get(url).bearer_auth(&held.admin)).await.status == 200 {
        good.push("admin");
    }
    good
}

#[tokio::test]
async fn attack_25_not_before_cve_2026_8922() {
    let (mut world, site) = World::with_alice().await;
    let registry = world.registry(REGISTRY, json!({})).await;
    world.allow_everything(&registry).await;
    let alice = world.admin.read(&r("/users?username=alice")).await[0]["id"].as_str().unwrap().to_owned();
    world.grant_admin(REALM, &alice, "realm-admin").await;
    let all = [
        "access",
        "offline access",
        "service account",
        "refresh",
        "offline",
        "code",
        "session",
        "identity token",
        "admin",
    ];
    // what a client's "not before" takes: its tokens, and no session or token of others
    let of_client = ["code", "session", "identity token"];
    // what the end of all of a user's sessions takes: everything of the user
    let of_user = ["service account"];
    let none: [&str; 0] = [];
    let cases: [(&str, &[&str], &[&str]); 7] = [
        ("nothing", &[], &all),
        ("realm", &["realm"], &none),
        ("client", &["client"], &of_client),
        ("realm, then client", &["realm", "client"], &none),
        ("client, then realm", &["client", "realm"], &none),
        ("client, and an older one of the realm", &["client", "older realm"], &of_client),
        ("user", &["user"], &of_user),
    ];
    let mut findings = Findings::default();
    for (number, (name, steps, wanted)) in cases.into_iter().enumerate() {
        let app = world.app(&format!("app-{number}"), json!({})).await;
        let held = take(&world, &site, &app).await;
        let issued = world.now();
        world.advance(Duration::from_secs(2)).await;
        for step in steps {
            let (path, body) = match *step {
                "realm" => (r(""), json!({"notBefore": issued + 1})),
                "older realm" => (r(""), json!({"notBefore": issued - 1_000})),
                "client" => (r(&format!("/clients/{}", app.id)), json!({"notBefore": issued + 1})),
                _ => {
                    world.admin.post(&r(&format!("/users/{alice}/logout")), json!({})).await.expect(204);
                    continue;
                }
            };
            world.admin.put(&path, body).await.expect(204);
        }
        let left = good(&world, &site, &app, &held).await;
        findings.check(left == wanted, || format!("{name}: good are {left:?}, should be {wanted:?}"));
        // what is issued from now on is good
        let held = take(&world, &site, &app).await;
        let left = good(&world, &site, &app, &held).await;
        findings.check(left == all, || format!("after {name}: good are {left:?}"));
    }
    findings.none(14);
}
