//! Authorization codes: good once, and for nobody but whom they were made for.

use futures_util::future::join_all;
use serde_json::json;

use super::{
    findings::Findings,
    pages::refused_in_json,
    stage::{Browser, CALLBACK, Tokens},
};
use crate::http::support::{REALM, World};

#[tokio::test]
async fn attack_11_a_code_a_hundred_times_cve_2026_1035() {
    let (world, site) = World::with_alice().await;
    let app = world.app("app", json!({})).await;
    let watcher = world.app("watcher", json!({})).await;
    let browser = Browser::default();
    for scope in ["openid", "openid offline_access"] {
        let code = site.code(&browser, &app, &[("scope", scope)]).await;
        let replies = join_all((0..100).map(|_| site.redeem(&app, &code))).await;
        let (good, bad): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 200);
        assert_eq!(good.len(), 1, "{scope}");
        for reply in bad {
            refused_in_json(&reply, &["invalid_grant"]).unwrap();
        }
        // what came of the first use is worth nothing after the second
        let tokens = Tokens(good[0].json());
        site.userinfo(&tokens.access()).await.expect(401);
        assert!(!site.is_active(&app, &tokens.access()).await && !site.is_active(&app, &tokens.refresh()).await);
        let reply = site.refresh(&app, &tokens.refresh()).await;
        refused_in_json(&reply, &["invalid_grant"]).unwrap();
        // the user's session and the other applications in it go on
        assert!(site.is_logged_in(&browser, &watcher).await, "{scope}");
    }
    // one after the other, long after
    for scope in ["openid", "openid offline_access"] {
        let code = site.code(&browser, &app, &[("scope", scope)]).await;
        let tokens = Tokens(site.redeem(&app, &code).await.expect(200).json());
        let newer = Tokens(site.refresh(&app, &tokens.refresh()).await.expect(200).json());
        site.userinfo(&newer.access()).await.expect(200);
        world.wait(30);
        refused_in_json(&site.redeem(&app, &code).await, &["invalid_grant"]).unwrap();
        site.userinfo(&newer.access()).await.expect(401);
        site.refresh(&app, &newer.refresh()).await.expect(400);
        // a third time changes nothing
        refused_in_json(&site.redeem(&app, &code).await, &["invalid_grant"]).unwrap();
    }
}

#[tokio::test]
async fn attack_12_a_code_at_the_wrong_place_cve_2026_16089() {
    let (world, site) = World::with_alice().await;
    let app = world.app("app", json!({"redirectUris": [CALLBACK, "https://app.example/other"]})).await;
    let other = world.app("other", json!({})).await;
    let public = world.app("public", json!({"publicClient": true})).await;
    world.admin.post("/realms", json!({"realm": "second", "enabled": true})).await.expect(201);
    world.user_in("second", "alice", "pw").await;
    let (second, twin) = (world.site("second"), world.app_in("second", "app", json!({})).await);
    let (browser, there) = (Browser::default(), Browser::default());
    let mut findings = Findings::default();
    let fresh = async || site.code(&browser, &app, &[]).await;

    // another client, with its own code beside it to take the parts from
    let code = fresh().await;
    let of_other = site.code(&browser, &other, &[]).await;
    let of_second = second.code(&there, &twin, &[]).await;
    for (name, thief) in [("other", &other), ("public", &public)] {
        let reply = site.redeem(thief, &code).await;
        findings.judge(name, &reply, refused_in_json(&reply, &["invalid_grant"]));
    }
    let reply = second.redeem(&twin, &code).await;
    findings.judge("another realm", &reply, refused_in_json(&reply, &["invalid_grant"]));
    let parts = |code: &str| code.splitn(3, '.').map(str::to_owned).collect::<Vec<_>>();
    let (mine, others, seconds) = (parts(&code), parts(&of_other), parts(&of_second));
    assert_eq!(mine.len(), 3);
    for mask in 1..26 {
        // each of the three parts from one of the three codes
        let sources = [&mine, &others, &seconds];
        let mixed: Vec<_> =
            [mask % 3, mask / 3 % 3, mask / 9 % 3].iter().zip(0..).map(|(source, at)| &sources[*source][at]).collect();
        let mixed = format!("{}.{}.{}", mixed[0], mixed[1], mixed[2]);
        if [&code, &of_other, &of_second].contains(&&mixed) {
            continue;
        }
        for (name, site, thief) in [("app", &site, &app), ("other", &site, &other), ("twin", &second, &twin)] {
            let reply = site.redeem(thief, &mixed).await;
            findings.judge(&format!("{name} {mixed}"), &reply, refused_in_json(&reply, &["invalid_grant"]));
        }
    }
    for broken in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        mine[0].clone(),
        format!("{}.{}", mine[0], mine[1]),
        format!("{code}."),
        format!("{code}.x"),
        format!("{code}\u{0}"),
        format!(" {code}"),
        code.to_uppercase(),
        format!("{}.{}.{}", &mine[0][1..], mine[1], mine[2]),
        format!("{}.{}.{}", mine[0], mine[1].to_uppercase(), mine[2]),
        format!("{}.'or'1.{}", mine[0], mine[2]),
        "a".repeat(20_000),
    ] {
        let reply = site.redeem(&app, &broken).await;
        let verdict = refused_in_json(&reply, &["invalid_grant", "invalid_request"]);
        findings.judge(&format!("{broken:?}"), &reply, verdict);
    }
    // none of these has used up the code, which its own client can still redeem
    let reply = site.redeem(&app, &code).await;
    findings.judge("its own client", &reply, if reply.status == 200 { Ok(()) } else { Err("refused".to_owned()) });

    // with another redirect URI, or none, or one where there was none
    for uri in ["https://app.example/other", "https://app.example/cb/", "https://evil.example/", ""] {
        let code = fresh().await;
        let form = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", uri)];
        let reply = site.grant(&app, &form).await;
        findings.judge(&format!("at {uri}"), &reply, refused_in_json(&reply, &["invalid_grant"]));
        let reply = site.redeem(&app, &code).await;
        findings.judge(&format!("after {uri}"), &reply, refused_in_json(&reply, &["invalid_grant"]));
    }
    let code = site.code(&browser, &other, &[("redirect_uri", ""), ("scope", "profile")]).await;
    let reply = site.redeem(&other, &code).await;
    findings.judge("a redirect URI too many", &reply, refused_in_json(&reply, &["invalid_grant"]));

    // too late, after the logout, and once its client or its user is gone
    let code = fresh().await;
    world.wait(61);
    let reply = site.redeem(&app, &code).await;
    findings.judge("too late", &reply, refused_in_json(&reply, &["invalid_grant"]));
    let code = fresh().await;
    let mut world = world;
    world.log_in().await;
    world.admin.put(&format!("/realms/{REALM}/clients/{}", app.id), json!({"enabled": false})).await.expect(204);
    let reply = site.redeem(&app, &code).await;
    findings.judge("a disabled client", &reply, refused_in_json(&reply, &["invalid_client"]));
    world.admin.put(&format!("/realms/{REALM}/clients/{}", app.id), json!({"enabled": true})).await.expect(204);
    let code = fresh().await;
    world.admin.post(&format!("/realms/{REALM}/logout-all"), json!({})).await;
    let reply = site.redeem(&app, &code).await;
    findings.judge("after the logout", &reply, refused_in_json(&reply, &["invalid_grant"]));
    findings.none(90);
}
