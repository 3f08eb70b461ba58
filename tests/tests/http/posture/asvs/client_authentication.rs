//! 10.4.10: a confidential client proves who it is at every endpoint that it calls itself.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use crate::http::{
    posture::fresh::{App, CHALLENGE, Fresh, VERIFIER, text},
    support::{Reply, send},
};

/// What a request says of its client: the form's further parameters, and the `Authorization` header's name and secret.
struct Attempt {
    what: &'static str,
    form: Vec<(String, String)>,
    header: Option<(String, String)>,
}

/// Ways to be a client without its secret.
fn attempts(fresh: &Fresh, app: &App, other: &App) -> Vec<Attempt> {
    let secret = app.secret.clone().unwrap();
    let named = |value: &str| ("client_id".to_owned(), value.to_owned());
    let given = |value: &str| ("client_secret".to_owned(), value.to_owned());
    let attempt = |what, form: Vec<(String, String)>| Attempt { what, form, header: None };
    let by_header = |what, name: &str, secret: &str| Attempt {
        what,
        form: Vec::new(),
        header: Some((name.to_owned(), secret.to_owned())),
    };
    let half = &secret[..secret.len() / 2];
    let mut attempts = vec![
        attempt("nothing", vec![]),
        attempt("its name", vec![named(&app.id)]),
        attempt("an empty secret", vec![named(&app.id), given("")]),
        attempt("half of it", vec![named(&app.id), given(half)]),
        attempt("more than it", vec![named(&app.id), given(&format!("{secret}x"))]),
        attempt("in another case", vec![named(&app.id), given(&secret.to_lowercase())]),
        attempt("another's", vec![named(&app.id), given(other.secret.as_deref().unwrap())]),
        attempt("its name in another case", vec![named(&app.id.to_uppercase()), given(&secret)]),
        by_header("no secret in the header", &app.id, ""),
        by_header("a wrong one in the header", &app.id, "wrong"),
        by_header("another's in the header", &app.id, other.secret.as_deref().unwrap()),
        by_header("nobody", "nobody", &secret),
    ];
    attempts.push(Attempt {
        what: "right in the header and wrong in the form",
        form: vec![named(&app.id), given("wrong")],
        header: Some((app.id.clone(), secret.clone())),
    });
    attempts.push(Attempt {
        what: "the secret of one and the name of another",
        form: vec![named(&other.id)],
        header: Some((app.id.clone(), secret)),
    });
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let claims = json!({
        "iss": app.id, "sub": app.id, "aud": fresh.world.server.services().public_url(), "jti": "once",
        "exp": fresh.world.server.services().now().unix_timestamp() + 60,
    });
    attempts.push(attempt(
        "an assertion that nobody signed",
        vec![
            ("client_assertion_type".into(), "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".into()),
            ("client_assertion".into(), format!("{}.{}.", part(json!({"alg": "none"})), part(claims))),
        ],
    ));
    attempts
}

async fn try_it(fresh: &Fresh, path: &str, form: &[(&str, &str)], attempt: &Attempt) -> Reply {
    let mut form: Vec<(&str, &str)> = form.to_vec();
    form.extend(attempt.form.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let mut request = fresh.world.http.post(fresh.url(path)).form(&form);
    if let Some((name, secret)) = &attempt.header {
        request = request.basic_auth(name, Some(secret));
    }
    send(request).await
}

#[tokio::test]
async fn asvs_10_4_10_a_confidential_client_authenticates_everywhere() {
    let fresh = Fresh::start().await;
    let confidential: Vec<_> = fresh.confidential().collect();
    assert_eq!(confidential.len(), 2);
    for (app, other) in [(confidential[0], confidential[1]), (confidential[1], confidential[0])] {
        let code = fresh.code(app, &[]).await;
        let tokens = fresh.tokens(app, &[]).await;
        let (access, refresh) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
        let redirect_uri = app.redirect_uri.as_str();
        let device = "urn:ietf:params:oauth:grant-type:device_code";
        let exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
        let endpoints: Vec<(&str, Vec<(&str, &str)>)> = vec![
            (
                "token",
                vec![
                    ("grant_type", "authorization_code"),
                    ("code", &code),
                    ("redirect_uri", redirect_uri),
                    ("code_verifier", VERIFIER),
                ],
            ),
            ("token", vec![("grant_type", "refresh_token"), ("refresh_token", refresh)]),
            ("token", vec![("grant_type", "client_credentials")]),
            ("token", vec![("grant_type", "password"), ("username", "jane"), ("password", "x")]),
            ("token", vec![("grant_type", device), ("device_code", "x")]),
            ("token", vec![("grant_type", exchange), ("subject_token", access)]),
            ("token/introspect", vec![("token", access)]),
            ("revoke", vec![("token", refresh)]),
            ("logout", vec![("refresh_token", refresh)]),
            ("auth/device", vec![]),
            (
                "ext/par/request",
                vec![
                    ("response_type", "code"),
                    ("redirect_uri", redirect_uri),
                    ("code_challenge", CHALLENGE),
                    ("code_challenge_method", "S256"),
                ],
            ),
        ];
        for (path, form) in &endpoints {
            for attempt in attempts(&fresh, app, other) {
                // The logout endpoint of browsers has the same address; it knows no client.
                let reply = try_it(&fresh, path, form, &attempt).await;
                let case = format!("{} {path} {:?} {}", app.id, form.first(), attempt.what);
                assert!([400, 401].contains(&reply.status), "{case}: {} {}", reply.status, reply.text());
                let error = reply.json()["error"].clone();
                assert!(error == "invalid_client" || error == "unauthorized_client", "{case}: {}", reply.text());
            }
        }
        // Nothing of it did anything.
        assert!(fresh.is_good(access).await);
        let _ = fresh.refresh(app, refresh).await.expect(200);
        let _ = fresh.redeem(app, &code, Some(VERIFIER)).await.expect(200);
    }
}

#[tokio::test]
async fn asvs_10_4_10_public_clients_look_into_no_tokens() {
    let fresh = Fresh::start().await;
    let tokens = fresh.tokens(fresh.public(), &[]).await;
    let form = [("token", text(&tokens, "access_token"))];
    let _ = send(fresh.as_client(fresh.public(), "token/introspect", &form)).await.expect(403);
    // And a confidential client only into those that are for it (RFC 7662 section 4).
    for app in fresh.confidential() {
        let reply = send(fresh.as_client(app, "token/introspect", &form)).await.expect(200).json();
        assert_eq!(reply, json!({"active": false}), "{}", app.id);
    }
}
