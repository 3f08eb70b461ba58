//! Too much of everything: refused before it costs anything, and nothing grows by it.

use std::fs;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::{StreamExt, stream};
use reqwest::{RequestBuilder, header::CONTENT_TYPE};
use serde_json::{Map, Value, json};
use tests::{Program, answer::Answer, program::Setup, verifier::forge::KeyPair};

use super::{
    assertions,
    findings::Findings,
    forged::hmac,
    stage::{Browser, Site, VERIFIER, application},
};
use crate::http::support::{REALM, World, send};

const FORM: &str = "application/x-www-form-urlencoded";
/// By how much the process may grow.
const MOST_GROWTH: u64 = 5 * 1024 * 1024;

/// The memory of a process, in bytes.
fn memory(process: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

fn nested(open: &str, close: &str, depth: usize) -> String {
    format!("{}{}", open.repeat(depth), close.repeat(depth))
}

/// A token of five parts that would unpack to much more.
fn bomb(algorithm: &str) -> String {
    let header = json!({"alg": algorithm, "enc": "A256GCM", "zip": "DEF", "kid": "k"});
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    // deflated zeros, a thousand times as long unpacked
    let packed: Vec<u8> = std::iter::repeat_n([0xec, 0xc1, 0x01, 0x01], 2_000).flatten().collect();
    format!(
        "{}.{}.{}.{}.{}",
        part(header.to_string().as_bytes()),
        part(&[7; 256]),
        part(&[1; 12]),
        part(&packed),
        part(&[2; 16])
    )
}

/// The attacks of this kind, by name. Each can be sent as often as one likes.
fn attacks(world: &World, site: &Site, key: &KeyPair) -> Vec<(String, Box<dyn Fn() -> RequestBuilder>)> {
    let mut all: Vec<(String, Box<dyn Fn() -> RequestBuilder>)> = Vec::new();
    let http = site.http.clone();
    let mut post = |name: &str, url: String, body: String| {
        let http = http.clone();
        let request = move || http.post(&url).header(CONTENT_TYPE, FORM).body(body.clone());
        all.push((name.to_owned(), Box::new(request)));
    };
    let token = site.protocol("token");
    let secret = "client_id=app&client_secret=secret-of-app-0123456789-0123456789";
    for size in [1_000_001, 60_000] {
        let long = "x".repeat(size);
        for field in ["username", "password", "scope", "client_id", "client_secret", "grant_type", "unknown"] {
            let body = format!("grant_type=password&username=alice&password=pw&{secret}&")
                .replace(&format!("{field}="), &format!("old_{field}="));
            post(&format!("{size} letters of {field}"), token.clone(), format!("{body}{field}={long}"));
        }
        for field in ["code", "refresh_token", "device_code", "subject_token", "code_verifier", "client_assertion"] {
            let grant = match field {
                "refresh_token" => "refresh_token",
                "device_code" => "urn:ietf:params:oauth:grant-type:device_code",
                "subject_token" => {
                    "urn:ietf:params:oauth:grant-type:token-exchange&subject_token_type=urn:ietf:params:oauth:token-type:access_token"
                }
                _ => "authorization_code&code=x.y.z",
            };
            let body = match field {
                "client_assertion" => format!(
                    "grant_type={grant}&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                ),
                _ => format!("grant_type={grant}&{secret}")
                    .replace("&code=x.y.z", if field == "code" { "" } else { "&code=x.y.z" }),
            };
            post(&format!("{size} letters of {field}"), token.clone(), format!("{body}&{field}={long}"));
        }
        for path in ["token/introspect", "revoke", "logout"] {
            let field = if path == "logout" { "refresh_token" } else { "token" };
            post(&format!("{size} letters at {path}"), site.protocol(path), format!("{secret}&{field}={long}"));
        }
        for field in
            ["state", "nonce", "scope", "claims", "login_hint", "redirect_uri", "request", "ui_locales", "prompt"]
        {
            let body = format!("{secret}&response_type=code&redirect_uri=https://app.example/cb&");
            let body = if field == "redirect_uri" { format!("{secret}&response_type=code&") } else { body };
            post(
                &format!("{size} letters of pushed {field}"),
                site.protocol("ext/par/request"),
                format!("{body}{field}={long}"),
            );
            let body = body.replace(secret, "client_id=app");
            post(&format!("{size} letters of {field}"), site.protocol("auth"), format!("{body}{field}={long}"));
        }
        post(&format!("{size} letters of a user code"), site.url("/device"), format!("device_user_code={long}"));
    }
    post(
        "100,000 words",
        token.clone(),
        format!("grant_type=client_credentials&{secret}&scope={}", "a+".repeat(100_000)),
    );
    post(
        "30,000 words",
        token.clone(),
        format!("grant_type=client_credentials&{secret}&scope={}", "a+".repeat(30_000)),
    );
    post("30,000 audiences", token.clone(), format!("grant_type=x&{secret}{}", "&audience=a".repeat(5_000)));
    post("20,000 parameters", token.clone(), (0..6_000).map(|number| format!("&a{number}=1")).collect());
    post("separators", token.clone(), "&".repeat(60_000));
    post("escapes", token.clone(), "%".repeat(60_000));
    for (name, claims) in [
        ("deep lists", nested("[", "]", 1_900)),
        ("deep objects", format!("{}1{}", "{\"a\":".repeat(600), "}".repeat(600))),
        ("many members", format!("{{\"userinfo\":{{{}\"z\":1}}}}", "\"a\":null,".repeat(300))),
    ] {
        let claims: String = url::form_urlencoded::byte_serialize(claims.as_bytes()).collect();
        let body = format!("{secret}&response_type=code&redirect_uri=https://app.example/cb&state=s&claims={claims}");
        post(&format!("claims with {name}"), site.protocol("ext/par/request"), body);
    }
    let deep: Value = json!({"alg": "RS256", "kid": "k"});
    let mut many = assertions::claims(site, "signing", world.now());
    for number in 0..1_000 {
        many[format!("claim-{number}")] = "x".into();
    }
    many["jti"] = Value::Null;
    let tokens = [
        ("1,000 claims", key.token(&deep, &many)),
        ("a bomb", bomb("RSA-OAEP-256")),
        ("a bomb under dir", bomb("dir")),
        ("PBES2 with many rounds", {
            let header = json!({"alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2c": 2_147_483_647, "p2s": "AAAA"});
            format!("{}.AAAA.AAAA.AAAA.AAAA", URL_SAFE_NO_PAD.encode(header.to_string()))
        }),
        ("dots", ".".repeat(15_000)),
        ("deep claims", {
            let claims = URL_SAFE_NO_PAD.encode(nested("[", "]", 5_000));
            format!("{}.{claims}.AAAA", URL_SAFE_NO_PAD.encode(deep.to_string()))
        }),
        ("a deep header", {
            let header = URL_SAFE_NO_PAD.encode(format!("{{\"alg\":{}}}", nested("[", "]", 5_000)));
            format!("{header}.e30.AAAA")
        }),
        ("a long signature", hmac("HS512", b"x", &json!({}), &json!({"a": "x".repeat(8_000)}))),
    ];
    for (name, text) in &tokens {
        post(&format!("{name} to introspection"), site.protocol("token/introspect"), format!("{secret}&token={text}"));
        post(
            &format!("{name} as a refresh token"),
            token.clone(),
            format!("grant_type=refresh_token&{secret}&refresh_token={text}"),
        );
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        let body = format!("grant_type=client_credentials&client_assertion_type={kind}&client_assertion={text}");
        post(&format!("{name} as an assertion"), token.clone(), body);
        let body = format!("{secret}&response_type=code&redirect_uri=https://app.example/cb&request={text}");
        post(&format!("{name} as a request object"), site.protocol("ext/par/request"), body);
    }
    let mut at_token: Vec<(String, Box<dyn Fn() -> RequestBuilder>)> = Vec::new();
    let mut get = |name: &str, url: String, header: (&'static str, String)| {
        let http = site.http.clone();
        all.push((name.to_owned(), Box::new(move || http.get(&url).header(header.0, header.1.clone()))));
    };
    let userinfo = site.protocol("userinfo");
    for (name, text) in tokens {
        get(&format!("{name} as a bearer token"), userinfo.clone(), ("authorization", format!("Bearer {text}")));
        get(
            &format!("{name} to the admin API"),
            world.url("/admin/realms"),
            ("authorization", format!("Bearer {text}")),
        );
    }
    for (name, value) in [
        ("Basic without base64", format!("Basic {}", "!".repeat(15_000))),
        ("Basic with much base64", format!("Basic {}", "A".repeat(19_000))),
        ("Basic without a colon", format!("Basic {}", "YQ".repeat(9_000))),
        ("a long scheme", "B".repeat(19_000)),
        ("spaces", format!("Bearer{}x", " ".repeat(15_000))),
    ] {
        get(name, userinfo.clone(), ("authorization", value.clone()));
        let (http, url) = (site.http.clone(), token.clone());
        let request = move || http.post(&url).header("authorization", value.clone()).form(&[("grant_type", "x")]);
        at_token.push((format!("{name} at the token endpoint"), Box::new(request)));
    }
    let login = site.url("/login-actions/authenticate?session_code=x");
    for (name, header, value) in [
        ("languages", "accept-language", "aa-BB;q=0.1,".repeat(1_500)),
        ("cookies", "cookie", "AUTH_SESSION_ID=x; ".repeat(1_000)),
        ("a long cookie", "cookie", format!("KEYCLOAK_IDENTITY={}", "x".repeat(18_000))),
        ("cookies of many names", "cookie", (0..1_500).map(|number| format!("c{number}=1; ")).collect()),
        ("a user agent", "user-agent", "x".repeat(18_000)),
        ("an origin", "origin", format!("https://{}", "x".repeat(18_000))),
    ] {
        get(name, login.clone(), (header, value.clone()));
        get(&format!("{name} at userinfo"), userinfo.clone(), (header, value));
    }
    get(
        "a long session code",
        site.url(&format!("/login-actions/consent?session_code={}", "A".repeat(30_000))),
        ("x-x", "1".to_owned()),
    );
    get("a long path", site.url(&format!("/{}", "a/".repeat(10_000))), ("x-x", "1".to_owned()));
    get(
        "a long realm",
        world.url(&format!("/realms/{}/protocol/openid-connect/auth", "r".repeat(20_000))),
        ("x-x", "1".to_owned()),
    );
    all.extend(at_token);
    all
}

#[tokio::test]
async fn attack_57_too_much_of_everything_cve_2026_4634() {
    let (world, site) = World::with_alice().await;
    let key = KeyPair::rsa();
    let jwks = json!({"keys": [key.jwk("k")]}).to_string();
    let keys =
        json!({"attributes": {"use.jwks.string": "true", "jwks.string": jwks, "pkce.code.challenge.method": "S256"}});
    world.app("app", keys).await;
    assertions::signing(&world, "signing", &key).await;
    // wrong passwords are another matter
    world.admin.put(&format!("/realms/{REALM}"), json!({"bruteForceProtected": false})).await.expect(204);
    let attacks = attacks(&world, &site, &key);
    let mut findings = Findings::default();
    for (name, attack) in &attacks {
        let answer = attack().send().await;
        let (status, failed) = match answer {
            Ok(answer) => (answer.status().as_u16(), String::new()),
            // refused while the body was still being sent
            Err(error) => (413, format!("{error:?}")),
        };
        // what is no token is told so, or is revoked already (RFC 7662 section 2.2, RFC 7009 section 2.2)
        let told_inactive =
            status == 200 && ["introspection", "token/introspect", "revoke"].iter().any(|part| name.contains(part));
        // the login form may come again, with an error in it, and the application may be told
        let again = [200, 302].contains(&status) && (name.contains("user code") || name.contains("letters of "));
        findings.check((400..500).contains(&status) || told_inactive || again, || format!("{name}: {status} {failed}"));
    }
    findings.none(150);
    // another round makes nothing grow
    let before = memory("self");
    for (_, attack) in attacks.iter().chain(&attacks) {
        let _ = attack().send().await;
    }
    let after = memory("self");
    assert!(after.saturating_sub(before) < MOST_GROWTH, "{before} → {after} bytes");
    // and it still works
    let browser = Browser::default();
    let challenge = super::stage::challenge(VERIFIER);
    let app = super::stage::App { id: String::new(), client_id: "app".to_owned(), secret: None };
    let query = [("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];
    assert!(!site.code(&browser, &app, &query).await.is_empty());
}

/// A request of each kind whose text nobody has sent before.
fn distinct(site: &Site, number: usize) -> Vec<RequestBuilder> {
    let text = format!("{:x}-{number}", rand::random::<u64>());
    let realm = Site { realm: text.clone(), ..site.clone() };
    let client = [("client_id", text.as_str()), ("redirect_uri", "https://app.example/cb"), ("response_type", "code")];
    let locale = [("client_id", "app"), ("ui_locales", &text), ("error_description", &text), ("kc_locale", &text)];
    vec![
        site.http.get(realm.protocol("auth")).query(&client),
        site.http.get(site.protocol("auth")).query(&client),
        site.http.get(site.protocol("auth")).query(&locale).header("accept-language", &text),
        site.http
            .get(site.url("/login-actions/authenticate"))
            .query(&[("error", &text)])
            .header("host", format!("{text}.example")),
        site.http.post(site.protocol("token")).form(&[("grant_type", &text), ("client_id", &text)]),
        site.http.get(format!("{}/{text}/{text}", site.node)).header("user-agent", &text),
        site.http
            .request(reqwest::Method::from_bytes(format!("X{number}").as_bytes()).unwrap(), site.protocol("token")),
        site.http.get(site.protocol("userinfo")).bearer_auth(&text),
    ]
}

async fn flood(site: &Site, from: usize, to: usize) {
    let requests = (from..to).flat_map(|number| distinct(site, number));
    stream::iter(requests).for_each_concurrent(8, |request| async { drop(send(request).await) }).await;
}

/// The series that are there.
async fn series(program: &Program) -> Vec<String> {
    let url = format!("{}/metrics", program.management_url());
    let text = Answer::to(tests::answer::http().get(url)).await.expect(200).text();
    let name = |line: &str| line.rsplit_once(' ').map(|(name, _)| name.to_owned());
    text.lines().filter(|line| !line.starts_with('#')).filter_map(name).collect()
}

#[tokio::test]
async fn attack_58_distinct_texts_without_end_cve_2026_79651() {
    let program = Program::start(Setup::default()).await;
    let admin = program.admin().await;
    admin.create_realm(REALM).await;
    let _ = admin.post(&format!("/realms/{REALM}/clients"), Some(application("app", json!({})))).await.made();
    let site = Site::new(&program.url(), REALM);
    flood(&site, 0, 150).await;
    let (before, memory_before) = (series(&program).await, memory(&program.id().to_string()));
    flood(&site, 150, 450).await;
    let (after, memory_after) = (series(&program).await, memory(&program.id().to_string()));
    let new: Vec<_> = after.iter().filter(|name| !before.contains(name)).collect();
    assert!(new.is_empty(), "new series: {new:?}");
    assert!(before.len() < 1_000, "{} series", before.len());
    assert!(memory_after.saturating_sub(memory_before) < MOST_GROWTH, "{memory_before} → {memory_after} bytes");
    let labels: Map<String, Value> = after.iter().map(|name| (name.clone(), Value::Null)).collect();
    assert!(labels.keys().any(|name| name.contains("route=\"/realms/{realm}/protocol/openid-connect/token\"")));
}
