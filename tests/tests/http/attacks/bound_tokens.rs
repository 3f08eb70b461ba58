//! Tokens bound to a key (RFC 9449) or a certificate (RFC 8705) are not offered. Nothing here may look as if they were:
//! an application that believes its token bound would not guard it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tests::verifier::forge::KeyPair;

use super::{
    findings::Findings,
    pages::refused_in_json,
    stage::{Browser, Tokens},
};
use crate::http::support::{World, send};

/// A proof of possession that would be good where DPoP is offered.
fn proof(key: &KeyPair, method: &str, url: &str, now: i64) -> String {
    let mut jwk = key.jwk("k");
    jwk.as_object_mut().unwrap().remove("kid");
    let header = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk});
    key.token(&header, &json!({"jti": rand::random::<u64>().to_string(), "htm": method, "htu": url, "iat": now}))
}

/// Nothing of the metadata speaks of it.
async fn silent(world: &World, words: &[&str]) -> Vec<String> {
    let site = world.site("acme");
    let mut found = Vec::new();
    for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
        let metadata = send(site.http.get(site.url(path))).await.expect(200).text().to_ascii_lowercase();
        found.extend(words.iter().filter(|word| metadata.contains(**word)).map(|word| format!("{path}: {word}")));
    }
    found
}

#[tokio::test]
async fn attack_28_dpop_is_not_feigned_rfc_9449_11() {
    let (world, site) = World::with_alice().await;
    assert_eq!(silent(&world, &["dpop"]).await, [""; 0]);
    let app = world.app("app", json!({"attributes": {"dpop.bound.access.tokens": "true"}})).await;
    let browser = Browser::default();
    let key = KeyPair::p256();
    let mut findings = Findings::default();
    // a client that asks with a proof gets a bearer token that says that it is one
    let code = site.code(&browser, &app, &[("dpop_jkt", "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")]).await;
    let form =
        [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", super::stage::CALLBACK)];
    let url = site.protocol("token");
    let request = site.http.post(&url).header("dpop", proof(&key, "POST", &url, world.now()));
    let reply = send(request.form(&app.form(&form))).await.expect(200);
    let tokens = Tokens(reply.json());
    findings.check(tokens.0["token_type"] == "Bearer", || format!("token_type {}", tokens.0["token_type"]));
    findings.check(reply.headers.get("dpop-nonce").is_none(), || "a nonce is given".to_owned());
    for (kind, token) in [("access", tokens.access()), ("refresh", tokens.refresh()), ("id", tokens.id())] {
        let claims = tests::docker::claims(&token);
        findings.check(claims.get("cnf").is_none(), || format!("{kind}: {claims}"));
    }
    let told = site.introspect(&app, &tokens.access()).await;
    findings.check(told["token_type"] == "Bearer" && told.get("cnf").is_none(), || format!("introspection: {told}"));
    // the scheme is not known, whatever the proof
    let userinfo = site.protocol("userinfo");
    let mut bound = proof(&key, "GET", &userinfo, world.now());
    for proof in ["", "x", &std::mem::take(&mut bound)] {
        let request = site.http.get(&userinfo).header("authorization", format!("DPoP {}", tokens.access()));
        let reply = send(if proof.is_empty() { request } else { request.header("dpop", proof) }).await;
        findings.judge("the scheme DPoP", &reply, refused_in_json(&reply, &["invalid_token"]));
        let challenge = reply.header("www-authenticate").unwrap_or_default().to_owned();
        findings.check(challenge.starts_with("Bearer ") && !challenge.contains("DPoP"), || challenge);
    }
    let request =
        site.http.get(world.url("/admin/realms")).header("authorization", format!("DPoP {}", tokens.access()));
    findings.check(send(request).await.status == 401, || "the admin API".to_owned());
    // a token that another server bound is not taken for a free one: ours never carry `cnf`
    let mut claims = tests::docker::claims(&tokens.access());
    let thumbprint = URL_SAFE_NO_PAD.encode([7_u8; 32]);
    for member in ["jkt", "x5t#S256", "kid"] {
        claims["cnf"] = json!({ member: thumbprint });
        let token = world.signed_by_realm("acme", "RS256", &claims).await;
        let reply = site.userinfo(&token).await;
        findings.judge(&format!("cnf {member}"), &reply, refused_in_json(&reply, &["invalid_token"]));
        let active = site.is_active(&app, &token).await;
        findings.check(!active, || format!("cnf {member}: introspection"));
    }
    findings.none(18);
}

#[tokio::test]
async fn attack_29_certificate_headers_cve_2024_10039() {
    let (world, site) = World::with_alice().await;
    assert_eq!(silent(&world, &["tls_client", "mtls", "certificate_bound"]).await, [""; 0]);
    let app = world.app("app", json!({})).await;
    let by_certificate = json!({
        "clientAuthenticatorType": "client-x509",
        "attributes": {"x509.subjectdn": "(.*?)(?:$)", "tls.client.certificate.bound.access.tokens": "true"},
    });
    world.app("by-certificate", by_certificate).await;
    let key = KeyPair::rsa();
    let certificate = key.self_signed(false, tests::verifier::forge::GOOD);
    let pem = String::from_utf8(certificate.to_pem().unwrap()).unwrap();
    let escaped: String = url::form_urlencoded::byte_serialize(pem.as_bytes()).collect();
    let plain: String = pem.lines().filter(|line| !line.starts_with("--")).collect();
    let headers: Vec<(&str, String)> = vec![
        ("ssl-client-cert", escaped.clone()),
        ("x-ssl-client-cert", escaped.clone()),
        ("ssl_client_cert", escaped.clone()),
        ("x-client-cert", plain.clone()),
        ("x-forwarded-client-cert", format!("Cert=\"{escaped}\"")),
        ("x-forwarded-tls-client-cert", plain.clone()),
        ("client-cert", format!(":{plain}:")),
        ("ssl-client-verify", "SUCCESS".to_owned()),
        ("x-ssl-client-verify", "SUCCESS".to_owned()),
        ("ssl-client-subject-dn", "CN=by-certificate".to_owned()),
        ("x-amzn-mtls-clientcert", escaped.clone()),
        ("x-arr-clientcert", plain.clone()),
    ];
    let with = |mut request: RequestBuilder, headers: &[(&str, String)]| {
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        request
    };
    let mut findings = Findings::default();
    let sets: Vec<&[(&str, String)]> = headers.chunks(1).chain([&headers[..]]).collect();
    for set in sets {
        let what = set.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" ");
        for form in [
            vec![("grant_type", "client_credentials"), ("client_id", "by-certificate")],
            vec![("grant_type", "client_credentials"), ("client_id", "app")],
        ] {
            let reply = send(with(site.http.post(site.protocol("token")), set).form(&form)).await;
            let refused = refused_in_json(&reply, &["invalid_client", "unauthorized_client"]);
            findings.judge(&format!("{what} {form:?}"), &reply, refused);
        }
        // beside a good proof it changes nothing
        let form = app.form(&[("grant_type", "client_credentials")]);
        let reply = send(with(site.http.post(site.protocol("token")), set).form(&form)).await.expect(200).json();
        let claims: Value = tests::docker::claims(reply["access_token"].as_str().unwrap());
        findings.check(claims.get("cnf").is_none(), || format!("{what}: {claims}"));
        let request = with(site.http.get(site.protocol("userinfo")), set);
        findings.check(send(request).await.status == 401, || format!("{what}: userinfo"));
    }
    findings.none(50);
}
