//! A token of one realm at the doors of another.

use serde_json::json;

use super::{
    findings::Findings,
    pages::refused_in_json,
    stage::{Browser, answered},
};
use crate::http::support::{REALM, World, send};

#[tokio::test]
async fn attack_23_tokens_of_another_realm_rfc_9068_4() {
    let (world, site) = World::with_alice().await;
    world.admin.post("/realms", json!({"realm": "second", "enabled": true})).await.expect(201);
    let second = world.site("second");
    let there = world.user_in("second", "alice", "pw").await;
    let here = world.admin.read(&format!("/realms/{REALM}/users?username=alice")).await[0]["id"].clone();
    for (realm, user) in [(REALM, here.as_str().unwrap()), ("second", there.as_str())] {
        world.grant_admin(realm, user, "realm-admin").await;
    }
    // the same names in both, so that nothing but the realm tells them apart
    let (app, twin) = (world.app("app", json!({})).await, world.app_in("second", "app", json!({})).await);
    let (browser, elsewhere) = (Browser::default(), Browser::default());
    let mine = site.tokens(&browser, &app, "openid offline_access").await;
    let theirs = second.tokens(&elsewhere, &twin, "openid offline_access").await;
    let master = world.admin.token.clone().unwrap();
    let mut findings = Findings::default();
    for (name, site, app, tokens) in [("acme", &site, &app, &theirs), ("second", &second, &twin, &mine)] {
        for (kind, token) in [
            ("access", tokens.access()),
            ("id", tokens.id()),
            ("refresh", tokens.refresh()),
            ("master", master.clone()),
        ] {
            let what = format!("{kind} token at {name}");
            let reply = site.userinfo(&token).await;
            findings.judge(&what, &reply, refused_in_json(&reply, &["invalid_token"]));
            findings.check(reply.status == 401, || format!("{what}: {}", reply.status));
            let told = site.introspect(app, &token).await;
            findings.check(told == json!({"active": false}), || format!("{what}: {told}"));
            let reply = site.refresh(app, &token).await;
            findings.judge(&what, &reply, refused_in_json(&reply, &["invalid_grant"]));
            let reply = site.exchange(app, &token, &[]).await;
            findings.judge(&what, &reply, refused_in_json(&reply, &["invalid_request"]));
            let reply = site.post("logout", &app.form(&[("refresh_token", &token)])).await;
            findings.judge(&what, &reply, refused_in_json(&reply, &["invalid_grant"]));
            site.post("revoke", &app.form(&[("token", &token)])).await.expect(200);
            if kind != "master" {
                let url = world.url(&format!("/admin/realms/{name}/users"));
                let reply = send(site.http.get(url).bearer_auth(&token)).await;
                findings.check([401, 403].contains(&reply.status), || format!("{what}: admin {}", reply.status));
            }
        }
        let (own, other) = if name == "acme" { (&browser, &elsewhere) } else { (&elsewhere, &browser) };
        let query = [("id_token_hint", tokens.id()), ("prompt", "none".to_owned())];
        let query: Vec<_> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let reply = site.authorize(own, &site.request(app, &query)).await;
        findings.check(!answered(&reply).contains_key("code"), || format!("a hint of another realm at {name}"));
        // a browser's cookies of one realm say nothing in the other
        let stolen = Browser::default();
        for cookie in ["KEYCLOAK_IDENTITY", "KEYCLOAK_SESSION", "AUTH_SESSION_ID"] {
            stolen.set(cookie, &other.cookie(cookie).unwrap_or_default());
        }
        let logged_in = site.is_logged_in(&stolen, app).await;
        findings.check(!logged_in, || format!("cookies of another realm at {name}"));
    }
    // none of it has hurt the tokens where they belong
    for (site, app, tokens) in [(&site, &app, &mine), (&second, &twin, &theirs)] {
        site.userinfo(&tokens.access()).await.expect(200);
        site.refresh(app, &tokens.refresh()).await.expect(200);
    }
    findings.none(50);
}
