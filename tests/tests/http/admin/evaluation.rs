//! `evaluate-scopes` of a client: what it says is what the client then gets.

use serde_json::{Value, json};
use tests::docker::claims;

use crate::http::support::{REALM, World, field, r, send};

/// Claims that differ from token to token.
const OWN: [&str; 7] = ["exp", "iat", "jti", "sid", "auth_time", "at_hash", "session_state"];

fn without_own(mut claims: Value) -> Value {
    claims.as_object_mut().unwrap().retain(|name, _| !OWN.contains(&name.as_str()));
    claims
}

/// A client with a claim and a role of its own, and somebody who has the role.
async fn scene(world: &World) -> (String, String) {
    world.free_attributes().await;
    let client = json!({
        "clientId": "shop", "secret": "secret-of-the-shop", "directAccessGrantsEnabled": true, "redirectUris": [],
        "webOrigins": ["https://shop.example"],
        "protocolMappers": [{
            "name": "shelf", "protocol": "openid-connect", "protocolMapper": "oidc-usermodel-attribute-mapper",
            "config": {"user.attribute": "shelf", "claim.name": "shelf", "jsonType.label": "String",
                "access.token.claim": "true", "id.token.claim": "true", "userinfo.token.claim": "true"},
        }],
    });
    let client = world.admin.post(&r("/clients"), client).await.created();
    world.admin.post(&r(&format!("/clients/{client}/roles")), json!({"name": "seller"})).await.expect(201);
    let user = json!({
        "username": "alice", "enabled": true, "email": "alice@example.org", "firstName": "Alice", "lastName": "A",
        "attributes": {"shelf": ["7"], "phoneNumber": ["5"]},
        "credentials": [{"type": "password", "value": "pw", "temporary": false}],
    });
    let user = world.admin.post(&r("/users"), user).await.created();
    let role = world.admin.read(&r(&format!("/clients/{client}/roles/seller"))).await;
    world.admin.post(&r(&format!("/users/{user}/role-mappings/clients/{client}")), json!([role])).await.expect(204);
    (client, user)
}

#[tokio::test]
async fn examples_hold_what_tokens_hold() {
    let world = World::start().await;
    let (client, user) = scene(&world).await;
    let path = r(&format!("/clients/{client}/evaluate-scopes"));
    for scope in ["openid", "openid phone address", "openid offline_access"] {
        let form = [
            ("grant_type", "password"),
            ("client_id", "shop"),
            ("client_secret", "secret-of-the-shop"),
            ("username", "alice"),
            ("password", "pw"),
            ("scope", scope),
        ];
        let real = world.token(REALM, &form).await.expect(200).json();
        let query = format!("?userId={user}&scope={}", scope.replace(' ', "%20"));
        let example = async |what: &str| world.admin.read(&format!("{path}/generate-example-{what}{query}")).await;
        let access = claims(real["access_token"].as_str().unwrap());
        let made = example("access-token").await;
        for name in ["exp", "iat", "jti", "sid"] {
            assert!(!made[name].is_null(), "{name}");
        }
        assert_eq!(without_own(made), without_own(access.clone()), "{scope}");
        assert_eq!(access["shelf"], "7");
        let id = claims(real["id_token"].as_str().unwrap());
        assert_eq!(without_own(example("id-token").await), without_own(id), "{scope}");
        let userinfo = world.url(&format!("/realms/{REALM}/protocol/openid-connect/userinfo"));
        let told = send(world.http.get(userinfo).bearer_auth(real["access_token"].as_str().unwrap())).await;
        assert_eq!(example("userinfo").await, told.expect(200).json(), "{scope}");
    }
    // for one audience
    let query = format!("?userId={user}&scope=openid&audience=account");
    let made = world.admin.read(&format!("{path}/generate-example-access-token{query}")).await;
    assert_eq!(made["aud"], "account");
    assert!(made["resource_access"]["shop"].is_null());
    // what would be refused is refused
    for (query, status, text) in [
        (format!("?userId={user}&scope=nonsense"), 400, "Invalid scopes: nonsense"),
        (format!("?userId={user}&audience=nobody"), 400, "Requested audience not available: nobody"),
        ("?userId=nobody".to_owned(), 404, "No user found"),
        (String::new(), 404, "No userId provided"),
    ] {
        let reply = world.admin.get(&format!("{path}/generate-example-access-token{query}")).await.expect(status);
        assert!(reply.text().contains(text), "{query}: {}", reply.text());
    }
    // who may not see users sees no example of one
    let viewer = world.user("viewer", "pw").await;
    world.grant_admin(REALM, &viewer, "view-clients").await;
    let viewer = world.api(REALM, "viewer", "pw").await;
    viewer.get(&format!("{path}/generate-example-id-token?userId={user}")).await.expect(403);
    viewer.get(&format!("{path}/protocol-mappers")).await.expect(200);
}

#[tokio::test]
async fn mappers_and_roles_in_scope_are_listed() {
    let world = World::start().await;
    let (client, _) = scene(&world).await;
    let api = &world.admin;
    let path = r(&format!("/clients/{client}/evaluate-scopes"));
    let mappers = api.read(&format!("{path}/protocol-mappers?scope=openid")).await;
    assert!(mappers.as_array().unwrap().len() > 10);
    let own: Vec<_> = mappers.as_array().unwrap().iter().filter(|one| one["containerType"] == "client").collect();
    assert_eq!(own.len(), 1);
    assert_eq!((&own[0]["mapperName"], &own[0]["containerName"]), (&json!("shelf"), &json!("shop")));
    assert_eq!(
        (&own[0]["containerId"], &own[0]["protocolMapper"]),
        (&json!(client), &json!("oidc-usermodel-attribute-mapper"))
    );
    let scopes = api.read(&r("/client-scopes")).await;
    let profile = scopes.as_array().unwrap().iter().find(|scope| scope["name"] == "profile").unwrap();
    let of_profile = mappers.as_array().unwrap().iter().find(|one| one["containerName"] == "profile").unwrap();
    assert_eq!((&of_profile["containerId"], &of_profile["containerType"]), (&profile["id"], &json!("client-scope")));
    let names = |list: &Value| field(list, "containerName").contains(&"phone");
    assert!(!names(&mappers));
    assert!(names(&api.read(&format!("{path}/protocol-mappers?scope=phone")).await));
    // with full scope everything is granted
    let roles = async |container: &str, which: &str, scope: &str| {
        let found = api.read(&format!("{path}/scope-mappings/{container}/{which}?scope={scope}")).await;
        field(&found, "name").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    world.role("packer").await;
    assert!(roles(REALM, "granted", "").await.contains(&"packer".to_owned()));
    assert!(roles(REALM, "not-granted", "").await.is_empty());
    // without, what is mapped, and what is mapped to a scope that is asked for
    api.put(&r(&format!("/clients/{client}")), json!({"fullScopeAllowed": false})).await.expect(204);
    assert!(roles(REALM, "granted", "").await.is_empty());
    let packer = api.read(&r("/roles/packer")).await;
    let phone = scopes.as_array().unwrap().iter().find(|scope| scope["name"] == "phone").unwrap();
    let mapped = r(&format!("/client-scopes/{}/scope-mappings/realm", phone["id"].as_str().unwrap()));
    api.post(&mapped, json!([packer])).await.expect(204);
    assert!(roles(REALM, "granted", "").await.is_empty());
    assert_eq!(roles(REALM, "granted", "phone").await, ["packer"]);
    assert!(!roles(REALM, "not-granted", "phone").await.contains(&"packer".to_owned()));
    assert_eq!(roles(&client, "granted", "").await, ["seller"], "its own");
    let account = world.client_id(REALM, "account").await;
    assert!(roles(&account, "granted", "").await.is_empty());
    assert!(roles(&account, "not-granted", "").await.contains(&"view-profile".to_owned()));
    api.get(&format!("{path}/scope-mappings/nothing/granted")).await.error(404, "Role Container not found");
}
