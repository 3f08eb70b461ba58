//! Introspection tells a token's audience about it, and nobody else.

use serde_json::{Value, json};

use super::{findings::Findings, pages::refused_in_json, stage::Browser};
use crate::http::support::{World, basic, r, send};

#[tokio::test]
async fn attack_24_introspection_by_others_cve_2026_37979() {
    let (world, site) = World::with_alice().await;
    let app = world.app("app", json!({})).await;
    let stranger = world.app("stranger", json!({})).await;
    let audience = world.app("audience", json!({})).await;
    let public = world.app("public", json!({"publicClient": true})).await;
    let mapper = json!({
        "name": "aud", "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper",
        "config": {"included.client.audience": "audience", "access.token.claim": "true"},
    });
    world.admin.post(&r(&format!("/clients/{}/protocol-mappers/models", app.id)), mapper).await.expect(201);
    let browser = Browser::default();
    let tokens = site.tokens(&browser, &app, "openid offline_access email").await;
    let online = site.tokens(&browser, &app, "openid email").await;
    let service = site.grant(&app, &[("grant_type", "client_credentials")]).await.expect(200).json();
    let service = service["access_token"].as_str().unwrap().to_owned();
    let inactive = json!({"active": false});
    let mut findings = Findings::default();
    for (kind, token) in [
        ("access", tokens.access()),
        ("offline", tokens.refresh()),
        ("refresh", online.refresh()),
        ("service account", service),
        ("id", tokens.id()),
    ] {
        for hint in ["", "access_token", "refresh_token"] {
            let ask = async |app: &super::stage::App| -> Value {
                let form = [("token", token.as_str()), ("token_type_hint", hint)];
                site.post("token/introspect", &app.form(&form)).await.expect(200).json()
            };
            let (own, theirs, for_them) = (ask(&app).await, ask(&stranger).await, ask(&audience).await);
            findings.check((own["active"] == true) == (kind != "id"), || format!("{kind} {hint}: {own}"));
            findings.check(theirs == inactive, || format!("{kind} {hint} to a stranger: {theirs}"));
            // refresh tokens are nobody's but the client's
            let wanted = ["access", "service account"].contains(&kind);
            findings
                .check((for_them["active"] == true) == wanted, || format!("{kind} {hint} to the audience: {for_them}"));
        }
        // a signed answer is not offered: whoever asks for it gets no more than the others
        for accept in ["application/token-introspection+jwt", "application/jwt", "*/*"] {
            let request = site.http.post(site.protocol("token/introspect")).header("accept", accept);
            let reply = send(request.form(&stranger.form(&[("token", &token)]))).await.expect(200);
            findings.check(reply.json() == inactive, || format!("{kind} {accept}: {}", reply.text()));
        }
        // who is nobody hears nothing at all
        for form in [
            vec![("token", token.as_str())],
            vec![("token", token.as_str()), ("client_id", "public")],
            vec![("token", token.as_str()), ("client_id", "app")],
            vec![("token", token.as_str()), ("client_id", "app"), ("client_secret", "wrong")],
            vec![("token", token.as_str()), ("client_id", "nobody"), ("client_secret", "x")],
        ] {
            let reply = site.post("token/introspect", &form).await;
            let codes = ["invalid_client", "unauthorized_client", "invalid_request"];
            findings.judge(&format!("{kind} {form:?}"), &reply, refused_in_json(&reply, &codes));
            findings.check(!reply.text().contains("alice"), || format!("{kind}: {}", reply.text()));
        }
        // the token itself is no credential here
        let request = site.http.post(site.protocol("token/introspect")).bearer_auth(&token);
        let reply = send(request.form(&[("token", &token)])).await;
        findings.judge(&format!("{kind} as a bearer token"), &reply, refused_in_json(&reply, &["invalid_client"]));
    }
    // a client named in a foreign token's audience by a stranger's mapper learns of that token only
    assert!(public.secret.is_none());
    let request = site.http.post(site.protocol("token/introspect")).header("authorization", basic("stranger", "wrong"));
    send(request.form(&[("token", &tokens.access())])).await.expect(401);
    findings.none(100);
}
