//! "Connect an application", without scripts.

use serde_json::json;
use tests::{Console, TestServer};

use crate::http::support::{REALM, World, r};

#[tokio::test]
async fn an_application_is_connected_with_safe_settings() {
    let world = World::start().await;
    let console = Console::log_in(world.server.url(), "master", "admin", TestServer::ADMIN_PASSWORD).await;
    let page = console.page(&format!("/realms/{REALM}/applications/new")).await;
    let page = console.send(&page, page.form_around("kind-web").with("kind", "web")).await;
    // What is unsafe is said before anything is there, and what can't be is said beside its field.
    let typed = |page: &tests::user_agent::Page, uris: &str| {
        let form = page.form_around("clientId").with("clientId", "orders").with("name", "Order desk");
        form.with("redirectUris", uris)
    };
    let page = console.send(&page, typed(&page, "https://app.example.org/*").with("go", "check")).await;
    assert!(page.text_of("checked").unwrap().contains("Write every redirect URI out in full"), "{}", page.shown());
    let page = console.send(&page, typed(&page, "javascript:alert(1)").with("go", "create")).await;
    assert_eq!(page.status, 422, "{}", page.shown());
    assert!(page.text_of("redirectUris-error").unwrap().contains("may not begin with javascript"));
    let page = console.send(&page, typed(&page, "https://app.example.org/callback").with("go", "check")).await;
    assert!(page.text_of("checked").unwrap().contains("Worth knowing"), "{}", page.shown());
    assert!(!page.text_of("checked").unwrap().contains("Unsafe"), "{}", page.shown());
    // Back to the first step and on again: nothing is lost.
    let page = console.send(&page, page.form_around("clientId").with("go", "back")).await;
    let page = console.send(&page, page.form_around("kind-web")).await;
    assert_eq!(page.text_of("redirectUris").unwrap().trim(), "https://app.example.org/callback");
    assert_eq!(page.attributes("#name", "value"), ["Order desk"]);
    let page = console.send(&page, page.form_around("clientId").with("go", "create")).await;
    assert_eq!(page.status, 200, "{}", page.shown());

    let clients = world.admin.read(&r("/clients?clientId=orders")).await;
    let client = &clients[0];
    let expected = [
        ("publicClient", json!(false)),
        ("standardFlowEnabled", json!(true)),
        ("implicitFlowEnabled", json!(false)),
        ("directAccessGrantsEnabled", json!(false)),
        ("fullScopeAllowed", json!(false)),
        ("redirectUris", json!(["https://app.example.org/callback"])),
    ];
    for (name, value) in expected {
        assert_eq!(client[name], value, "{name}");
    }
    assert_eq!(client["attributes"]["pkce.code.challenge.method"], "S256");
    // The page has what goes into the application, from the real addresses.
    assert_eq!(page.text_of("secret").as_deref(), client["secret"].as_str());
    let discovery = world.url(&format!("/realms/{REALM}/.well-known/openid-configuration"));
    assert_eq!(page.attributes("#discovery", "value"), std::slice::from_ref(&discovery));
    for library in ["node", "spring", "dotnet", "flask", "apache", "oauth2-proxy"] {
        let code = page.text_of(&format!("code-{library}")).unwrap();
        assert!(code.contains("\"orders\"") && code.contains(&world.url(&format!("/realms/{REALM}"))), "{code}");
        assert!(!code.contains(client["secret"].as_str().unwrap()), "{code}");
    }

    // The same name once more is refused beside its field; a service gets an account of its own.
    let page = console.page(&format!("/realms/{REALM}/applications/new?step=addresses&kind=service")).await;
    let page = console.send(&page, page.form_around("clientId").with("clientId", "orders")).await;
    assert!(page.text_of("clientId-error").unwrap().contains("already"), "{}", page.shown());
    let page = console.send(&page, page.form_around("clientId").with("clientId", "nightly")).await;
    assert!(page.text_of("code-curl").unwrap().contains("client_credentials"), "{}", page.shown());
    let service = &world.admin.read(&r("/clients?clientId=nightly")).await[0];
    assert_eq!((&service["serviceAccountsEnabled"], &service["standardFlowEnabled"]), (&json!(true), &json!(false)));
    let token = [
        ("grant_type", "client_credentials"),
        ("client_id", "nightly"),
        ("client_secret", service["secret"].as_str().unwrap()),
    ];
    world.token(REALM, &token).await.expect(200);
}
