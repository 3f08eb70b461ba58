//! Scopes and roles that a client was not given, or not any more.

use serde_json::{Value, json};

use super::{
    findings::Findings,
    pages::refused_in_json,
    stage::{ALICE, Browser, Tokens, answered, location},
};
use crate::http::support::{World, r};

fn roles(token: &str) -> (Value, Value) {
    let claims = tests::docker::claims(token);
    (claims["realm_access"].clone(), claims["resource_access"].clone())
}

#[tokio::test]
async fn attack_31_scopes_not_given_cve_2024_52287() {
    let (mut world, site) = World::with_alice().await;
    let alice = world.admin.read(&r("/users?username=alice")).await[0]["id"].as_str().unwrap().to_owned();
    world.role("boss").await;
    world.grant(&alice, "boss").await;
    world.grant_admin("acme", &alice, "realm-admin").await;
    let narrow = world.app("narrow", json!({"fullScopeAllowed": false})).await;
    world
        .admin
        .post(&r("/client-scopes"), json!({"name": "secret-scope", "protocol": "openid-connect"}))
        .await
        .expect(201);
    let browser = Browser::default();
    let mut findings = Findings::default();
    let wide = [
        "secret-scope",
        "boss",
        "realm-admin",
        "admin",
        "realm-management",
        "acme-realm",
        "roles:boss",
        "*",
        "openid secret-scope",
        "openid\u{b}secret-scope",
        "urn:zitadel:iam:org:project:roles",
        "default-roles-acme",
        "Openid",
        "OFFLINE_ACCESS",
    ];
    for scope in wide {
        let reply = site.answer(&browser, &narrow, &[("scope", scope)]).await;
        let answer = answered(&reply);
        let refused = answer.get("error").is_some_and(|error| error == "invalid_scope");
        findings.check(refused, || format!("authorize {scope:?}: {} {answer:?}", reply.status));
        for (kind, form) in [
            ("client_credentials", vec![("grant_type", "client_credentials")]),
            ("password", vec![("grant_type", "password"), ("username", ALICE.0), ("password", ALICE.1)]),
        ] {
            let form = [form, vec![("scope", scope)]].concat();
            let reply = site.grant(&narrow, &form).await;
            findings.judge(&format!("{kind} {scope:?}"), &reply, refused_in_json(&reply, &["invalid_scope"]));
        }
        let reply = site.post("auth/device", &narrow.form(&[("scope", scope)])).await;
        findings.judge(&format!("device {scope:?}"), &reply, refused_in_json(&reply, &["invalid_scope"]));
        let pushed = [("scope", scope), ("response_type", "code"), ("redirect_uri", super::stage::CALLBACK)];
        let reply = site.post("ext/par/request", &narrow.form(&pushed)).await;
        findings.judge(&format!("pushed {scope:?}"), &reply, refused_in_json(&reply, &["invalid_scope"]));
    }
    // roles that alice has and the client was not given are in none of its tokens, on no way
    let tokens = site.tokens(&browser, &narrow, "openid").await;
    let form = [("grant_type", "password"), ("username", ALICE.0), ("password", ALICE.1)];
    let by_password = Tokens(site.grant(&narrow, &form).await.expect(200).json());
    let (device_code, user_code) = site.device(&narrow, "openid").await;
    site.approve(&browser, &user_code).await;
    world.wait(2);
    let by_device = Tokens(site.poll(&narrow, &device_code).await.expect(200).json());
    let refreshed = Tokens(site.refresh(&narrow, &tokens.refresh()).await.expect(200).json());
    let exchanged = Tokens(site.exchange(&narrow, &refreshed.access(), &[]).await.expect(200).json());
    for (way, tokens) in [
        ("code", &tokens),
        ("password", &by_password),
        ("device", &by_device),
        ("refresh", &refreshed),
        ("exchange", &exchanged),
    ] {
        let (realm, resource) = roles(&tokens.access());
        let text = format!("{realm} {resource}");
        findings.check(!text.contains("boss") && !text.contains("realm-admin"), || format!("{way}: {text}"));
        let api = crate::http::support::Api { token: Some(tokens.access()), ..world.admin.clone() };
        let reply = api.get(&r("/users")).await;
        findings.check(reply.status == 403, || format!("{way}: the admin API says {}", reply.status));
    }
    // what a refresh or an exchange asks for beyond what was granted
    for scope in ["openid phone", "offline_access", "openid offline_access", "secret-scope"] {
        let form = [("grant_type", "refresh_token"), ("refresh_token", &refreshed.refresh()), ("scope", scope)];
        let reply = site.grant(&narrow, &form).await;
        findings.judge(&format!("refresh {scope}"), &reply, refused_in_json(&reply, &["invalid_scope"]));
    }
    // a scope that was taken from the client is left out at the next refresh
    let optional = world.admin.read(&r(&format!("/clients/{}/optional-client-scopes", narrow.id))).await;
    let phone = optional.as_array().unwrap().iter().find(|scope| scope["name"] == "phone").unwrap()["id"].clone();
    let with_phone = site.tokens(&browser, &narrow, "openid phone").await;
    assert!(with_phone.0["scope"].as_str().unwrap().contains("phone"));
    world.log_in().await;
    let path = r(&format!("/clients/{}/optional-client-scopes/{}", narrow.id, phone.as_str().unwrap()));
    world.admin.delete(&path).await.expect(204);
    let after = Tokens(site.refresh(&narrow, &with_phone.refresh()).await.expect(200).json());
    findings.check(!after.0["scope"].as_str().unwrap().contains("phone"), || format!("after: {}", after.0["scope"]));
    // consent: what was not agreed to is asked for, and what was withdrawn is over
    let shy = world.app("shy", json!({"consentRequired": true})).await;
    let browser = Browser::default();
    let reply = site.answer(&browser, &shy, &[("scope", "openid")]).await;
    assert!(location(&reply).contains("/login-actions/consent?"));
    let reply = site.authorize(&browser, &site.request(&shy, &[("prompt", "none")])).await;
    findings.check(answered(&reply).get("error").is_some_and(|error| error == "interaction_required"), || {
        format!("prompt=none without consent: {:?}", answered(&reply))
    });
    let reply = site.grant(&shy, &form).await;
    findings.judge("password without consent", &reply, refused_in_json(&reply, &["invalid_client"]));
    let accept = async |scope: &str| {
        let reply = site.authorize(&browser, &site.request(&shy, &[("scope", scope)])).await;
        let url = site.local(&location(&reply));
        let reply = browser.send(site.http.post(url).form(&[("accept", "yes")])).await;
        let code = answered(&reply)["code"].clone();
        Tokens(site.redeem(&shy, &code).await.expect(200).json())
    };
    let agreed = accept("openid offline_access").await;
    let online = site.tokens(&browser, &shy, "openid").await;
    // another scope is asked for again, also silently
    let reply = site.authorize(&browser, &site.request(&shy, &[("scope", "openid phone")])).await;
    findings.check(location(&reply).contains("/login-actions/consent?"), || location(&reply));
    let query = [("scope", "openid phone"), ("prompt", "none")];
    let reply = site.authorize(&browser, &site.request(&shy, &query)).await;
    findings.check(!answered(&reply).contains_key("code"), || "more scope silently".to_owned());
    // withdrawn: every token is over, and the next login asks
    world.admin.delete(&r(&format!("/users/{alice}/consents/shy"))).await.expect(204);
    for (kind, tokens) in [("offline", &agreed), ("online", &online)] {
        let reply = site.refresh(&shy, &tokens.refresh()).await;
        findings.judge(&format!("{kind} after withdrawal"), &reply, refused_in_json(&reply, &["invalid_grant"]));
        let active = site.is_active(&shy, &tokens.access()).await;
        findings.check(!active, || format!("{kind} access token after withdrawal"));
    }
    let reply = site.authorize(&browser, &site.request(&shy, &[("prompt", "none")])).await;
    findings.check(!answered(&reply).contains_key("code"), || "silently after withdrawal".to_owned());
    findings.none(85);
}
