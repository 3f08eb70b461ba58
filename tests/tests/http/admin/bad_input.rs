//! Bad input of every kind: refused as JSON, never 500.

use reqwest::Method;
use rest_admin::routes::Declared;
use serde_json::{Value, json};

use super::paths::{filled, method};
use crate::http::support::{Reply, World, r, send};

/// Bodies that no route can read, and those that are dear to send. All routes read bodies in the same way, so these meet
/// one route in twenty.
fn unreadable() -> Vec<(&'static str, Vec<u8>)> {
    let many: Vec<_> = (0..20_000).map(|n| format!("\"k{n}\":\"v\"")).collect();
    vec![
        ("nothing", Vec::new()),
        ("space", b" ".to_vec()),
        ("half an object", b"{\"a\":".to_vec()),
        ("no JSON", b"<a/>".to_vec()),
        ("half a surrogate", b"{\"name\":\"\\ud800\"}".to_vec()),
        ("no UTF-8", b"{\"name\":\"\xff\"}".to_vec()),
        ("NUL itself", b"{\"name\":\"a\0b\"}".to_vec()),
        ("deep", [vec![b'['; 100_000], vec![b']'; 100_000]].concat()),
        ("a deep object", [b"{\"attributes\":".repeat(5_000), b"1".to_vec(), vec![b'}'; 5_000]].concat()),
        ("a long name", json!({"name": "x".repeat(500_000)}).to_string().into_bytes()),
        ("more than is read", json!({"name": "x".repeat(1_200_000)}).to_string().into_bytes()),
        ("many members", format!("{{\"attributes\":{{{}}}}}", many.join(",")).into_bytes()),
    ]
}

/// Bodies that are JSON, and no representation of anything or of something odd.
const ODD: [(&str, &str); 17] = [
    ("null", "null"),
    ("a number", "1"),
    ("a text", "\"x\""),
    ("true", "true"),
    ("an empty list", "[]"),
    ("an empty object", "{}"),
    ("a list of numbers", "[1,2]"),
    ("a list of null", "[null]"),
    ("an object of a list", "{\"name\":[1]}"),
    ("an unknown member", "{\"noSuchMember\":1}"),
    ("NUL", "{\"name\":\"a\\u0000b\"}"),
    ("a member twice", "{\"name\":\"a\",\"name\":\"b\"}"),
    ("names", "{\"name\":\"x\",\"username\":\"x\",\"clientId\":\"x\",\"realm\":\"x\"}"),
    ("a huge number", "{\"accessTokenLifespan\":1e999,\"priority\":99999999999999999999}"),
    ("ids that are none", "[{\"id\":\"\\n\",\"name\":\"\"}]"),
    ("a list of empty objects", "[{}]"),
    ("an id with NUL", "{\"id\":\"\\u0000\",\"name\":\"x\"}"),
];

/// A refusal in one of Keycloak's three forms, or an answer.
fn problem_with(reply: &Reply) -> Option<String> {
    let shown = || Some(format!("{}: {} {:.200}", reply.request, reply.status, reply.text()));
    // Keycloak's answers where a feature is off, and where no mail could be sent.
    let off = reply.status == 501 && reply.json()["error"].is_string();
    let no_mail = reply.status == 500 && reply.request.ends_with("/testSMTPConnection");
    if off || no_mail && reply.json()["errorMessage"].is_string() {
        return None;
    }
    if reply.status >= 500 {
        return shown();
    }
    if reply.status < 400 {
        return None;
    }
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let is_known = body["error"].is_string() || body["errorMessage"].is_string() || body["errors"].is_array();
    if is_known && !reply.text().contains("<script>") { None } else { shown() }
}

#[tokio::test]
async fn any_body_at_any_route_is_answered_in_json() {
    let (world, _) = World::with_registry().await;
    world.group("/team").await;
    world
        .admin
        .post(&r("/identity-provider/instances"), json!({"alias": "corp", "providerId": "oidc"}))
        .await
        .expect(201);
    let mut problems = Vec::new();
    let unreadable = unreadable();
    let odd = ODD.map(|(name, body)| (name, body.as_bytes().to_vec()));
    let changing = |declared: &Declared| {
        declared.method != "GET" && !(declared.method == "DELETE" && declared.path == "/realms/{realm}")
    };
    for (index, declared) in rest_admin::declared().into_iter().filter(changing).enumerate() {
        let mut path = None;
        // Each route meets every second of the odd ones, and each of these every second route.
        let odd = odd.iter().skip(index % 2).step_by(2);
        for (_, body) in odd.chain(unreadable.iter().filter(|_| index % 20 == 0)) {
            let at = match &path {
                Some(path) => path,
                None => {
                    // Some of these requests do what they say: what they took away is made anew.
                    if world.admin.read(&r("/users?username=victim")).await == json!([]) {
                        world.user("victim", "pw").await;
                    }
                    if world.admin.get(&r("/roles/offline_access")).await.status == 404 {
                        world.role("offline_access").await;
                    }
                    if world.admin.read(&r("/clients?clientId=registry")).await == json!([]) {
                        world.registry("registry", json!({})).await;
                    }
                    path.insert(filled(&world, &declared).await)
                }
            };
            let request = world.admin.request(method(&declared), at).header("content-type", "application/json");
            let reply = send(request.body(body.clone())).await;
            if reply.status < 400 {
                path = None;
            }
            problems.extend(problem_with(&reply));
        }
    }
    assert!(problems.is_empty(), "{}:\n{}", problems.len(), problems.join("\n"));
}

#[tokio::test]
async fn any_name_in_any_path_is_answered_in_json() {
    let (world, _) = World::with_registry().await;
    let long = "x".repeat(6_000);
    let names = [
        "%00",
        "a%00b",
        "%ff",
        "%2e%2e",
        "%2F",
        "..%2F..",
        "%20",
        "%0d%0a",
        "%27%20or%20%271",
        "%25",
        "%F0%9F%90%B3",
        "%3Cscript%3E",
        "-1",
        "null",
        ";x",
        "~",
        "%22",
        "%E2%80%AE",
        "%5C",
        &long,
    ];
    let mut problems = Vec::new();
    for (index, declared) in rest_admin::declared().into_iter().enumerate() {
        if !declared.path.contains('{') {
            continue;
        }
        // Each name meets every second route, and each route every second name.
        for name in names.iter().skip(index % 2).step_by(2) {
            // The realm's own name stays in one of the two; realms are looked up alike at every route.
            for keep_realm in if index % 10 == 0 { &[true, false][..] } else { &[true] } {
                let keep_realm = *keep_realm;
                let mut path =
                    if keep_realm { declared.path.replace("{realm}", "acme") } else { declared.path.clone() };
                if keep_realm && !path.contains('{') {
                    continue;
                }
                while let Some((before, rest)) = path.split_once('{') {
                    path = format!("{before}{name}{}", rest.split_once('}').unwrap().1);
                }
                // Clients go up for two dots, and may so leave the Admin API.
                if !url::Url::parse(&format!("http://host/admin{path}")).unwrap().path().starts_with("/admin/") {
                    continue;
                }
                let request = world.admin.request(method(&declared), &path).header("content-type", "application/json");
                let reply = send(request.body("{}")).await;
                if declared.method == "GET" || reply.status >= 400 {
                    problems.extend(problem_with(&reply));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}:\n{}", problems.len(), problems.join("\n"));
}

#[tokio::test]
async fn any_query_at_any_list_is_answered_in_json() {
    let (world, registry) = World::with_registry().await;
    world.user("alice", "pw").await;
    let values = [
        "",
        "-1",
        "0",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "99999999999999999999",
        "1.5",
        "x",
        "%00",
        "a%00b",
        "true",
        "false",
        "TRUE",
        "%25",
        "_",
        "%5C",
        "%27",
        "*",
        "%22",
        "id:",
        "id:%00",
        ":",
        "a:b",
        "a:",
        "%22a",
        "%ff",
        "2024-01-01",
        "0000-00-00",
        "99999-12-31",
        "-1000000000000000000",
    ];
    let names = [
        "first",
        "max",
        "search",
        "q",
        "username",
        "email",
        "firstName",
        "lastName",
        "exact",
        "enabled",
        "emailVerified",
        "briefRepresentation",
        "clientId",
        "type",
        "client",
        "user",
        "dateFrom",
        "dateTo",
        "ipAddress",
        "id",
        "top",
        "populateHierarchy",
        "operationTypes",
        "resourceTypes",
        "resourcePath",
        "authRealm",
        "createdAfter",
        "name",
        "parent",
        "providerId",
        "isOffline",
        "repository",
        "action",
        "idpAlias",
        "direction",
        "subGroupsCount",
    ];
    let mut problems = Vec::new();
    for (index, declared) in rest_admin::declared().into_iter().filter(|one| one.method == "GET").enumerate() {
        let path = declared.path.replace("{client}", &registry);
        let path = if path.contains("{realm}") && path.matches('{').count() > 1 {
            filled(&world, &declared).await
        } else {
            path.replace("{realm}", "acme")
        };
        // Every second value in all places at once, and one of two values in every second place alone.
        for value in values.iter().skip(index % 2).step_by(2) {
            let query: Vec<_> = names.iter().map(|name| format!("{name}={value}")).collect();
            problems.extend(problem_with(&world.admin.get(&format!("{path}?{}", query.join("&"))).await));
        }
        for (number, name) in names.iter().enumerate().skip(index % 2).step_by(2) {
            let value = if (index / 2 + number / 2) % 2 == 0 { "%00" } else { "9223372036854775807" };
            problems.extend(problem_with(&world.admin.get(&format!("{path}?{name}={value}")).await));
        }
        for query in
            ["first=9223372036854775807&max=9223372036854775807", "first=1&first=2", "&&&", "=", "%", "first", "a[]=1"]
        {
            problems.extend(problem_with(&world.admin.get(&format!("{path}?{query}")).await));
        }
    }
    assert!(problems.is_empty(), "{}:\n{}", problems.len(), problems.join("\n"));
}

#[tokio::test]
async fn json_is_read_strictly_and_refused_with_keycloaks_words() {
    let (world, registry) = World::with_registry().await;
    let api = &world.admin;
    let client = r(&format!("/clients/{registry}"));
    for (path, name) in [
        ("/realms".to_owned(), "RealmRepresentation"),
        (r("/users"), "UserRepresentation"),
        (r("/clients"), "ClientRepresentation"),
        (r("/roles"), "RoleRepresentation"),
        (r("/groups"), "GroupRepresentation"),
        (r("/client-scopes"), "ClientScopeRepresentation"),
        (r("/components"), "ComponentRepresentation"),
        (format!("{client}/protocol-mappers/models"), "ProtocolMapperRepresentation"),
    ] {
        let reply = api.post(&path, json!({"noSuchMember": 1})).await.expect(400);
        let text = reply.json()["error"].as_str().unwrap().to_owned();
        let begin =
            format!("Invalid json representation for {name}. Unrecognized field \"noSuchMember\" at line 1 column ");
        assert!(text.starts_with(&begin), "{text}");
        let wrong = json!({"error": "unknown_error", "error_description": "Cannot parse the JSON"});
        assert_eq!(api.post(&path, json!([1])).await.expect(400).json(), wrong, "{path}");
        let request = api.request(Method::POST, &path).header("content-type", "application/json").body("{");
        assert_eq!(send(request).await.expect(400).json()["error"], "invalid_request", "{path}");
    }
    let roles = r("/roles/offline_access/composites");
    assert_eq!(api.post(&roles, json!(["x"])).await.expect(400).json()["error"], "unknown_error");
    // whatever browsers say that they accept
    let request = api.request(Method::GET, &r("/users/nothing")).header("accept", "text/html");
    let reply = send(request).await.expect(404);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    // other methods and other paths
    for (method, path, status) in [
        (Method::PATCH, r("/users"), 405),
        (Method::PUT, r("/users"), 405),
        (Method::GET, r("/nothing"), 404),
        (Method::GET, "/nothing".to_owned(), 404),
        (Method::POST, "/serverinfo".to_owned(), 405),
    ] {
        let reply = send(api.request(method.clone(), &path)).await;
        assert_eq!(reply.status, status, "{method} {path}: {}", reply.text());
        assert!(reply.json()["error"].is_string(), "{method} {path}: {}", reply.text());
    }
    // a slash at the end does no harm
    api.get(&r("/users/")).await.expect(200);
}
