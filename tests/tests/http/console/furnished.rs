//! A realm that holds one of everything, under names that a test chooses.

use serde_json::json;

use crate::http::support::{GROUP_MAPPER, REALM, ROLE_MAPPER, World, r};

/// A server whose realm [`REALM`] holds one of everything that the console shows. `name` makes each thing's name, and its
/// description and attributes, of a plain one.
pub async fn furnished(name: impl Fn(&str) -> String) -> World {
    let (world, registry) = World::with_registry().await;
    world.free_attributes().await;
    let description = name("description");
    let attributes = json!({name("attribute"): [name("value")]});
    world
        .admin
        .put(
            &r(""),
            json!({
                "displayName": name("realm"), "eventsEnabled": true, "adminEventsEnabled": true,
                "adminEventsDetailsEnabled": true, "internationalizationEnabled": true, "supportedLocales": ["en", "de"],
            }),
        )
        .await
        .expect(204);
    let role = name("role");
    world
        .admin
        .post(&r("/roles"), json!({"name": role, "description": description, "attributes": attributes}))
        .await
        .expect(201);
    let role_json = world.admin.read(&r(&format!("/roles?search={}", web::percent_encoded(&role)))).await[0].clone();
    let composite = json!({"name": name("composite"), "composite": true, "composites": {"realm": [role]}});
    world.admin.post(&r("/roles"), composite).await.expect(201);
    let group = world
        .admin
        .post(&r("/groups"), json!({"name": name("group").replace('/', "-"), "attributes": attributes}))
        .await
        .created();
    let below = json!({"name": name("subgroup").replace('/', "-")});
    world.admin.post(&r(&format!("/groups/{group}/children")), below).await.expect(201);
    let user = world
        .admin
        .post(
            &r("/users"),
            json!({
                "username": "jane", "enabled": true, "firstName": "Jane", "lastName": "Doe", "attributes": attributes,
                "credentials": [{"type": "password", "value": "pw", "temporary": false, "userLabel": name("label")}],
            }),
        )
        .await
        .created();
    let path = r(&format!("/users/{user}/role-mappings/realm"));
    world.admin.post(&path, json!([role_json])).await.expect(204);
    world.join(&user, &group).await;
    let mapper = json!({"role": role, "repositories": "team/**", "actions": "pull,push"});
    world.mapper(&registry, &name("rule"), ROLE_MAPPER, mapper).await;
    let path = format!("/{}", name("group").replace('/', "-"));
    let mapper = json!({"group": path, "repositories": "group/*", "actions": "pull", "effect": "deny"});
    world.mapper(&registry, &name("exception"), GROUP_MAPPER, mapper).await;
    let client = json!({
        "clientId": "application", "name": name("client"), "description": description, "enabled": true,
        "serviceAccountsEnabled": true, "standardFlowEnabled": true, "redirectUris": ["https://app.example.org/callback"],
        "secret": "a secret of the application", "attributes": {"login_theme": name("theme")},
    });
    let client = world.admin.post(&r("/clients"), client).await.created();
    let client_role = json!({"name": name("client role"), "description": description});
    world.admin.post(&r(&format!("/clients/{client}/roles")), client_role).await.expect(201);
    let mapper = json!({
        "name": name("mapper"), "protocol": "openid-connect", "protocolMapper": "oidc-hardcoded-claim-mapper",
        "config": {"claim.name": "claim", "claim.value": name("claim"), "jsonType.label": "String", "id.token.claim": "true"},
    });
    world.admin.post(&r(&format!("/clients/{client}/protocol-mappers/models")), mapper).await.expect(201);
    let scope = json!({"name": "a-scope", "protocol": "openid-connect", "description": description});
    world.admin.post(&r("/client-scopes"), scope).await.expect(201);
    let provider = json!({
        "alias": "corp", "displayName": name("provider"), "providerId": "oidc",
        "config": {"clientId": name("id"), "authorizationUrl": "https://corp.example.org/auth", "tokenUrl": "https://corp.example.org/token"},
    });
    world.admin.post(&r("/identity-provider/instances"), provider).await.expect(201);
    let copy = json!({"newName": "a flow"});
    world.admin.post(&r("/authentication/flows/browser/copy"), copy).await.expect(201);
    world.admin.post(&r("/localization/de"), json!({"greeting": name("text")})).await.expect(204);
    let hook = json!({"url": "https://hook.example.org/", "enabled": false, "eventsEnabled": true});
    let reply = world.admin.post(&r("/webhooks"), hook).await;
    assert!(reply.status < 300, "{} {}", reply.status, reply.text());
    // Something happened: a login, one that was refused, and a token request of which a part was refused.
    world.password_grant(REALM, "jane", "pw").await.expect(200);
    world.password_grant(REALM, "jane", "wrong").await.expect(401);
    world
        .pull_token(Some(("jane", "pw")), &["repository:team/app:pull,push", "repository:other:pull"])
        .await
        .expect(200);
    world.pull_token(Some((&name("nobody"), "pw")), &[]).await.expect(401);
    world
}
