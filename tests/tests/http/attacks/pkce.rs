//! Proof Key for Code Exchange (RFC 7636): a code is worth nothing without the verifier, and nobody talks the server out
//! of asking for it.

use serde_json::json;

use super::{
    findings::Findings,
    pages::refused_in_json,
    stage::{App, Browser, CALLBACK, Site, VERIFIER, answered, challenge},
};
use crate::http::support::World;

/// How a request challenges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Challenged {
    No,
    S256,
    Plain,
    /// A challenge without a method, which is plain.
    Unnamed,
    /// A method without a challenge.
    MethodOnly,
}

/// What the token request brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verifier {
    No,
    Right,
    Wrong,
    /// The challenge itself, which everybody has seen.
    Challenge,
    Empty,
}

const CHALLENGES: [Challenged; 5] =
    [Challenged::No, Challenged::S256, Challenged::Plain, Challenged::Unnamed, Challenged::MethodOnly];
const VERIFIERS: [Verifier; 5] = [Verifier::No, Verifier::Right, Verifier::Wrong, Verifier::Challenge, Verifier::Empty];

fn asked(challenged: Challenged) -> Vec<(&'static str, String)> {
    match challenged {
        Challenged::No => vec![],
        Challenged::S256 => vec![("code_challenge", challenge(VERIFIER)), ("code_challenge_method", "S256".to_owned())],
        Challenged::Plain => {
            vec![("code_challenge", VERIFIER.to_owned()), ("code_challenge_method", "plain".to_owned())]
        }
        Challenged::Unnamed => vec![("code_challenge", VERIFIER.to_owned())],
        Challenged::MethodOnly => vec![("code_challenge_method", "S256".to_owned())],
    }
}

/// Whether a client of this kind gets a code for such a request.
fn gets_a_code(app: &str, challenged: Challenged) -> bool {
    match app {
        "confidential" => matches!(challenged, Challenged::No | Challenged::S256),
        "plain" => matches!(challenged, Challenged::Plain | Challenged::Unnamed),
        _ => challenged == Challenged::S256,
    }
}

/// Whether the code of such a request is redeemed.
fn is_redeemed(challenged: Challenged, verifier: Verifier) -> bool {
    match challenged {
        Challenged::No => matches!(verifier, Verifier::No | Verifier::Empty),
        Challenged::Plain | Challenged::Unnamed => matches!(verifier, Verifier::Right | Verifier::Challenge),
        _ => verifier == Verifier::Right,
    }
}

async fn redeem(site: &Site, app: &App, code: &str, verifier: Option<&str>) -> crate::http::support::Reply {
    let mut form = vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", CALLBACK)];
    form.extend(verifier.map(|verifier| ("code_verifier", verifier)));
    site.grant(app, &form).await
}

#[tokio::test]
async fn attack_13_pkce_left_out_or_weakened_cve_2024_23647() {
    let (world, site) = World::with_alice().await;
    let plain = json!({"publicClient": true, "attributes": {"pkce.code.challenge.method": "plain"}});
    let apps = [
        world.app("public", json!({"publicClient": true})).await,
        world.app("confidential", json!({})).await,
        world.app("strict", json!({"attributes": {"pkce.code.challenge.method": "S256"}})).await,
        world.app("plain", plain).await,
        // an unknown method is no way around
        world.app("odd", json!({"publicClient": true, "attributes": {"pkce.code.challenge.method": "none"}})).await,
    ];
    let browser = Browser::default();
    let code = site.code(&browser, &apps[1], &[]).await;
    assert!(!code.is_empty());
    let mut findings = Findings::default();
    for app in &apps {
        for challenged in CHALLENGES {
            let further = asked(challenged);
            let further: Vec<_> = further.iter().map(|(name, value)| (*name, value.as_str())).collect();
            for verifier in VERIFIERS {
                let what = format!("{} {challenged:?} {verifier:?}", app.client_id);
                let reply = site.answer(&browser, app, &further).await;
                let answer = answered(&reply);
                let wanted = gets_a_code(&app.client_id, challenged);
                findings.check(answer.contains_key("code") == wanted, || format!("{what}: {answer:?}"));
                let Some(code) = answer.get("code") else {
                    findings.check(answer.get("error").is_some_and(|error| error == "invalid_request"), || {
                        format!("{what}: {answer:?}")
                    });
                    continue;
                };
                let hidden = challenge(VERIFIER);
                let given = match verifier {
                    Verifier::No => None,
                    Verifier::Right => Some(VERIFIER),
                    Verifier::Wrong => Some("another-verifier-of-sufficient-length-0123456789"),
                    Verifier::Challenge if challenged == Challenged::S256 => Some(hidden.as_str()),
                    Verifier::Challenge => Some(VERIFIER),
                    Verifier::Empty => Some(""),
                };
                let reply = redeem(&site, app, code, given).await;
                let right = match challenged {
                    Challenged::No => is_redeemed(challenged, verifier) && given.unwrap_or_default().is_empty(),
                    _ => is_redeemed(challenged, verifier),
                };
                match right {
                    true => findings.check(reply.status == 200, || format!("{what}: {}", reply.text())),
                    false => {
                        findings.judge(&what, &reply, refused_in_json(&reply, &["invalid_grant"]));
                        // whoever has the code without its verifier has stolen it: a second try finds nothing
                        let reply = redeem(&site, app, code, Some(VERIFIER)).await;
                        findings.judge(&format!("{what}, again"), &reply, refused_in_json(&reply, &["invalid_grant"]));
                    }
                }
            }
        }
    }
    // not through the pushed or the signed request either
    for challenged in [Challenged::No, Challenged::Plain, Challenged::Unnamed, Challenged::MethodOnly] {
        let further = asked(challenged);
        let mut form: Vec<_> = further.iter().map(|(name, value)| (*name, value.as_str())).collect();
        form.extend([("response_type", "code"), ("redirect_uri", CALLBACK), ("scope", "openid")]);
        let reply = site.post("ext/par/request", &apps[0].form(&form)).await;
        let verdict = refused_in_json(&reply, &["invalid_request"]);
        findings.judge(&format!("pushed {challenged:?}"), &reply, verdict);
        // nor by a hybrid response
        form.extend([("nonce", "n")]);
        form[further.len()] = ("response_type", "code id_token");
        let reply = site.answer(&browser, &apps[0], &form).await;
        findings.check(!answered(&reply).contains_key("code"), || format!("hybrid {challenged:?}"));
    }
    findings.none(180);
}

#[tokio::test]
async fn attack_14_verifiers_out_of_bounds_rfc_7636_4_1() {
    let (world, site) = World::with_alice().await;
    let app = world.app("app", json!({"publicClient": true})).await;
    let browser = Browser::default();
    let mut findings = Findings::default();
    let of_length = |length: usize| "aZ9-._~".chars().cycle().take(length).collect::<String>();
    let mut verifiers: Vec<(String, bool)> = [1, 41, 42, 43, 44, 127, 128, 129, 200, 5_000]
        .map(|length| (of_length(length), (43..=128).contains(&length)))
        .into();
    for odd in ["+", "/", "=", " ", "%", "\u{e9}", "\t", "\n", "\"", "\\", ":", "*", "\u{0}", "\u{661}"] {
        verifiers.push((format!("{}{odd}", of_length(60)), false));
        verifiers.push((format!("{odd}{}", of_length(60)), false));
    }
    for (verifier, sound) in &verifiers {
        let asked = challenge(verifier);
        let query = [("code_challenge", asked.as_str()), ("code_challenge_method", "S256")];
        let code = site.code(&browser, &app, &query).await;
        let reply = redeem(&site, &app, &code, Some(verifier)).await;
        let what = format!("{} letters {:?}", verifier.len(), verifier.chars().last());
        match sound {
            true => findings.check(reply.status == 200, || format!("{what}: {}", reply.text())),
            false => findings.judge(&what, &reply, refused_in_json(&reply, &["invalid_grant", "invalid_request"])),
        }
    }
    // a challenge has the same bounds
    for (asked, sound) in &verifiers {
        let query = [("code_challenge", asked.as_str()), ("code_challenge_method", "S256"), ("prompt", "none")];
        let reply = site.authorize(&browser, &site.request(&app, &query)).await;
        let given = answered(&reply).contains_key("code");
        findings.check(given == *sound, || format!("a challenge of {} letters: {given}", asked.len()));
    }
    findings.none(70);
}
