//! Parts of realms that are imported into a realm which is there, and exported from it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::http::support::{Api, Reply, World, field, r, send};

async fn export(api: &Api, query: &str) -> Reply {
    send(api.request(Method::POST, &r(&format!("/partial-export{query}")))).await
}

/// Something of each kind.
fn things(policy: &str) -> Value {
    json!({
        "ifResourceExists": policy,
        "clients": [{"clientId": "app", "secret": "client secret", "serviceAccountsEnabled": true, "id": "c-given"}],
        "roles": {"realm": [{"name": "worker"}, {"name": "boss", "composites": {"realm": ["worker"]}}],
                  "client": {"app": [{"name": "reader"}]}},
        "groups": [{"name": "staff", "realmRoles": ["worker"], "subGroups": [{"name": "night"}]}],
        "users": [{"username": "ann", "enabled": true, "groups": ["/staff/night"], "realmRoles": ["boss"],
                   "clientRoles": {"app": ["reader"]}, "credentials": [{"type": "password", "value": "ann's password"}]}],
    })
}

fn counts(results: &Value) -> [i64; 3] {
    ["added", "skipped", "overwritten"].map(|name| results[name].as_i64().unwrap())
}

#[tokio::test]
async fn what_is_there_stops_it_or_stays_or_is_made_anew() {
    let world = World::start().await;
    let api = &world.admin;
    api.put(&r("/events/config"), json!({"adminEventsEnabled": true, "adminEventsDetailsEnabled": true}))
        .await
        .expect(204);
    let first = api.post(&r("/partialImport"), things("FAIL")).await.expect(200);
    assert!(!first.text().contains("client secret") && !first.text().contains("ann's password"), "{}", first.text());
    let first = first.json();
    assert_eq!(counts(&first), [6, 0, 0], "{first:#}");
    let seen: Vec<_> = first["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| ["action", "resourceType", "resourceName"].map(|name| one[name].as_str().unwrap().to_owned()))
        .collect();
    let expected = [
        ["ADDED", "CLIENT", "app"],
        ["ADDED", "REALM_ROLE", "worker"],
        ["ADDED", "REALM_ROLE", "boss"],
        ["ADDED", "CLIENT_ROLE", "reader"],
        ["ADDED", "GROUP", "staff"],
        ["ADDED", "USER", "ann"],
    ];
    assert_eq!(seen, expected.map(|one| one.map(str::to_owned)));
    let client = first["results"][0]["id"].as_str().unwrap();
    assert_eq!(client, world.client_id("acme", "app").await);
    assert_ne!(client, "c-given", "ids are drawn anew");
    let token = world.password_grant("acme", "ann", "ann's password").await.claims();
    assert_eq!(token["typ"], "Bearer");
    // One event for each.
    let events = api.read(&r("/admin-events?operationTypes=CREATE")).await;
    let mut types = field(&events, "resourceType");
    types.sort_unstable();
    assert_eq!(types, ["CLIENT", "CLIENT_ROLE", "GROUP", "REALM_ROLE", "REALM_ROLE", "USER"]);
    assert!(!events.to_string().contains("client secret"));

    // It stops at the first thing that is there, and nothing was done.
    let mut again = things("FAIL");
    again["roles"]["realm"].as_array_mut().unwrap().insert(0, json!({"name": "new"}));
    let texts = [
        ("clients", "Client id 'app' already exists"),
        ("roles", "Realm role 'worker' already exists."),
        ("groups", "Group '/staff' already exists"),
        ("users", "User with user name ann already exists."),
    ];
    for (part, text) in texts {
        api.post(&r("/partialImport"), again.clone()).await.error_message(409, text);
        again.as_object_mut().unwrap().remove(part);
    }
    api.get(&r("/roles/new")).await.expect(404);

    // Or they stay, but for what is new.
    let mut skipped = things("SKIP");
    skipped["users"].as_array_mut().unwrap().push(json!({"username": "bob", "enabled": true}));
    skipped["users"][0]["credentials"][0]["value"] = json!("not this one");
    let results = api.post(&r("/partialImport"), skipped).await.expect(200).json();
    assert_eq!(counts(&results), [1, 6, 0], "{results:#}");
    world.password_grant("acme", "ann", "ann's password").await.expect(200);

    // Or they are made anew.
    let ann = first["results"][5]["id"].as_str().unwrap();
    let mut anew = things("OVERWRITE");
    anew["users"][0]["credentials"][0]["value"] = json!("another password");
    let results = api.post(&r("/partialImport"), anew).await.expect(200).json();
    // The client's role went with the client, so it is a new one.
    assert_eq!(counts(&results), [1, 0, 5], "{results:#}");
    assert_ne!(results["results"][5]["id"].as_str().unwrap(), ann);
    world.password_grant("acme", "ann", "ann's password").await.expect(401);
    world.password_grant("acme", "ann", "another password").await.expect(200);
}

#[tokio::test]
async fn what_cannot_be_taken_over_is_skipped_and_named() {
    let world = World::start().await;
    let api = &world.admin;
    let given = json!({
        "ifResourceExists": "OVERWRITE",
        "clients": [{"clientId": "sp", "protocol": "saml"}, {"clientId": "account", "enabled": false}],
        "roles": {"realm": [{"name": "default-roles-acme"}], "client": {"realm-management": [{"name": "manage-users"}]}},
        "identityProviders": [{"alias": "github", "providerId": "github", "config": {"clientSecret": "hush"}}],
    });
    let results = api.post(&r("/partialImport"), given).await.expect(200).json();
    assert_eq!(counts(&results), [1, 3, 0], "{results:#}");
    let noted = field(&results["notTakenOver"], "path");
    for path in ["clients[sp]", "clients[account]", "roles.realm[default-roles-acme]"] {
        assert!(noted.contains(&path), "{path}: {noted:?}");
    }
    let account = world.client_id("acme", "account").await;
    assert_eq!(api.read(&r(&format!("/clients/{account}"))).await["enabled"], true);
    for bad in [json!({"ifResourceExists": "MAYBE"}), json!({"users": [{"username": "x", "bad": 1}]})] {
        api.post(&r("/partialImport"), bad).await.expect(400);
    }
    let twice = json!({"users": [{"username": "x"}, {"username": "X"}]});
    api.post(&r("/partialImport"), twice).await.expect(409);
}

#[tokio::test]
async fn nobody_gets_more_by_an_import_than_one_by_one() {
    let world = World::start().await;
    let manager = world.user("manager", "pw").await;
    world.grant_admin("acme", &manager, "manage-realm").await;
    world.grant_admin("acme", &manager, "manage-users").await;
    let boss = world.user("boss", "pw").await;
    world.grant_admin("acme", &boss, "realm-admin").await;
    let robot =
        world.admin.post(&r("/clients"), json!({"clientId": "robot", "serviceAccountsEnabled": true})).await.created();
    let account = world.admin.read(&r(&format!("/clients/{robot}/service-account-user"))).await;
    world.grant_admin("acme", account["id"].as_str().unwrap(), "manage-clients").await;
    let api = world.api("acme", "manager", "pw").await;
    let import = async |things: Value| api.post(&r("/partialImport"), things).await.status;
    // Roles that bring more, handed to a user, to a group, into a role; a user and a client who have more, made anew.
    let more = json!({"realm-management": ["realm-admin"]});
    for things in [
        json!({"users": [{"username": "mine", "enabled": true, "clientRoles": more}]}),
        json!({"groups": [{"name": "mine", "clientRoles": more}]}),
        json!({"groups": [{"name": "mine", "subGroups": [{"name": "inner", "clientRoles": more}]}]}),
        json!({"roles": {"realm": [{"name": "mine", "composites": {"client": more}}]}}),
        json!({"ifResourceExists": "OVERWRITE", "users": [{"username": "boss", "credentials": [{"value": "mine"}]}]}),
        json!({"ifResourceExists": "OVERWRITE", "users": [{"username": "service-account-robot"}]}),
        // Clients are another permission.
        json!({"clients": [{"clientId": "mine"}]}),
        json!({"roles": {"client": {"robot": [{"name": "mine"}]}}}),
    ] {
        assert_eq!(import(things.clone()).await, 403, "{things}");
    }
    assert_eq!(
        import(json!({"users": [{"username": "plain", "clientRoles": {"realm-management": ["manage-users"]}}]})).await,
        200
    );
    world.api("acme", "boss", "pw").await.get(&r("/users")).await.expect(200);
    // Without manage-realm there is no import at all, and an export shows what may be read.
    let other = world.user("other", "pw").await;
    world.grant_admin("acme", &other, "manage-users").await;
    let other = world.api("acme", "other", "pw").await;
    other.post(&r("/partialImport"), json!({"users": [{"username": "x"}]})).await.expect(403);
    export(&other, "").await.expect(403);
    export(&api, "?exportClients=true").await.expect(403);
    let exported = export(&api, "?exportGroupsAndRoles=true").await.expect(200).json();
    assert!(exported["groups"].is_array() && exported["roles"]["realm"].is_array());
    assert!(exported.get("clients").is_none() && exported.get("clientScopes").is_none(), "they may not be read");
    assert!(exported["roles"].get("client").is_none());
}

#[tokio::test]
async fn a_partial_export_makes_the_realm_again() {
    let world = World::start().await;
    let api = &world.admin;
    api.post(&r("/partialImport"), things("FAIL")).await.expect(200);
    let whole = export(api, "?exportClients=true&exportGroupsAndRoles=true").await.expect(200).json();
    assert_eq!(whole["realm"], "acme");
    assert!(whole["keycloakVersion"].as_str().unwrap().starts_with("26."));
    let app = whole["clients"].as_array().unwrap().iter().find(|one| one["clientId"] == "app").unwrap();
    assert_eq!(app["secret"], "**********");
    assert_eq!(field(&whole["users"], "username"), ["service-account-app"], "the accounts of clients come with them");
    let bare = export(api, "").await.expect(200).json();
    for name in ["clients", "groups", "roles", "users"] {
        assert!(bare.get(name).is_none(), "{name}");
    }
    assert!(bare["clientScopes"].is_array() && bare["components"].is_object());
    api.delete(&r("")).await.expect(204);
    api.post("/realms", whole.clone()).await.expect(201);
    let again = export(api, "?exportClients=true&exportGroupsAndRoles=true").await.expect(200).json();
    assert_eq!(again, whole);
}
