//! Clients and client scopes in the console.

use serde_json::json;
use tests::{Console, TestServer};

use crate::http::support::{REALM, World, r};

#[tokio::test]
async fn a_client_is_found_changed_and_looked_through() {
    let world = World::start().await;
    world.free_attributes().await;
    let id = world
        .admin
        .post(&r("/clients"), json!({"clientId": "shop", "redirectUris": ["https://shop.example/cb"]}))
        .await
        .created();
    let user =
        json!({"username": "alice", "enabled": true, "email": "alice@example.org", "attributes": {"shelf": ["7"]}});
    let user = world.admin.post(&r("/users"), user).await.created();
    let console = Console::log_in(world.server.url(), "master", "admin", TestServer::ADMIN_PASSWORD).await;
    let base = format!("/realms/{REALM}/clients");
    let list = console.page(&format!("{base}?q=SHO&protocol=openid-connect&enabled=true")).await;
    assert_eq!(list.attributes("tbody a", "href").len(), 1, "{}", list.shown());
    let none = console.page(&format!("{base}?q=sho&enabled=false")).await;
    assert!(!none.finds("tbody a"), "{}", none.shown());

    // What is wrong stands beside its field, and nothing typed is lost; what was right can be undone.
    let path = format!("{base}/{id}");
    let page = console.page(&path).await;
    let form = page.form_around("f-redirectUris").with("redirectUris", "https://shop.example/#x").with("name", "Typed");
    let page = console.send(&page, form).await;
    assert_eq!(page.status, 422);
    assert!(page.text_of("f-redirectUris-error").unwrap().contains("fragment"), "{}", page.shown());
    assert_eq!(page.attributes("#f-name", "value"), ["Typed"]);
    let logout = "attributes.post.logout.redirect.uris";
    let bad = page.form_around("f-redirectUris").with("redirectUris", "https://shop.example/cb");
    let page = console.send(&page, bad.clone().with(logout, "data:x")).await;
    assert!(page.text_of("f-attributes-post-logout-redirect-uris-error").is_some(), "{}", page.shown());
    let good = bad.with(logout, "https://shop.example/\nhttps://shop.example/bye").with("implicitFlowEnabled", "on");
    let page = console.send(&page, good).await;
    assert_eq!(page.status, 200, "{}", page.shown());
    let client = world.admin.read(&r(&format!("/clients/{id}"))).await;
    assert_eq!((&client["name"], &client["implicitFlowEnabled"]), (&json!("Typed"), &json!(true)));
    assert_eq!(client["attributes"]["post.logout.redirect.uris"], "https://shop.example/##https://shop.example/bye");
    let posture = console.page(&format!("{path}/posture")).await;
    assert!(posture.text().contains("implicitFlowEnabled is on"), "{}", posture.shown());
    let link = posture.attributes("a[href$='#f-implicitFlowEnabled']", "href");
    assert!(!link.is_empty() && page.has("f-implicitFlowEnabled"));
    let undo = page.forms().into_iter().find(|form| form.fields.iter().any(|(name, _)| name == "clientId"));
    console.send(&page, undo.unwrap()).await;
    let client = world.admin.read(&r(&format!("/clients/{id}"))).await;
    assert_eq!(client["implicitFlowEnabled"], false);

    // A mapper puts a claim into tokens; the preview shows the claim and the mapper.
    let new = format!("{path}/mappers/new?kind=oidc-usermodel-attribute-mapper");
    let page = console.page(&new).await;
    let form = page.form_around("f-mapperName").with("user.attribute", "shelf").with("claim.name", "shelf");
    let page = console.send(&page, form.clone().with("mapperName", "")).await;
    assert_eq!(page.status, 422);
    let page = console.send(&page, page.form_around("f-mapperName").with("mapperName", "the shelf")).await;
    assert_eq!(page.status, 200, "{}", page.shown());
    let page = console.page(&format!("{path}/preview?user=alice")).await;
    let (access, text) = (page.text_of("claims-access").unwrap(), page.text());
    assert!(access.contains("\"shelf\": \"7\"") && text.contains("the shelf"), "{}", page.shown());
    let mapper = page.attributes("a[href*='/clients/']", "href");
    let mapper = mapper.iter().find(|href| href.contains("/mappers/")).unwrap();
    let page = console.browser.open(&world.url(mapper)).await.page();
    assert_eq!(page.attributes("#f-claim-name", "value"), ["shelf"], "{}", page.shown());
    console.send(&page, page.form_around("f-claim-name").with("claim.name", "rack")).await;
    let page = console.page(&format!("{path}/preview?userId={user}")).await;
    assert!(page.text_of("claims-access").unwrap().contains("\"rack\": \"7\""), "{}", page.shown());

    // A role of the client, part of another one, and off and on again.
    let page = console.page(&format!("{path}/roles/new")).await;
    let page = console.send(&page, page.form_around("f-name").with("name", "seller")).await;
    assert!(page.url.path().contains("/roles/"), "{}", page.shown());
    let parts = format!("{}/composites?of=account", page.url.path());
    let page = console.browser.open(&world.url(&parts)).await.page();
    let role = page.attributes("#offered [name=role]", "value");
    let page = console.send(&page, page.form_around("role-1").with("role", &role[0])).await;
    assert_eq!(page.status, 200, "{}", page.shown());
    let roles = world.admin.read(&r(&format!("/clients/{id}/roles/seller/composites"))).await;
    assert_eq!(roles[0]["id"], role[0].as_str());
    let page = console.page(&path).await;
    let off = page.forms().into_iter().find(|form| form.action.path().ends_with("/enabled")).unwrap();
    console.send(&page, off).await;
    assert_eq!(world.admin.read(&r(&format!("/clients/{id}"))).await["enabled"], false);

    // Gone after a question.
    let page = console.page(&format!("{path}/delete")).await;
    let form = page.forms().into_iter().find(|form| form.action.path().ends_with("/delete")).unwrap();
    console.send(&page, form).await;
    world.admin.get(&r(&format!("/clients/{id}"))).await.expect(404);
}

#[tokio::test]
async fn secrets_keys_and_client_scopes_are_kept() {
    let world = World::start().await;
    let id = world.admin.post(&r("/clients"), json!({"clientId": "shop", "secret": "the old secret"})).await.created();
    let console = Console::log_in(world.server.url(), "master", "admin", TestServer::ADMIN_PASSWORD).await;
    let path = format!("/realms/{REALM}/clients/{id}");
    let page = console.page(&format!("{path}/credentials")).await;
    assert_eq!(page.text_of("secret").as_deref(), Some("the old secret"));
    let page = console.page(&format!("{path}/credentials/secret")).await;
    let form = page.forms().into_iter().find(|form| form.action.path().ends_with("/credentials/secret")).unwrap();
    let page = console.send(&page, form).await;
    let secret = world.admin.read(&r(&format!("/clients/{id}/client-secret"))).await;
    assert_eq!(page.text_of("secret").as_deref(), secret["value"].as_str());
    let form = page.forms().into_iter().find(|form| form.action.path().ends_with("/registration")).unwrap();
    let page = console.send(&page, form).await;
    assert!(page.text_of("registration-token").is_some_and(|token| token.split('.').count() == 3), "{}", page.shown());

    let page = console.page(&format!("{path}/keys")).await;
    let page = console.send(&page, page.form_around("file").with("file", "no key")).await;
    assert!(page.text_of("file-error").is_some() && page.text_of("file").unwrap().contains("no key"));
    let generate = page.form_around("password").with("password", "a password");
    let answer = console.send(&page, generate).await;
    assert_eq!(answer.header("content-type"), Some("application/x-pkcs12"));
    let page = console.page(&format!("{path}/keys")).await;
    assert!(page.text().contains("Good until"), "{}", page.shown());

    // A client scope of one's own: new clients may ask for it, and this one has it always.
    let scopes = format!("/realms/{REALM}/client-scopes");
    let page = console.page(&format!("{scopes}/new")).await;
    let page = console.send(&page, page.form_around("f-name").with("name", "two words")).await;
    assert_eq!(page.status, 422, "{}", page.shown());
    let form = page.form_around("f-name").with("name", "shelf").with("assignment", "optional");
    let page = console.send(&page, form).await;
    assert!(page.url.path().ends_with("/mappers"), "{}", page.shown());
    let offered = world.admin.read(&r("/default-optional-client-scopes")).await;
    let scope = offered.as_array().unwrap().iter().find(|scope| scope["name"] == "shelf").unwrap()["id"].clone();
    let scope = scope.as_str().unwrap();
    let page = console.page(&format!("{path}/scopes")).await;
    let form = page.forms().into_iter().find(|form| form.fields.iter().any(|(_, value)| value == scope)).unwrap();
    let page = console.send(&page, form.with("assignment", "default")).await;
    assert!(page.text().contains("shop has shelf always"), "{}", page.shown());
    let client = world.admin.read(&r(&format!("/clients/{id}"))).await;
    assert!(client["defaultClientScopes"].as_array().unwrap().contains(&json!("shelf")));

    // Its tokens carry the roles that were named, once somebody says so.
    let page = console.page(&format!("{path}/scope-mappings")).await;
    let form = page.forms().into_iter().find(|form| form.action.path().ends_with("/scope-mappings/all")).unwrap();
    let page = console.send(&page, form).await;
    let role = page.attributes("#offered [name=role]", "value");
    let page = console.send(&page, page.form_around("role-1").with("role", &role[0])).await;
    assert_eq!(page.status, 200, "{}", page.shown());
    let mapped = world.admin.read(&r(&format!("/clients/{id}/scope-mappings/realm"))).await;
    assert_eq!(mapped[0]["id"], role[0].as_str());
    assert_eq!(world.admin.read(&r(&format!("/clients/{id}"))).await["fullScopeAllowed"], false);

    let page = console.page(&format!("/realms/{REALM}/clients/initial-access")).await;
    let page = console.send(&page, page.form_around("f-count")).await;
    assert!(page.text_of("token").is_some_and(|token| token.split('.').count() == 3), "{}", page.shown());
    let page = console.page(&format!("{scopes}/{scope}/delete")).await;
    let form = page.forms().into_iter().find(|form| form.action.path().ends_with("/delete")).unwrap();
    console.send(&page, form).await;
    world.admin.get(&r(&format!("/client-scopes/{scope}"))).await.expect(404);
}
