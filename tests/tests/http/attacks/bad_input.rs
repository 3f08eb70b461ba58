//! Parameters that are missing, doubled, too long or malformed, at every endpoint of OpenID Connect and of the login: the
//! answer is the error that the RFC has for it, never a failure of ours.

use std::collections::BTreeSet;

use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
    sample::select,
    test_runner::{Config, TestCaseError, TestRunner},
};
use reqwest::{RequestBuilder, header::CONTENT_TYPE};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{
    findings::Findings,
    pages::{locked_down, refused_in_json, refused_on_our_page},
    stage::{ALICE, App, Browser, CALLBACK, Site, Tokens, VERIFIER, answered, challenge},
};
use crate::http::support::{Reply, World, basic, send};

const FORM: &str = "application/x-www-form-urlencoded";
/// Every error code that may stand in an answer of this server: those of RFC 6749, 6750, 7009, 7591, 8628, 8693, 9101,
/// OpenID Connect Core and Keycloak's for tokens that are none.
const CODES: [&str; 26] = [
    "access_denied",
    "authorization_pending",
    "expired_token",
    "insufficient_scope",
    "interaction_required",
    "invalid_client",
    "invalid_client_metadata",
    "invalid_grant",
    "invalid_redirect_uri",
    "invalid_request",
    "invalid_request_object",
    "invalid_request_uri",
    "invalid_scope",
    "invalid_target",
    "invalid_token",
    "invalid_software_statement",
    "login_required",
    "not_found",
    "slow_down",
    "temporarily_unavailable",
    "unauthorized_client",
    "unmet_authentication_requirements",
    "unsupported_grant_type",
    "unsupported_response_type",
    "unsupported_token_type",
    "consent_required",
];

/// One value for each way in which a parameter can be wrong, as it stands in a form.
fn odd_values() -> Vec<(&'static str, String)> {
    vec![
        ("empty", String::new()),
        ("a space", "+".to_owned()),
        ("NUL", "%00".to_owned()),
        ("NUL inside", "a%00b".to_owned()),
        ("a line break", "a%0d%0aX:1".to_owned()),
        ("no UTF-8", "%ff%fe".to_owned()),
        ("a broken escape", "%zz".to_owned()),
        ("half an escape", "%".to_owned()),
        ("a surrogate", "%ed%a0%80".to_owned()),
        ("wide letters", "%f0%9f%90%b3%e2%80%ae".to_owned()),
        ("markup", "%3Cscript%3Ealert(1)%3C/script%3E".to_owned()),
        ("quotes", "%22%27%3B--%5C".to_owned()),
        ("a template", "%24%7Busername%7D".to_owned()),
        ("a number", "18446744073709551616".to_owned()),
        ("a negative number", "-9223372036854775809".to_owned()),
        ("JSON", "%7B%22a%22%3A%5B%5D%7D".to_owned()),
        ("a path", "..%2F..%2Fetc%2Fpasswd".to_owned()),
        ("dots", "a.b.c".to_owned()),
        ("a token", "eyJhbGciOiJub25lIn0.e30.".to_owned()),
        ("long", "a".repeat(5_000)),
        ("very long", "a".repeat(50_000)),
    ]
}

/// What is wrong, where, with which parameters, and which status and code tell it.
type PostedCase<'a> = (&'a str, &'a str, Vec<(String, String)>, u16, &'a str);

/// In which form an endpoint answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    Json,
    Page,
    /// A page, or JSON if there is a refresh token.
    Logout,
}

/// An endpoint with a request that is good, or good but for what it is about.
struct Endpoint {
    name: &'static str,
    door: Door,
    get: bool,
    url: String,
    usual: Vec<(&'static str, String)>,
}

struct Scene {
    world: World,
    site: Site,
    app: App,
    browser: Browser,
    endpoints: Vec<Endpoint>,
}

async fn scene() -> Scene {
    let (world, site) = World::with_alice().await;
    let app = world.app("app", json!({})).await;
    world.admin.put("/realms/acme", json!({"bruteForceProtected": false})).await.expect(204);
    let browser = Browser::default();
    let tokens = site.tokens(&browser, &app, "openid offline_access").await;
    let to_login = site.authorize(&browser, &site.request(&app, &[("prompt", "login")])).await;
    let login = site.local(&super::stage::location(&to_login));
    let sealed = login.split("session_code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let (device_code, user_code) = site.device(&app, "openid").await;
    let endpoints = endpoints(&site, &app, &tokens, &sealed, &device_code, &user_code);
    Scene { world, site, app, browser, endpoints }
}

fn endpoints(
    site: &Site,
    app: &App,
    tokens: &Tokens,
    sealed: &str,
    device_code: &str,
    user_code: &str,
) -> Vec<Endpoint> {
    let client = |further: &[(&'static str, &str)]| -> Vec<(&'static str, String)> {
        let proof = [("client_id", app.client_id.clone()), ("client_secret", app.secret.clone().unwrap())];
        further.iter().map(|(name, value)| (*name, (*value).to_owned())).chain(proof).collect()
    };
    let plain = |further: &[(&'static str, &str)]| -> Vec<(&'static str, String)> {
        further.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    };
    let json =
        |name, path: &str, usual| Endpoint { name, door: Door::Json, get: false, url: site.protocol(path), usual };
    let page = |name, get, url, usual| Endpoint { name, door: Door::Page, get, url, usual };
    let challenge = challenge(VERIFIER);
    let asked = [
        ("response_type", "code"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid"),
        ("state", "s"),
        ("nonce", "n"),
        ("response_mode", "query"),
        ("prompt", "none"),
        ("max_age", "1000"),
        ("claims", "{}"),
        ("login_hint", "alice"),
        ("id_token_hint", ""),
        ("ui_locales", "en"),
        ("acr_values", "1"),
        ("kc_action", ""),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
        ("request", ""),
        ("request_uri", ""),
    ];
    let exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
    let device = "urn:ietf:params:oauth:grant-type:device_code";
    let access = "urn:ietf:params:oauth:token-type:access_token";
    let mut request = plain(&asked);
    request.insert(0, ("client_id", app.client_id.clone()));
    let sealed = [("session_code", sealed), ("client_id", "app"), ("username", ALICE.0), ("password", "wrong")];
    let sealed_query = format!("session_code={}", sealed[0].1);
    vec![
        json(
            "code",
            "token",
            client(&[
                ("grant_type", "authorization_code"),
                ("code", "x.y.z"),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
                ("scope", "openid"),
            ]),
        ),
        json(
            "refresh",
            "token",
            client(&[("grant_type", "refresh_token"), ("refresh_token", "x.y.z"), ("scope", "openid")]),
        ),
        json(
            "password",
            "token",
            client(&[("grant_type", "password"), ("username", "nobody"), ("password", "x"), ("scope", "openid")]),
        ),
        json("client credentials", "token", client(&[("grant_type", "client_credentials"), ("scope", "profile")])),
        json(
            "device code",
            "token",
            client(&[("grant_type", device), ("device_code", device_code), ("code_verifier", VERIFIER)]),
        ),
        json(
            "exchange",
            "token",
            client(&[
                ("grant_type", exchange),
                ("subject_token", &tokens.access()),
                ("subject_token_type", access),
                ("requested_token_type", access),
                ("audience", "app"),
                ("resource", "https://a.example"),
                ("scope", "openid"),
            ]),
        ),
        json(
            "assertion",
            "token",
            plain(&[
                ("grant_type", "client_credentials"),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", "x.y.z"),
                ("client_id", "app"),
            ]),
        ),
        json(
            "introspection",
            "token/introspect",
            client(&[("token", &tokens.access()), ("token_type_hint", "access_token")]),
        ),
        json("revocation", "revoke", client(&[("token", "x.y.z"), ("token_type_hint", "access_token")])),
        json(
            "device",
            "auth/device",
            client(&[
                ("scope", "openid"),
                ("nonce", "n"),
                ("code_challenge", &challenge),
                ("code_challenge_method", "S256"),
            ]),
        ),
        json("push", "ext/par/request", client(&asked)),
        Endpoint { door: Door::Logout, ..json("logout", "logout", client(&[("refresh_token", "x.y.z")])) },
        json("userinfo", "userinfo", plain(&[("access_token", &tokens.access())])),
        page("auth", true, site.protocol("auth"), request.clone()),
        page("auth by POST", false, site.protocol("auth"), request),
        page("login page", true, site.url("/login-actions/authenticate"), plain(&sealed[..2])),
        page(
            "login",
            false,
            site.url(&format!("/login-actions/authenticate?{sealed_query}")),
            plain(&[("username", ALICE.0), ("password", "wrong"), ("rememberMe", "on"), ("credentialId", "")]),
        ),
        page("new password page", true, site.url("/login-actions/required-action"), plain(&sealed[..2])),
        page(
            "new password",
            false,
            site.url(&format!("/login-actions/required-action?{sealed_query}")),
            plain(&[("password-new", "x"), ("password-confirm", "y")]),
        ),
        page("consent page", true, site.url("/login-actions/consent"), plain(&sealed[..2])),
        page(
            "consent",
            false,
            site.url(&format!("/login-actions/consent?{sealed_query}")),
            plain(&[("accept", "x"), ("cancel", "x")]),
        ),
        page("expired", true, site.url("/login-actions/expired"), plain(&sealed[..2])),
        page("device page", true, site.url("/device"), plain(&[("user_code", user_code)])),
        page("user code", false, site.url("/device"), plain(&[("device_user_code", user_code)])),
        page("device status", true, site.url("/device/status"), plain(&[("outcome", "approved"), ("error", "")])),
    ]
}

impl Endpoint {
    fn request(&self, site: &Site, body: &str) -> RequestBuilder {
        match self.get {
            // a longer address is refused by the HTTP server itself
            true => site.http.get(format!("{}?{}", self.url, &body[..body.len().min(30_000)])),
            false => site.http.post(&self.url).header(CONTENT_TYPE, FORM).body(body.to_owned()),
        }
    }

    fn body(&self, change: impl Fn(&str) -> Option<String>) -> String {
        let usual = |value: &str| form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>();
        let pairs =
            self.usual.iter().map(|(name, value)| format!("{name}={}", change(name).unwrap_or_else(|| usual(value))));
        pairs.collect::<Vec<_>>().join("&")
    }
}

/// Whatever came in: an answer in the form of the door, and no failure.
fn sound(site: &Site, door: Door, reply: &Reply) -> Result<(), String> {
    if reply.status >= 500 {
        return Err("a failure".to_owned());
    }
    if let Some(location) = reply.headers.get("location") {
        let location = location.to_str().map_err(|error| error.to_string())?;
        let ours = [CALLBACK, &format!("{}/login-actions/", site.issuer()), &format!("{}/device/", site.issuer())];
        if door == Door::Json || !ours.iter().any(|ours| location.starts_with(ours)) {
            return Err(format!("a redirect to {location}"));
        }
        let error = answered(reply).remove("error");
        return match error {
            Some(code) if !CODES.contains(&code.as_str()) => Err(format!("an unknown code {code}")),
            _ => Ok(()),
        };
    }
    let page = reply.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
    let door = match door {
        Door::Logout if page => Door::Page,
        Door::Logout => Door::Json,
        door => door,
    };
    match door {
        Door::Logout => unreachable!("told apart above"),
        Door::Page if reply.status >= 400 => refused_on_our_page(reply),
        Door::Page => locked_down(reply),
        Door::Json if reply.status >= 400 => refused_in_json(reply, &CODES),
        Door::Json => Ok(()),
    }
}

#[tokio::test]
async fn any_parameter_may_be_anything() {
    let Scene { world: _world, site, browser, endpoints, .. } = scene().await;
    let mut findings = Findings::default();
    for endpoint in &endpoints {
        let names: BTreeSet<_> = endpoint.usual.iter().map(|(name, _)| *name).collect();
        for name in names {
            for (kind, value) in odd_values() {
                let body = endpoint.body(|given| (given == name).then(|| value.clone()));
                let reply = browser.send(endpoint.request(&site, &body)).await;
                let what = format!("{}: {name} is {kind}", endpoint.name);
                findings.judge(&what, &reply, sound(&site, endpoint.door, &reply));
            }
            // left out
            let pairs = endpoint.usual.iter().filter(|(given, _)| *given != name);
            let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            let reply = browser.send(endpoint.request(&site, &body)).await;
            let what = format!("{}: {name} is missing", endpoint.name);
            findings.judge(&what, &reply, sound(&site, endpoint.door, &reply));
        }
        for (kind, body) in [
            ("nothing", ""),
            ("separators", "&&&==="),
            ("a name", "grant_type"),
            ("JSON", "{\"grant_type\":\"password\"}"),
            ("a broken name", "%ff=%fe&%00=1"),
            ("a broken escape", "%zz=%z&%"),
        ] {
            let reply = browser.send(endpoint.request(&site, body)).await;
            findings.judge(&format!("{}: {kind}", endpoint.name), &reply, sound(&site, endpoint.door, &reply));
        }
        // other kinds of bodies
        for kind in ["", "application/json", "text/plain", "multipart/form-data; boundary=x", "x", ";", "text/xml"] {
            if endpoint.get {
                continue;
            }
            let request = site.http.post(&endpoint.url).header(CONTENT_TYPE, kind).body(endpoint.body(|_| None));
            let reply = browser.send(request).await;
            let what = format!("{}: a body of type {kind:?}", endpoint.name);
            findings.judge(&what, &reply, sound(&site, endpoint.door, &reply));
            let refused =
                endpoint.door == Door::Page || (400..=415).contains(&reply.status) || endpoint.name == "userinfo";
            findings.check(refused, || format!("{what}: {}", reply.status));
        }
        // other methods
        for method in ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"] {
            let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
            let reply = send(site.http.request(method.clone(), &endpoint.url)).await;
            findings.check(reply.status == 405, || format!("{method} {}: {}", endpoint.name, reply.status));
        }
    }
    findings.none(2_500);
}

/// What is asked, and what the RFC has for it: status and code.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], u16, &'a str);

#[tokio::test]
async fn each_mistake_has_the_error_of_its_rfc() {
    let Scene { world, site, app, browser, .. } = scene().await;
    world.app("plain", json!({"serviceAccountsEnabled": false, "directAccessGrantsEnabled": false, "standardFlowEnabled": false, "implicitFlowEnabled": false, "attributes": {"oauth2.device.authorization.grant.enabled": "false", "standard.token.exchange.enabled": "false"}})).await;
    world.app("public", json!({"publicClient": true})).await;
    let tokens = site.tokens(&browser, &app, "openid").await;
    let (access, refresh) = (tokens.access(), tokens.refresh());
    let secret = app.secret.clone().unwrap();
    let me = [("client_id", "app"), ("client_secret", secret.as_str())];
    let plain = [("client_id", "plain"), ("client_secret", "secret-of-plain-0123456789-0123456789")];
    let with = |client: &[(&'static str, &str)], further: &[(&'static str, &str)]| -> Vec<(String, String)> {
        client.iter().chain(further).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
    let device = "urn:ietf:params:oauth:grant-type:device_code";
    let kind = "urn:ietf:params:oauth:token-type:access_token";
    let mut cases: Vec<PostedCase> = Vec::new();
    let mut add = |what, path, form, status, code| cases.push((what, path, form, status, code));
    // RFC 6749 section 5.2
    add("no grant", "token", with(&me, &[]), 400, "invalid_request");
    add("an unknown grant", "token", with(&me, &[("grant_type", "x")]), 400, "unsupported_grant_type");
    add(
        "a grant that isn't offered",
        "token",
        with(&me, &[("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")]),
        400,
        "unsupported_grant_type",
    );
    add("a grant in capitals", "token", with(&me, &[("grant_type", "PASSWORD")]), 400, "unsupported_grant_type");
    add("no client", "token", with(&[], &[("grant_type", "client_credentials")]), 400, "invalid_client");
    add(
        "an unknown client",
        "token",
        with(&[("client_id", "nobody")], &[("grant_type", "client_credentials")]),
        401,
        "invalid_client",
    );
    add(
        "no code",
        "token",
        with(&me, &[("grant_type", "authorization_code"), ("redirect_uri", CALLBACK)]),
        400,
        "invalid_request",
    );
    add(
        "a code that is none",
        "token",
        with(&me, &[("grant_type", "authorization_code"), ("code", "x")]),
        400,
        "invalid_grant",
    );
    add("no refresh token", "token", with(&me, &[("grant_type", "refresh_token")]), 400, "invalid_request");
    add(
        "a refresh token that is none",
        "token",
        with(&me, &[("grant_type", "refresh_token"), ("refresh_token", "x")]),
        400,
        "invalid_grant",
    );
    add(
        "another client's refresh token",
        "token",
        with(&plain, &[("grant_type", "refresh_token"), ("refresh_token", &refresh)]),
        400,
        "invalid_grant",
    );
    add(
        "more scope at refresh",
        "token",
        with(&me, &[("grant_type", "refresh_token"), ("refresh_token", &refresh), ("scope", "phone")]),
        400,
        "invalid_scope",
    );
    add(
        "an unknown scope",
        "token",
        with(&me, &[("grant_type", "client_credentials"), ("scope", "x")]),
        400,
        "invalid_scope",
    );
    add(
        "a wrong password",
        "token",
        with(&me, &[("grant_type", "password"), ("username", "alice"), ("password", "x")]),
        401,
        "invalid_grant",
    );
    add(
        "password grant not allowed",
        "token",
        with(&plain, &[("grant_type", "password"), ("username", "alice"), ("password", "pw")]),
        400,
        "unauthorized_client",
    );
    add(
        "no service account",
        "token",
        with(&plain, &[("grant_type", "client_credentials")]),
        401,
        "unauthorized_client",
    );
    add(
        "a public client for itself",
        "token",
        with(&[("client_id", "public")], &[("grant_type", "client_credentials")]),
        401,
        "unauthorized_client",
    );
    // RFC 8628 section 3.5
    add("no device code", "token", with(&me, &[("grant_type", device)]), 400, "invalid_request");
    add(
        "a device code that is none",
        "token",
        with(&me, &[("grant_type", device), ("device_code", "x")]),
        400,
        "invalid_grant",
    );
    add(
        "device not allowed",
        "token",
        with(&plain, &[("grant_type", device), ("device_code", "x")]),
        400,
        "unauthorized_client",
    );
    add("device not allowed to begin", "auth/device", with(&plain, &[]), 400, "unauthorized_client");
    add("an unknown scope at a device", "auth/device", with(&me, &[("scope", "x")]), 400, "invalid_scope");
    add(
        "a weak challenge at a device",
        "auth/device",
        with(&me, &[("code_challenge", VERIFIER), ("code_challenge_method", "plain")]),
        400,
        "invalid_request",
    );
    // RFC 8693 section 2.2.2
    add(
        "no subject",
        "token",
        with(&me, &[("grant_type", exchange), ("subject_token_type", kind)]),
        400,
        "invalid_request",
    );
    add(
        "no type of subject",
        "token",
        with(&me, &[("grant_type", exchange), ("subject_token", &access)]),
        400,
        "invalid_request",
    );
    add(
        "a subject that is none",
        "token",
        with(&me, &[("grant_type", exchange), ("subject_token", "x"), ("subject_token_type", kind)]),
        400,
        "invalid_request",
    );
    add(
        "exchange not allowed",
        "token",
        with(&plain, &[("grant_type", exchange), ("subject_token", &access), ("subject_token_type", kind)]),
        400,
        "unauthorized_client",
    );
    // RFC 7662 section 2.3, RFC 7009 section 2.2.1
    add("no token to look at", "token/introspect", with(&me, &[]), 400, "invalid_request");
    add("no token to revoke", "revoke", with(&me, &[]), 400, "invalid_request");
    add(
        "an unknown hint to revoke",
        "revoke",
        with(&me, &[("token", "x"), ("token_type_hint", "x")]),
        400,
        "unsupported_token_type",
    );
    // RFC 9126 section 2.3
    add("no response type", "ext/par/request", with(&me, &[("redirect_uri", CALLBACK)]), 400, "invalid_request");
    add(
        "an unknown response type",
        "ext/par/request",
        with(&me, &[("redirect_uri", CALLBACK), ("response_type", "x")]),
        400,
        "unsupported_response_type",
    );
    add(
        "an unknown scope",
        "ext/par/request",
        with(&me, &[("redirect_uri", CALLBACK), ("response_type", "code"), ("scope", "x")]),
        400,
        "invalid_scope",
    );
    add(
        "a reference in a push",
        "ext/par/request",
        with(&me, &[("redirect_uri", CALLBACK), ("response_type", "code"), ("request_uri", "urn:x")]),
        400,
        "invalid_request",
    );
    add(
        "a flow that isn't allowed",
        "ext/par/request",
        with(&plain, &[("redirect_uri", CALLBACK), ("response_type", "code")]),
        400,
        "unauthorized_client",
    );
    let mut findings = Findings::default();
    for (what, path, form, status, code) in &cases {
        let reply = send(site.http.post(site.protocol(path)).form(form)).await;
        findings.judge(what, &reply, refused_in_json(&reply, &[code]));
        findings.check(reply.status == *status, || format!("{what}: {} instead of {status}", reply.status));
        let stored = reply.header("cache-control").unwrap_or_default().to_owned();
        findings.check(stored.contains("no-store"), || format!("{what}: cache-control {stored}"));
    }
    // RFC 6749 section 4.1.2.1 and OpenID Connect Core section 3.1.2.6: told at the redirect URI, with the state and the issuer
    let asked: &[Case<'_>] = &[
        ("no response type", "app", &[("response_type", "")], 302, "invalid_request"),
        ("an unknown response type", "app", &[("response_type", "x")], 302, "unsupported_response_type"),
        ("a response type twice", "app", &[("response_type", "code code")], 302, "unsupported_response_type"),
        ("none and more", "app", &[("response_type", "none code")], 302, "unsupported_response_type"),
        ("an unknown mode", "app", &[("response_mode", "x")], 302, "invalid_request"),
        ("tokens in a query", "app", &[("response_type", "token"), ("response_mode", "query")], 302, "invalid_request"),
        ("an unknown scope", "app", &[("scope", "openid x")], 302, "invalid_scope"),
        ("no nonce", "app", &[("response_type", "id_token")], 302, "invalid_request"),
        ("none and login", "app", &[("prompt", "none login")], 302, "invalid_request"),
        ("an age that is none", "app", &[("max_age", "x")], 302, "invalid_request"),
        ("an age below zero", "app", &[("max_age", "-1")], 302, "invalid_request"),
        ("claims that are none", "app", &[("claims", "x")], 302, "invalid_request"),
        ("claims of the wrong shape", "app", &[("claims", "{\"id_token\":[]}")], 302, "invalid_request"),
        (
            "a plain challenge",
            "app",
            &[("code_challenge", VERIFIER), ("code_challenge_method", "plain")],
            302,
            "invalid_request",
        ),
        (
            "an unknown challenge",
            "app",
            &[("code_challenge", VERIFIER), ("code_challenge_method", "S512")],
            302,
            "invalid_request",
        ),
        ("a request that is none", "app", &[("request", "x")], 302, "invalid_request_object"),
        ("a foreign address", "app", &[("request_uri", "https://evil.example/r")], 302, "invalid_request_uri"),
        ("no flow", "plain", &[], 302, "unauthorized_client"),
        ("no challenge of a public client", "public", &[], 302, "invalid_request"),
        ("nobody is logged in", "app", &[("prompt", "none")], 302, "login_required"),
        (
            "a level that isn't reached",
            "app",
            &[("claims", "{\"id_token\":{\"acr\":{\"essential\":true,\"value\":\"9\"}}}")],
            302,
            "unmet_authentication_requirements",
        ),
    ];
    for (what, client, further, status, code) in asked {
        for post in [false, true] {
            let client = App { id: String::new(), client_id: (*client).to_owned(), secret: None };
            let mut further = further.to_vec();
            further.push(("state", "a state"));
            let query = site.request(&client, &further);
            let nobody = Browser::default();
            let reply = match post {
                false => site.authorize(&nobody, &query).await,
                true => nobody.send(site.http.post(site.protocol("auth")).form(&query)).await,
            };
            let answer = answered(&reply);
            let told = answer.get("error").is_some_and(|error| error == code);
            let whole = answer.get("state").is_some_and(|state| state == "a state")
                && answer.get("iss") == Some(&site.issuer());
            findings.check(reply.status == *status && told && whole, || {
                format!("{what}, post {post}: {} {answer:?}", reply.status)
            });
        }
    }
    // RFC 6750 section 3.1
    for (what, token, status, code) in [
        ("no token", None, 401, "invalid_token"),
        ("a token that is none", Some("x"), 401, "invalid_token"),
        ("a refresh token", Some(refresh.as_str()), 401, "invalid_token"),
    ] {
        let request = site.http.get(site.protocol("userinfo"));
        let reply = send(match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        })
        .await;
        findings.judge(what, &reply, refused_in_json(&reply, &[code]));
        let challenged = reply.header("www-authenticate").is_some_and(|text| text.starts_with("Bearer realm=\"acme\""));
        findings.check(reply.status == status && challenged, || format!("{what}: {:?}", reply.headers));
    }
    let both = site.http.post(site.protocol("userinfo")).bearer_auth(&access).form(&[("access_token", &access)]);
    let reply = send(both).await;
    findings.judge("a token in two places", &reply, refused_in_json(&reply, &["invalid_request"]));
    let service = site.grant(&app, &[("grant_type", "client_credentials")]).await.expect(200).json();
    let reply = site.userinfo(service["access_token"].as_str().unwrap()).await;
    findings.judge("a token without openid", &reply, refused_in_json(&reply, &["insufficient_scope"]));
    findings.check(reply.status == 403, || format!("a token without openid: {}", reply.status));
    // RFC 6749 section 5.2: who used the header is challenged for the header
    let request = site.http.post(site.protocol("token")).header("authorization", basic("app", "wrong"));
    let reply = send(request.form(&[("grant_type", "client_credentials")])).await;
    findings.check(
        reply.status == 401 && reply.header("www-authenticate").is_some_and(|text| text.starts_with("Basic ")),
        || format!("a wrong header: {:?}", reply.headers),
    );
    // realms that are not there
    for realm in ["nothing", "ACME", "acme%20", "%00", "a%00b", "%ff", "acme%2f", "\u{1f4a5}", &"r".repeat(3_000)] {
        for (path, page) in [
            ("protocol/openid-connect/auth", false),
            ("protocol/openid-connect/certs", false),
            ("protocol/openid-connect/userinfo", false),
            (".well-known/openid-configuration", false),
            ("login-actions/authenticate", true),
            ("device", true),
        ] {
            let reply = send(site.http.get(world.url(&format!("/realms/{realm}/{path}")))).await;
            let what = format!("realm {realm:.10} {path}");
            findings.check([400, 404].contains(&reply.status), || format!("{what}: {}", reply.status));
            let html = reply.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
            findings.check(html == page, || format!("{what}: {:?}", reply.header("content-type")));
        }
    }
    findings.none(260);
}

/// Names that mean something somewhere.
fn names() -> impl Strategy<Value = String> {
    let known = [
        "grant_type",
        "client_id",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
        "code",
        "code_verifier",
        "redirect_uri",
        "refresh_token",
        "username",
        "password",
        "scope",
        "device_code",
        "subject_token",
        "subject_token_type",
        "requested_token_type",
        "audience",
        "token",
        "token_type_hint",
        "response_type",
        "response_mode",
        "state",
        "nonce",
        "prompt",
        "max_age",
        "claims",
        "id_token_hint",
        "login_hint",
        "request",
        "request_uri",
        "code_challenge",
        "code_challenge_method",
        "access_token",
        "session_code",
        "device_user_code",
        "user_code",
        "accept",
        "kc_action",
    ];
    prop_oneof![9 => select(known.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,12}"]
}

fn values(good: Vec<String>) -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(good),
        2 => "\\PC{0,40}",
        1 => any::<String>(),
        1 => "[a-zA-Z0-9_-]{1,30}\\.[a-zA-Z0-9_-]{0,30}\\.[a-zA-Z0-9_-]{0,30}",
        1 => "[{}\\[\\]\":,0-9a-z]{0,60}",
        1 => (0_usize..6_000).prop_map(|length| "x".repeat(length)),
        1 => any::<i64>().prop_map(|number| number.to_string()),
        1 => Just(String::new()),
    ]
}

/// A request that nobody thought of: an endpoint, parameters, perhaps bytes that are no form, perhaps headers.
type Case2 = (usize, Vec<(String, String)>, Option<Vec<u8>>, Option<String>, bool);

#[test]
fn no_request_makes_the_server_fail() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let Scene { world, site, app, browser, endpoints } = runtime.block_on(scene());
    let known = endpoints.iter().flat_map(|endpoint| endpoint.usual.iter().map(|(_, value)| value.clone()));
    let further = [
        "none",
        "login",
        "code id_token",
        "token",
        "form_post",
        "fragment",
        "openid offline_access",
        "urn:ietf:params:oauth:request_uri:x",
    ];
    let good: Vec<String> = known.chain(further.map(str::to_owned)).filter(|value| !value.is_empty()).collect();
    let strategy = (
        0..endpoints.len(),
        vec((names(), values(good)), 0..8),
        proptest::option::weighted(0.1, vec(any::<u8>(), 0..300)),
        proptest::option::weighted(0.2, "(Basic|Bearer|DPoP|basic|x) [ -~]{0,60}"),
        any::<bool>(),
    );
    let config = Config { cases: 1_500, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let outcome = TestRunner::new(config).run(&strategy, |(at, pairs, bytes, authorization, with_usual): Case2| {
        let endpoint = &endpoints[at];
        let mut all: Vec<(String, String)> = pairs;
        if with_usual {
            let usual = endpoint.usual.iter().filter(|(name, _)| !all.iter().any(|(given, _)| given == name));
            let usual: Vec<_> = usual.map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            all.extend(usual);
        }
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&all).finish();
        let mut request = match (bytes, endpoint.get) {
            (Some(bytes), false) => site.http.post(&endpoint.url).header(CONTENT_TYPE, FORM).body(bytes),
            _ => endpoint.request(&site, &body),
        };
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        let reply = runtime.block_on(browser.send(request));
        // an address that the HTTP server finds too long, or a body
        if [413, 414, 431].contains(&reply.status) {
            return Ok(());
        }
        sound(&site, endpoint.door, &reply).map_err(|reason| {
            TestCaseError::fail(format!("{}: {reason}: {} {}", endpoint.name, reply.status, reply.text()))
        })
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    // it still works
    let tokens: Value = runtime.block_on(site.tokens(&Browser::default(), &app, "openid")).0;
    assert!(tokens["access_token"].is_string());
    drop(world);
}
