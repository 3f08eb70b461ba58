//! Refresh tokens: each is good once, and one that comes again takes its family along.

use futures_util::future::join_all;
use serde_json::json;

use super::{
    findings::Findings,
    pages::refused_in_json,
    stage::{Browser, Tokens},
};
use crate::http::support::{World, r};

#[tokio::test]
async fn attack_19_a_refresh_token_again_cve_2026_1035() {
    let (mut world, site) = World::with_alice().await;
    let app = world.app("app", json!({})).await;
    let watcher = world.app("watcher", json!({})).await;
    let browser = Browser::default();
    let mut findings = Findings::default();
    let refused = &["invalid_grant"];
    for scope in ["openid", "openid offline_access"] {
        // later, in the same second, and a few generations later: the newest goes as well
        for (seconds, generations) in [(0, 1), (0, 3), (50, 1), (50, 3)] {
            let what = format!("{scope}, {generations} generations, {seconds} s");
            let old = site.tokens(&browser, &app, scope).await;
            let mut newest = old.clone();
            for _ in 0..generations {
                newest = Tokens(site.refresh(&app, &newest.refresh()).await.expect(200).json());
            }
            world.wait(seconds);
            let reply = site.userinfo(&newest.access()).await;
            findings.check(reply.status == 200, || format!("{what}: {}", reply.text()));
            let reply = site.refresh(&app, &old.refresh()).await;
            findings.judge(&what, &reply, refused_in_json(&reply, refused));
            for (kind, tokens) in [("old", &old), ("newest", &newest)] {
                let reply = site.refresh(&app, &tokens.refresh()).await;
                findings.judge(&format!("{what}, {kind}"), &reply, refused_in_json(&reply, refused));
                let reply = site.userinfo(&tokens.access()).await;
                findings.judge(&format!("{what}, {kind}"), &reply, refused_in_json(&reply, &["invalid_token"]));
                let active =
                    site.is_active(&app, &tokens.refresh()).await || site.is_active(&app, &tokens.access()).await;
                findings.check(!active, || format!("{what}, {kind}: active"));
            }
        }
        // a hundred at once
        let old = site.tokens(&browser, &app, scope).await;
        let token = old.refresh();
        let replies = join_all((0..100).map(|_| site.refresh(&app, &token))).await;
        let (good, bad): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 200);
        findings.check(good.len() == 1, || format!("{scope}: {} of 100 at once", good.len()));
        for reply in bad {
            findings.judge(scope, &reply, refused_in_json(&reply, refused));
        }
        let reply = site.refresh(&app, &Tokens(good[0].json()).refresh()).await;
        findings.judge(&format!("{scope}, the one of a hundred"), &reply, refused_in_json(&reply, refused));
        // another family of the same session goes on
        let reply = site.is_logged_in(&browser, &watcher).await;
        findings.check(reply, || format!("{scope}: the session is gone"));
    }
    // a token that is looked at or refused is not used up, and keeps its family
    let tokens = site.tokens(&browser, &app, "openid email").await;
    site.introspect(&app, &tokens.refresh()).await;
    let form = [("grant_type", "refresh_token"), ("refresh_token", &tokens.refresh()), ("scope", "openid phone")];
    refused_in_json(&site.grant(&app, &form).await, &["invalid_scope"]).unwrap();
    refused_in_json(&site.refresh(&watcher, &tokens.refresh()).await, refused).unwrap();
    let next = Tokens(site.refresh(&app, &tokens.refresh()).await.expect(200).json());
    // what the realm allows to come again may come again, so often and no oftener
    world.log_in().await;
    world.admin.put(&r(""), json!({"refreshTokenMaxReuse": 2})).await.expect(204);
    let mut newest = next.clone();
    for round in 0..3 {
        newest = Tokens(site.refresh(&app, &next.refresh()).await.expect(200).json());
        findings.check(newest.refresh() != next.refresh(), || format!("reuse {round}"));
    }
    let reply = site.refresh(&app, &next.refresh()).await;
    findings.judge("used once too often", &reply, refused_in_json(&reply, refused));
    let reply = site.refresh(&app, &newest.refresh()).await;
    findings.judge("the newest after that", &reply, refused_in_json(&reply, refused));
    findings.none(250);
}
