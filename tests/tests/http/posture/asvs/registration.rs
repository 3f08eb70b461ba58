//! 10.4.7: whoever isn't known registers no client; and where an administrator lets strangers do it, their clients are
//! looked at, and users are asked.

use serde_json::{Value, json};

use crate::http::{
    posture::{
        browser::{Browser, location},
        fresh::{App, Fresh, JANE, initial_access_token, text},
    },
    support::{REALM, r, send},
};

const SOUND: &str = "https://stranger.example.org/cb";

#[tokio::test]
async fn asvs_10_4_7_strangers_register_nothing() {
    let fresh = Fresh::start().await;
    let before = fresh.world.admin.read(&r("/clients")).await.as_array().unwrap().len();
    for (provider, body) in [
        ("openid-connect", json!({"redirect_uris": [SOUND]})),
        ("openid-connect", json!({"redirect_uris": ["https://evil.example/"], "client_name": "Your bank"})),
        ("default", json!({"clientId": "stranger", "redirectUris": [SOUND]})),
        ("default", json!({"clientId": "stranger", "redirectUris": ["*"], "publicClient": true})),
    ] {
        let url = fresh.world.url(&format!("/realms/{REALM}/clients-registrations/{provider}"));
        let reply = send(fresh.world.http.post(&url).json(&body)).await;
        assert!([401, 403].contains(&reply.status), "{provider} {body}: {} {}", reply.status, reply.text());
        let token = fresh.tokens(fresh.public(), &[]).await;
        for token in ["nonsense", text(&token, "access_token"), text(&token, "refresh_token")] {
            let reply = send(fresh.world.http.post(&url).bearer_auth(token).json(&body)).await;
            assert!([401, 403].contains(&reply.status), "{provider} {body}: {} {}", reply.status, reply.text());
        }
    }
    assert_eq!(fresh.world.admin.read(&r("/clients")).await.as_array().unwrap().len(), before);
}

#[tokio::test]
async fn asvs_10_4_7_what_is_registered_is_looked_at() {
    let fresh = Fresh::start().await;
    let token = initial_access_token(&fresh.world, 50).await;
    for uri in [
        "*",
        "https://*",
        "https://app.example.org/*",
        "http://app.example.org/cb",
        "https://app.example.org/cb#x",
        "https://user@app.example.org/cb",
        "javascript:alert(1)",
        "data:text/html,x",
        "/relative",
        "",
    ] {
        let reply = fresh.register(Some(&token), json!({"redirect_uris": [uri]})).await.expect(400).json();
        assert!(["invalid_redirect_uri", "invalid_client_metadata"].contains(&text(&reply, "error")), "{uri}: {reply}");
    }
    for name in ["logo_uri", "client_uri", "policy_uri", "tos_uri", "jwks_uri", "initiate_login_uri"] {
        let metadata = json!({"redirect_uris": [SOUND], name: "javascript:alert(1)"});
        let reply = fresh.register(Some(&token), metadata).await;
        assert_eq!(reply.status, 400, "{name}: {}", reply.text());
    }
    let public = json!({"redirect_uris": [SOUND], "token_endpoint_auth_method": "none"});
    let made = fresh.register(Some(&token), public).await.expect(201).json();
    let app = App { id: text(&made, "client_id").to_owned(), redirect_uri: SOUND.to_owned(), secret: None };
    let told = location(&Browser::new().get(&fresh.sound_request(&app, &[("code_challenge", "")])).await);
    assert!(told.contains("error=invalid_request"), "a challenge is needed: {told}");
}

/// The administrator lets this machine register clients, and changes nothing else.
#[tokio::test]
async fn asvs_10_4_7_users_are_asked_about_clients_of_strangers() {
    let fresh = Fresh::start().await;
    let kind = "org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy";
    let policies = fresh.world.admin.read(&r(&format!("/components?type={kind}"))).await;
    let hosts = policies.as_array().unwrap().iter().find(|policy| policy["providerId"] == "trusted-hosts").unwrap();
    let mut changed: Value = hosts.clone();
    changed["config"]["trusted-hosts"] = json!(["127.0.0.1", "stranger.example.org"]);
    let path = r(&format!("/components/{}", text(hosts, "id")));
    fresh.world.admin.put(&path, changed).await.expect(204);

    let elsewhere = fresh.register(None, json!({"redirect_uris": ["https://evil.example/cb"]})).await;
    assert_eq!(elsewhere.status, 403, "{}", elsewhere.text());
    let made = fresh.register(None, json!({"redirect_uris": [SOUND], "client_name": "Stranger"})).await.expect(201);
    let made = made.json();
    let id = text(&made, "client_id").to_owned();
    let shown = fresh.world.admin.read(&r(&format!("/clients?clientId={id}"))).await;
    assert_eq!((&shown[0]["consentRequired"], &shown[0]["fullScopeAllowed"]), (&json!(true), &json!(false)));

    let secret = made["client_secret"].as_str().map(str::to_owned);
    let app = App { id, redirect_uri: SOUND.to_owned(), secret };
    let browser = Browser::new();
    let reply = browser.get(&fresh.sound_request(&app, &[])).await;
    let asked = location(&browser.log_in(reply, JANE.0, JANE.1).await);
    assert!(asked.contains("/login-actions/consent"), "{asked}");
    let page = browser.get(&asked).await.expect(200).text();
    assert!(page.contains("Stranger"), "{page}");
    // And without a page there is no question, so no code.
    let silent = location(&browser.get(&fresh.sound_request(&app, &[("prompt", "none")])).await);
    assert!(silent.contains("error=interaction_required"), "{silent}");
}
