//! Token exchange (RFC 8693): nothing is gained by it.

use serde_json::json;

use super::{
    findings::Findings,
    pages::refused_in_json,
    stage::{Browser, Tokens, text},
};
use crate::http::support::{REALM, World, r};

const TYPES: &str = "urn:ietf:params:oauth:token-type:";

#[tokio::test]
async fn attack_30_token_exchange_cve_2026_9704() {
    let (mut world, site) = World::with_alice().await;
    let audience = |name: &str| {
        json!({
            "name": format!("to {name}"), "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper",
            "config": {"included.client.audience": name, "access.token.claim": "true"},
        })
    };
    let front = world.app("front", json!({})).await;
    let back = world.app("back", json!({})).await;
    let target = world.app("target", json!({})).await;
    let stranger = world.app("stranger", json!({})).await;
    let off = world.app("off", json!({"attributes": {"standard.token.exchange.enabled": "false"}})).await;
    let public = world.app("public", json!({"publicClient": true})).await;
    let shy = world.app("shy", json!({"consentRequired": true})).await;
    for (app, to) in [(&front, "back"), (&front, "off"), (&front, "shy"), (&front, "public"), (&back, "target")] {
        world.admin.post(&r(&format!("/clients/{}/protocol-mappers/models", app.id)), audience(to)).await.expect(201);
    }
    let browser = Browser::default();
    let tokens = site.tokens(&browser, &front, "openid").await;
    let subject = tokens.access();
    // as it is meant
    let reply = site.exchange(&back, &subject, &[("audience", "target")]).await.expect(200).json();
    let claims = tests::docker::claims(&text(&reply, "access_token"));
    assert_eq!(
        (&claims["aud"], &claims["azp"], &claims["preferred_username"]),
        (&json!("target"), &json!("back"), &json!("alice"))
    );
    let mut findings = Findings::default();
    let mut refuse = |what: &str, reply: &crate::http::support::Reply, codes: &[&str]| {
        findings.judge(what, reply, refused_in_json(reply, codes));
    };
    // who may exchange, and what
    refuse("a client outside the audience", &site.exchange(&stranger, &subject, &[]).await, &["access_denied"]);
    refuse("a client that may not", &site.exchange(&off, &subject, &[]).await, &["unauthorized_client"]);
    refuse("a public client", &site.exchange(&public, &subject, &[]).await, &["unauthorized_client"]);
    refuse("a client that has to ask", &site.exchange(&shy, &subject, &[]).await, &["invalid_client"]);
    for (what, token) in [
        ("no token", String::new()),
        ("text", "x".to_owned()),
        ("an id token", tokens.id()),
        ("a refresh token", tokens.refresh()),
    ] {
        refuse(what, &site.exchange(&back, &token, &[]).await, &["invalid_request"]);
    }
    let grant = ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    refuse("no type", &site.grant(&back, &[grant, ("subject_token", &subject)]).await, &["invalid_request"]);
    for kind in ["id_token", "refresh_token", "jwt", "saml2", "saml1", "x"] {
        let kind = format!("{TYPES}{kind}");
        let form = [grant, ("subject_token", subject.as_str()), ("subject_token_type", kind.as_str())];
        refuse(&format!("subject as {kind}"), &site.grant(&back, &form).await, &["invalid_request"]);
    }
    // nobody acts for somebody else, and nobody else's issuer is believed
    for (name, value) in [
        ("requested_subject", "bob"),
        ("requested_issuer", "other"),
        ("subject_issuer", "https://evil.example"),
        ("actor_token", subject.as_str()),
        ("actor_token_type", "x"),
    ] {
        refuse(name, &site.exchange(&back, &subject, &[(name, value)]).await, &["invalid_request"]);
    }
    // audiences
    for (what, audiences) in [
        ("an unknown audience", vec!["nobody"]),
        ("an audience beside the client's own", vec!["stranger"]),
        ("one good and one bad", vec!["target", "stranger"]),
        ("one good and one unknown", vec!["target", "nobody"]),
        ("the subject's client", vec!["front"]),
        ("many", vec!["target"; 30]),
        ("odd", vec!["target\u{0}"]),
        ("a list in one", vec!["target stranger"]),
    ] {
        let further: Vec<_> = audiences.iter().map(|name| ("audience", *name)).collect();
        let reply = site.exchange(&back, &subject, &further).await;
        refuse(what, &reply, &["invalid_request", "invalid_client", "invalid_target", "access_denied"]);
    }
    // scopes that the subject's token hadn't
    for scope in ["openid offline_access", "phone", "openid address", "email nonsense", "offline_access"] {
        let reply = site.exchange(&back, &subject, &[("scope", scope)]).await;
        refuse(&format!("scope {scope}"), &reply, &["invalid_scope"]);
    }
    for kind in ["saml2", "x", "jwt"] {
        let kind = format!("{TYPES}{kind}");
        let reply = site.exchange(&back, &subject, &[("requested_token_type", &kind)]).await;
        refuse(&format!("requested {kind}"), &reply, &["invalid_request"]);
    }
    // another realm's, a disabled client's or user's, an old one's, a revoked one's
    world.admin.post("/realms", json!({"realm": "second", "enabled": true})).await.expect(201);
    world.user_in("second", "alice", "pw").await;
    let (second, twin) = (world.site("second"), world.app_in("second", "front", json!({})).await);
    let foreign = second.tokens(&Browser::default(), &twin, "openid").await;
    refuse("another realm's", &site.exchange(&back, &foreign.access(), &[]).await, &["invalid_request"]);
    let disable = |path: String, enabled: bool| {
        let admin = world.admin.clone();
        async move { admin.put(&path, json!({ "enabled": enabled })).await.expect(204) }
    };
    let client = r(&format!("/clients/{}", front.id));
    disable(client.clone(), false).await;
    refuse("a disabled client's", &site.exchange(&back, &subject, &[]).await, &["invalid_request"]);
    disable(client, true).await;
    let into = r(&format!("/clients/{}", target.id));
    disable(into.clone(), false).await;
    refuse(
        "a disabled audience",
        &site.exchange(&back, &subject, &[("audience", "target")]).await,
        &["invalid_client"],
    );
    disable(into, true).await;
    let alice = world.admin.read(&r("/users?username=alice")).await[0]["id"].as_str().unwrap().to_owned();
    let user = r(&format!("/users/{alice}"));
    disable(user.clone(), false).await;
    refuse("a disabled user's", &site.exchange(&back, &subject, &[]).await, &["invalid_request"]);
    disable(user, true).await;
    let fresh = site.tokens(&Browser::default(), &front, "openid").await;
    let exchanged = Tokens(site.exchange(&back, &fresh.access(), &[]).await.expect(200).json());
    site.post("revoke", &front.form(&[("token", &fresh.access())])).await.expect(200);
    refuse("a revoked one", &site.exchange(&back, &fresh.access(), &[]).await, &["invalid_request"]);
    let fresh = site.tokens(&Browser::default(), &front, "openid").await;
    world.wait(301);
    refuse("an old one", &site.exchange(&back, &fresh.access(), &[]).await, &["invalid_request"]);
    world.log_in().await;
    // what came of an exchange ends with the user's session
    let fresh = site.tokens(&Browser::default(), &front, "openid").await;
    let kind = format!("{TYPES}refresh_token");
    let exchanged_again = site.exchange(&back, &fresh.access(), &[("requested_token_type", &kind)]).await;
    let exchanged_again = Tokens(exchanged_again.expect(200).json());
    let session = tests::docker::claims(&fresh.access())["sid"].as_str().unwrap().to_owned();
    site.userinfo(&exchanged_again.access()).await.expect(403);
    world.admin.delete(&format!("/realms/{REALM}/sessions/{session}")).await.expect(204);
    for (what, tokens) in [("before", &exchanged), ("refreshable", &exchanged_again)] {
        let active = site.is_active(&back, &tokens.access()).await;
        assert!(!active, "{what}: exchanged tokens outlive the session");
    }
    let reply = site.refresh(&back, &exchanged_again.refresh()).await;
    refuse("a refresh after the end of the session", &reply, &["invalid_grant"]);
    findings.none(43);
}
