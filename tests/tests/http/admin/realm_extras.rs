//! Texts, client policies, consoles' questions, and what is off.

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::json;

use crate::http::support::{World, field, r, send};

#[tokio::test]
async fn texts_are_kept_by_locale_and_key() {
    let world = World::start().await;
    let api = &world.admin;
    let path = |rest: &str| r(&format!("/localization{rest}"));
    assert_eq!(api.read(&path("")).await, json!([]));
    api.post(&path("/en"), json!({"hello": "Hello", "count": 3})).await.expect(204);
    let put = async |rest: &str, text: &'static str| {
        send(api.request(Method::PUT, &path(rest)).header("content-type", "text/plain").body(text)).await
    };
    put("/de/hello", "Grüß Gott").await.expect(204);
    put("/de/hello", "Hallo").await.expect(204);
    let form = Form::new().part("file", Part::bytes(br#"{"bye": "Servus"}"#.to_vec()).file_name("de.json"));
    send(api.request(Method::POST, &path("/de")).multipart(form)).await.expect(204);
    assert_eq!(api.read(&path("")).await, json!(["de", "en"]));
    assert_eq!(api.read(&path("/de")).await, json!({"bye": "Servus", "hello": "Hallo"}));
    let one = api.get(&path("/de/hello")).await.expect(200);
    assert!(one.header("content-type").unwrap().starts_with("text/plain"));
    assert_eq!(one.text(), "Hallo");
    assert_eq!(api.read(&path("/fr")).await, json!({}));
    api.put(&r(""), json!({"defaultLocale": "en"})).await.expect(204);
    let both = api.read(&path("/de?useRealmDefaultLocaleFallback=true")).await;
    assert_eq!(both, json!({"bye": "Servus", "count": "3", "hello": "Hallo"}));
    api.delete(&path("/de/bye")).await.expect(204);
    api.delete(&path("/de/bye")).await.error(404, "Localization text not found");
    api.get(&path("/de/bye")).await.error(404, "Localization text not found");
    api.delete(&path("/de")).await.expect(204);
    api.delete(&path("/de")).await.error(404, "No localization texts for locale de found.");
    let broken = Form::new().part("file", Part::bytes(b"[".to_vec()));
    send(api.request(Method::POST, &path("/de")).multipart(broken)).await.error(400, "Could not read file.");
}

#[tokio::test]
async fn client_policies_and_profiles_are_checked_and_kept() {
    let world = World::start().await;
    let api = &world.admin;
    let (policies, profiles) = (r("/client-policies/policies"), r("/client-policies/profiles"));
    assert_eq!(api.read(&policies).await, json!({"policies": []}));
    assert_eq!(api.read(&profiles).await, json!({"profiles": []}));
    let global = api.read(&format!("{profiles}?include-global-profiles=true")).await;
    assert!(field(&global["globalProfiles"], "name").contains(&"fapi-1-baseline"));
    let global = api.read(&format!("{policies}?include-global-policies=true")).await;
    assert_eq!(global["globalPolicies"], json!([]));
    let executor = json!({"executor": "pkce-enforcer", "configuration": {"auto-configure": true}});
    let strict = json!({"profiles": [{"name": "strict", "description": "d", "executors": [executor]}]});
    api.put(&profiles, strict.clone()).await.expect(204);
    assert_eq!(api.read(&profiles).await, strict);
    let everybody = json!({"policies": [{
        "name": "everybody", "enabled": true, "profiles": ["strict", "fapi-1-baseline"],
        "conditions": [{"condition": "any-client", "configuration": {}}],
    }]});
    api.put(&policies, everybody.clone()).await.expect(204);
    assert_eq!(api.read(&policies).await, everybody);
    let twice = json!({"profiles": [{"name": "x"}, {"name": "x"}]});
    api.put(&profiles, twice).await.error_message(400, "proposed client profile name duplicated.");
    // a profile that a policy names stays
    let text = "referring not existing client profile not allowed.";
    api.put(&profiles, json!({"profiles": []})).await.error_message(400, text);
    api.put(&r(""), json!({"clientProfiles": {"profiles": [{"name": ""}]}})).await.expect(400);
    api.put(&policies, json!({"unknown": []})).await.expect(400);
}

#[tokio::test]
async fn a_console_learns_who_asks_and_what_there_is() {
    let world = World::start().await;
    let api = &world.admin;
    api.get("/master/console/whoami").await.expect(403);
    let client = world.client_id("master", "admin-cli").await;
    let attributes = json!({"attributes": {"security.admin.console": "true"}});
    api.put(&format!("/realms/master/clients/{client}"), attributes).await.expect(204);
    let me = api.read("/master/console/whoami?currentRealm=acme").await;
    assert_eq!((&me["realm"], &me["displayName"]), (&json!("master"), &json!("admin")));
    assert_eq!((&me["createRealm"], &me["locale"]), (&json!(true), &json!("en")));
    for realm in ["master", "acme"] {
        assert!(me["realm_access"][realm].as_array().unwrap().contains(&json!("manage-users")), "{me}");
    }
    api.get("/acme/console/whoami").await.expect(403);
    assert!(api.read(&r("/credential-registrators")).await.as_array().unwrap().contains(&json!("CONFIGURE_TOTP")));
    let policies = api.read(&r("/client-registration-policy/providers")).await;
    assert!(field(&policies, "id").contains(&"trusted-hosts"), "{policies}");
    for cache in ["realm", "keys", "user", "crl"] {
        api.post(&r(&format!("/clear-{cache}-cache")), json!({})).await.expect(204);
    }
    api.get(&r("/users")).await.expect(200);
}

#[tokio::test]
async fn what_is_off_says_so() {
    let world = World::start().await;
    let api = &world.admin;
    let client = world.client_id("acme", "account").await;
    for path in [
        format!("/clients/{client}/authz/resource-server"),
        format!("/clients/{client}/authz/resource-server/policy/search"),
        format!("/clients/{client}/management/permissions"),
        "/users-management-permissions".to_owned(),
        "/client-types".to_owned(),
        "/workflows".to_owned(),
    ] {
        api.get(&r(&path)).await.error(501, "Feature not enabled");
    }
    let permissions = r("/roles/offline_access/management/permissions");
    api.put(&permissions, json!({"enabled": true})).await.error(501, "Feature not enabled");
    let wrong = api.put(&permissions, json!({"enabled": "maybe"})).await.expect(400);
    assert_eq!(wrong.json()["error"], "unknown_error");
    // what isn't there isn't there, whether or not there were anything about it
    let missing = [
        ("/clients/x/authz/resource-server", "Could not find client"),
        ("/clients/x/management/permissions", "Could not find client"),
        ("/roles/x/management/permissions", "Could not find role"),
        ("/roles-by-id/x/management/permissions", "Could not find role with id"),
        ("/groups/x/management/permissions", "Could not find group by id"),
        ("/identity-provider/instances/x/management/permissions", "HTTP 404 Not Found"),
    ];
    for (path, text) in missing {
        api.get(&r(path)).await.error(404, text);
        api.put(&r(path), json!({"enabled": true})).await.error(404, text);
    }
    api.get(&r(&format!("/clients/{client}/roles/x/management/permissions"))).await.error(404, "Could not find role");
    for path in ["/organizations", "/organizations/x/members"] {
        api.get(&r(path)).await.error_message(404, "Organizations not enabled for this realm.");
    }
}
