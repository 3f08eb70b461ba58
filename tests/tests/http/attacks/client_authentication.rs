//! One client, one way to prove who it is.

use reqwest::RequestBuilder;
use serde_json::json;

use super::{
    findings::Findings,
    pages::refused_in_json,
    stage::{App, Site},
};
use crate::http::support::{Reply, World, basic, send};

/// How a request says who its client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Header,
    Body,
    NameOnly,
    Nothing,
    HeaderAndBody,
    HeaderAndSecret,
    HeaderAndName,
    HeaderAndOtherName,
    WrongHeader,
    WrongBody,
    WrongHeaderAndBody,
    HeaderAndWrongBody,
    EmptyHeader,
    TwoHeaders,
}

const WAYS: [Way; 14] = [
    Way::Header,
    Way::Body,
    Way::NameOnly,
    Way::Nothing,
    Way::HeaderAndBody,
    Way::HeaderAndSecret,
    Way::HeaderAndName,
    Way::HeaderAndOtherName,
    Way::WrongHeader,
    Way::WrongBody,
    Way::WrongHeaderAndBody,
    Way::HeaderAndWrongBody,
    Way::EmptyHeader,
    Way::TwoHeaders,
];

async fn ask(site: &Site, path: &str, app: &App, secret: &str, way: Way) -> Reply {
    let name = app.client_id.as_str();
    let header = |request: RequestBuilder, secret: &str| request.header("authorization", basic(name, secret));
    let mut form = vec![("grant_type", "client_credentials"), ("token", "x"), ("refresh_token", "x")];
    let request = site.http.post(site.protocol(path));
    let request = match way {
        Way::Header
        | Way::HeaderAndBody
        | Way::HeaderAndSecret
        | Way::HeaderAndName
        | Way::HeaderAndOtherName
        | Way::HeaderAndWrongBody => header(request, secret),
        Way::WrongHeader | Way::WrongHeaderAndBody => header(request, "wrong"),
        Way::EmptyHeader => header(request, ""),
        Way::TwoHeaders => header(header(request, secret), "wrong"),
        Way::Body | Way::NameOnly | Way::Nothing | Way::WrongBody => request,
    };
    match way {
        Way::Body | Way::HeaderAndBody | Way::WrongHeaderAndBody => {
            form.extend([("client_id", name), ("client_secret", secret)]);
        }
        Way::HeaderAndSecret => form.push(("client_secret", secret)),
        Way::NameOnly | Way::HeaderAndName => form.push(("client_id", name)),
        Way::HeaderAndOtherName => form.push(("client_id", "other")),
        Way::WrongBody | Way::HeaderAndWrongBody => form.extend([("client_id", name), ("client_secret", "wrong")]),
        _ => {}
    }
    send(request.form(&form)).await
}

#[tokio::test]
async fn attack_27_two_proofs_or_the_wrong_one_rfc_6749_2_3() {
    let (world, site) = World::with_alice().await;
    let method = |name: &str| json!({"attributes": {"client.secret.authentication.allowed.method": name}});
    let either = world.app("either", json!({})).await;
    let by_header = world.app("by-header", method("client_secret_basic")).await;
    let by_body = world.app("by-body", method("client_secret_post")).await;
    let by_key = world.app("by-key", json!({"clientAuthenticatorType": "client-jwt"})).await;
    let by_shared = world.app("by-shared", json!({"clientAuthenticatorType": "client-secret-jwt"})).await;
    let by_certificate = world.app("by-certificate", json!({"clientAuthenticatorType": "client-x509"})).await;
    let by_nothing = world.app("by-nothing", json!({"clientAuthenticatorType": "none"})).await;
    let bearer = world.app("bearer", json!({"bearerOnly": true})).await;
    world.app("other", json!({})).await;
    let mut findings = Findings::default();
    for app in [&either, &by_header, &by_body, &by_key, &by_shared, &by_certificate, &by_nothing, &bearer] {
        let secret = app.secret.clone().unwrap();
        for way in WAYS {
            let good = match app.client_id.as_str() {
                "either" => matches!(way, Way::Header | Way::Body | Way::HeaderAndName),
                "by-header" => matches!(way, Way::Header | Way::HeaderAndName),
                "by-body" => way == Way::Body,
                _ => false,
            };
            for path in ["token", "token/introspect", "revoke", "ext/par/request", "auth/device", "logout"] {
                let reply = ask(&site, path, app, &secret, way).await;
                let what = format!("{} {way:?} {path}", app.client_id);
                let refused = refused_in_json(&reply, &["invalid_client", "unauthorized_client"]);
                match good {
                    true => findings.check(refused.is_err(), || format!("{what}: {}", reply.text())),
                    false => findings.judge(&what, &reply, refused),
                }
                // RFC 6749 section 5.2: who tried the header hears 401 with a challenge
                let tried = matches!(way, Way::WrongHeader);
                if tried {
                    let challenged = reply.status == 401 && reply.headers.contains_key("www-authenticate");
                    let bearer_only = app.client_id == "bearer";
                    findings.check(challenged || bearer_only, || format!("{what}: no challenge: {}", reply.status));
                }
            }
        }
    }
    // with a secret, a client's own one only: empty, of another, with other letters
    let secret = either.secret.clone().unwrap();
    let others = by_body.secret.clone().unwrap();
    for wrong in ["", " ", &secret.to_uppercase(), &secret[1..], &format!("{secret}x"), &format!("{secret} "), &others]
    {
        let form = [("grant_type", "client_credentials"), ("client_id", "either"), ("client_secret", wrong)];
        let reply = site.post("token", &form).await;
        let refused = refused_in_json(&reply, &["invalid_client", "unauthorized_client"]);
        findings.judge(&format!("secret {wrong:?}"), &reply, refused);
    }
    // a public client has no account and no proof
    world.app("public", json!({"publicClient": true})).await;
    for secret in ["", "x", "secret-of-public-0123456789-0123456789"] {
        let form = [("grant_type", "client_credentials"), ("client_id", "public"), ("client_secret", secret)];
        let reply = site.post("token", &form).await;
        let refused = refused_in_json(&reply, &["invalid_client", "unauthorized_client"]);
        findings.judge(&format!("public {secret:?}"), &reply, refused);
    }
    findings.none(650);
}
