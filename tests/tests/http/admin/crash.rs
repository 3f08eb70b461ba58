//! The real program ends in the middle of a stream of changes, as in a power failure: what was answered is there, with its
//! admin event; what was not is there as a whole, or not at all.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use reqwest::{Client, Method};
use serde_json::{Value, json};
use tests::{Program, answer::Answer, poll::until, program::Setup};

use crate::http::support::{REALM, field, r};

/// How many changes are answered before the end.
const ENOUGH: usize = 60;

/// Things that were made: the path of each, as admin events have it.
type Made = Vec<String>;

/// Makes things of one kind until the server is gone.
async fn make(
    url: String,
    token: String,
    kind: &'static str,
    body: Value,
    name: &'static str,
    count: Arc<AtomicUsize>,
) -> Made {
    let http: Client = tests::answer::http();
    let mut made = Made::new();
    for number in 0_u32.. {
        let mut body = body.clone();
        body[name] = json!(format!("{kind}-{number}"));
        let request = http.request(Method::POST, format!("{url}/admin{}", r(&format!("/{kind}"))));
        let Ok(answer) = Answer::try_to(request.bearer_auth(&token).json(&body)).await else { break };
        assert_eq!(answer.status, 201, "{kind}: {}", answer.text());
        let location = answer.header("location").unwrap();
        made.push(location.rsplit_once(&r("/")).unwrap().1.to_owned());
        count.fetch_add(1, Ordering::Relaxed);
    }
    made
}

#[tokio::test]
async fn what_was_answered_before_a_crash_is_there_and_nothing_is_half_there() {
    let mut program = Program::start(Setup::default()).await;
    let admin = program.admin().await;
    admin.create_realm(REALM).await;
    let policy = json!({"passwordPolicy": "hashAlgorithm(pbkdf2-sha512) and hashIterations(1000)"});
    let _ = admin.put(&r(""), Some(policy)).await.expect(204);
    for part in ["one", "two"] {
        admin.create_role(REALM, part).await;
    }
    let group = admin.create_group(REALM, "/team").await;
    let user = json!({"enabled": true, "groups": ["/team"], "credentials": [{"type": "password", "value": "pw"}]});
    let mapper = json!({"name": "m", "protocol": "openid-connect", "protocolMapper": "oidc-hardcoded-claim-mapper",
        "config": {"claim.name": "c", "claim.value": "v", "jsonType.label": "String"}});
    let kinds = [
        ("users", user, "username"),
        ("roles", json!({"composites": {"realm": ["one", "two"]}}), "name"),
        ("clients", json!({"serviceAccountsEnabled": true, "protocolMappers": [mapper.clone()]}), "clientId"),
        ("client-scopes", json!({"protocol": "openid-connect", "protocolMappers": [mapper]}), "name"),
        ("groups", json!({"attributes": {"k": ["v"]}}), "name"),
    ];
    let count = Arc::new(AtomicUsize::new(0));
    let mut streams = Vec::new();
    for (kind, body, name) in kinds {
        let (url, token) = (program.url(), admin.token().await);
        streams.push(tokio::spawn(make(url, token, kind, body, name, Arc::clone(&count))));
    }
    until("changes that were answered", 30, async || (count.load(Ordering::Relaxed) >= ENOUGH).then_some(())).await;
    program.kill9();
    let mut answered = Made::new();
    for stream in streams {
        answered.extend(stream.await.unwrap());
    }
    program.restart().await;

    let admin = program.admin().await;
    let read = |path: String| {
        let admin = &admin;
        async move { admin.get(&r(&path)).await.expect(200).json() }
    };
    let events = read("/admin-events?max=100000&operationTypes=CREATE".to_owned()).await;
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for path in field(&events, "resourcePath") {
        *told.entry(path.to_owned()).or_default() += 1;
    }
    let mut there = Vec::new();
    for (kind, key) in
        [("users", "id"), ("roles", "name"), ("clients", "id"), ("client-scopes", "id"), ("groups", "id")]
    {
        let listed = read(format!("/{kind}?max=100000")).await;
        for thing in listed.as_array().unwrap() {
            let name = ["username", "clientId", "name"].iter().find_map(|name| thing[name].as_str()).unwrap();
            if name.starts_with(&format!("{kind}-")) {
                there.push((
                    kind,
                    format!("{kind}/{}", thing[key].as_str().unwrap()),
                    thing[key].as_str().unwrap().to_owned(),
                ));
            }
        }
    }
    for path in &answered {
        assert!(there.iter().any(|(_, found, _)| found == path), "{path} was answered and is gone");
    }
    assert!(there.len() >= ENOUGH);
    for (kind, path, id) in &there {
        assert_eq!(told.remove(path), Some(1), "the event of {path}");
        match *kind {
            "users" => {
                assert_eq!(read(format!("/{path}/credentials")).await.as_array().unwrap().len(), 1, "{path}");
                assert_eq!(field(&read(format!("/{path}/groups")).await, "id"), [group.as_str()], "{path}");
                let roles = read(format!("/{path}/role-mappings/realm")).await;
                assert_eq!(field(&roles, "name"), [format!("default-roles-{REALM}")], "{path}");
            }
            "roles" => {
                let mut parts = read(format!("/{path}/composites")).await;
                parts.as_array_mut().unwrap().sort_by_key(|part| part["name"].to_string());
                assert_eq!(field(&parts, "name"), ["one", "two"], "{path}");
            }
            "clients" => {
                let client = read(format!("/{path}")).await;
                assert_eq!(client["protocolMappers"].as_array().unwrap().len(), 1, "{path}");
                assert!(client["defaultClientScopes"].as_array().unwrap().iter().any(|scope| scope == "profile"));
                read(format!("/clients/{id}/service-account-user")).await;
            }
            "client-scopes" => {
                assert_eq!(read(format!("/{path}")).await["protocolMappers"].as_array().unwrap().len(), 1, "{path}");
            }
            _ => assert_eq!(read(format!("/{path}")).await["attributes"]["k"], json!(["v"]), "{path}"),
        }
    }
    // what is left are the events of what was made before
    let before = [String::new(), "roles/one".to_owned(), "roles/two".to_owned(), format!("groups/{group}")];
    told.retain(|path, _| !before.contains(path));
    assert_eq!(told, BTreeMap::new(), "events of what is not there");
}
