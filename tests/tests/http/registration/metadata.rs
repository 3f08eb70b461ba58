//! What can be registered, and what of it is told and kept.

use reqwest::Method;
use serde_json::{Value, json};

use super::{STANDARD, app, client_id, publisher::Publisher, refused, with};
use crate::http::support::{World, r};

/// An Ed25519 key without an id.
fn keys() -> Value {
    json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})
}

#[tokio::test]
async fn everything_is_told_as_it_was_registered_and_kept_under_keycloaks_names() {
    let world = World::start().await;
    let document = json!({
        "application_type": "web",
        "client_name": "Größe <b>",
        "client_uri": "https://app.example.org/",
        "redirect_uris": ["https://app.example.org/cb?a=b", "https://app.example.org/other"],
        "grant_types": ["authorization_code", "implicit", "urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
        "response_types": ["code id_token", "code"],
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "EdDSA",
        "jwks": keys(),
        "contacts": ["a@example.org", "b@example.org"],
        "logo_uri": "https://app.example.org/logo.png",
        "policy_uri": "https://app.example.org/policy",
        "tos_uri": "https://app.example.org/tos",
        "initiate_login_uri": "https://app.example.org/login",
        "request_uris": ["https://app.example.org/request.jwt#one"],
        "post_logout_redirect_uris": ["https://app.example.org/bye", "https://app.example.org/"],
        "backchannel_logout_uri": "https://app.example.org/backchannel",
        "backchannel_logout_session_required": true,
        "frontchannel_logout_uri": "https://app.example.org/frontchannel",
        "frontchannel_logout_session_required": false,
        "id_token_signed_response_alg": "ES256",
        "id_token_encrypted_response_alg": "RSA-OAEP",
        "id_token_encrypted_response_enc": "A128GCM",
        "userinfo_signed_response_alg": "RS256",
        "userinfo_encrypted_response_alg": "ECDH-ES+A256KW",
        "userinfo_encrypted_response_enc": "A256CBC-HS512",
        "request_object_signing_alg": "PS256",
        "default_max_age": 3_600,
        "require_auth_time": true,
        "default_acr_values": ["1"],
        "require_pushed_authorization_requests": true,
        "software_id": "4NRB1-0XZABZI9E6-5SM3R",
        "software_version": "2.1",
        "scope": "openid email offline_access",
        "subject_type": "public",
    });
    let unknown =
        json!({"client_name#de": "x", "software_statement": "x", "frobnicate": {"a": [1]}, "tos_uri#fr": null});
    let client = world.registered(&with(document.clone(), unknown)).await;
    let read = world.own(Method::GET, &client, None).await.expect(200).json();
    for shown in [&client, &read] {
        for (name, value) in document.as_object().unwrap() {
            assert_eq!(shown[name], *value, "{name}");
        }
        assert_eq!((shown.get("frobnicate"), shown.get("client_secret")), (None, None));
    }
    let seen = world.seen(client_id(&client)).await;
    for (name, value) in [
        ("name", json!("Größe <b>")),
        ("baseUrl", json!("https://app.example.org/")),
        ("clientAuthenticatorType", json!("client-jwt")),
        ("publicClient", json!(false)),
        ("standardFlowEnabled", json!(true)),
        ("implicitFlowEnabled", json!(true)),
        ("directAccessGrantsEnabled", json!(false)),
        ("serviceAccountsEnabled", json!(false)),
        ("frontchannelLogout", json!(true)),
        ("protocol", json!("openid-connect")),
    ] {
        assert_eq!(seen[name], value, "{name}");
    }
    for (name, value) in [
        ("oauth2.device.authorization.grant.enabled", "true"),
        ("use.refresh.tokens", "true"),
        ("token.endpoint.auth.signing.alg", "EdDSA"),
        ("use.jwks.string", "true"),
        ("logoUri", "https://app.example.org/logo.png"),
        ("policyUri", "https://app.example.org/policy"),
        ("tosUri", "https://app.example.org/tos"),
        ("request.uris", "https://app.example.org/request.jwt#one"),
        ("post.logout.redirect.uris", "https://app.example.org/bye##https://app.example.org/"),
        ("backchannel.logout.url", "https://app.example.org/backchannel"),
        ("backchannel.logout.session.required", "true"),
        ("frontchannel.logout.url", "https://app.example.org/frontchannel"),
        ("frontchannel.logout.session.required", "false"),
        ("id.token.signed.response.alg", "ES256"),
        ("id.token.encrypted.response.alg", "RSA-OAEP"),
        ("id.token.encrypted.response.enc", "A128GCM"),
        ("user.info.response.signature.alg", "RS256"),
        ("user.info.encrypted.response.alg", "ECDH-ES+A256KW"),
        ("user.info.encrypted.response.enc", "A256CBC-HS512"),
        ("request.object.signature.alg", "PS256"),
        ("default.max.age", "3600"),
        ("default.acr.values", "1"),
        ("require.pushed.authorization.requests", "true"),
    ] {
        assert_eq!(seen["attributes"][name], value, "{name}");
    }
    assert_eq!(seen["attributes"].get("use.jwks.url"), None);
    let scopes = |name: &str| seen[name].as_array().unwrap().clone();
    assert!(scopes("defaultClientScopes").contains(&json!("email")));
    assert_eq!(scopes("optionalClientScopes"), [json!("offline_access")]);
}

#[tokio::test]
async fn a_scope_that_nobody_asked_for_is_the_realms_own() {
    let world = World::start().await;
    let client = world.registered(&app()).await;
    let scope: Vec<_> = client["scope"].as_str().unwrap().split(' ').collect();
    for name in ["openid", "profile", "email", "offline_access"] {
        assert!(scope.contains(&name), "{scope:?}");
    }
    assert!(!scope.contains(&"web-origins"), "{scope:?}");
    let token = world.initial_access(1).await;
    let reply = world.register(STANDARD, Some(&token), &with(app(), json!({"scope": "openid nonsense"}))).await;
    refused(reply, 400, "invalid_client_metadata", "There is no client scope nonsense");
    // a scope that is there, and that new clients don't get
    world.admin.post(&r("/client-scopes"), json!({"name": "secret", "protocol": "openid-connect"})).await.expect(201);
    let reply = world.register(STANDARD, Some(&token), &with(app(), json!({"scope": "secret"}))).await;
    refused(
        reply,
        403,
        "insufficient_scope",
        "Policy 'Allowed Client Scopes' rejected request to client-registration service. Details: Not permitted to use \
         specified clientScope",
    );
    // nothing of it has counted
    world.register(STANDARD, Some(&token), &app()).await.expect(201);
}

#[tokio::test]
async fn oidcc_redirect_uri_regfrag() {
    let world = World::start().await;
    let token = world.initial_access(1).await;
    for uri in ["https://app.example.org/cb#foobar", "https://app.example.org/cb#"] {
        let reply = world.register(STANDARD, Some(&token), &json!({"redirect_uris": [uri]})).await;
        refused(reply, 400, "invalid_redirect_uri", None);
    }
}

/// Attack 6 and RFC 9700 section 2.6, for clients that nobody has looked at.
#[tokio::test]
async fn attack_6_a_redirect_uri_is_one_address_over_tls() {
    let world = World::start().await;
    let token = world.initial_access(2).await;
    for uri in [
        "*",
        "https://*",
        "https://app.example.org/*",
        "https://*.example.org/cb",
        "http://app.example.org/cb",
        "https://user@app.example.org/cb",
        "/cb",
        "app.example.org",
        "javascript:alert(1)",
        "data:text/html,x",
    ] {
        for (dialect, document) in
            [(STANDARD, json!({"redirect_uris": [uri]})), ("default", json!({"redirectUris": [uri]}))]
        {
            let reply = world.register(dialect, Some(&token), &document).await;
            refused(reply, 400, "invalid_redirect_uri", None);
        }
    }
    // a root address stands for itself, and for nothing below it
    let reply = world.register("default", Some(&token), &json!({"rootUrl": "https://app.example.org"})).await;
    assert_eq!(reply.expect(201).json()["redirectUris"], json!(["https://app.example.org/"]));
    let good = ["http://localhost:3000/cb", "http://127.0.0.1/cb", "http://[::1]:80/cb", "com.example.app:/cb"];
    world.register(STANDARD, Some(&token), &json!({"redirect_uris": good})).await.expect(201);
}

/// Attack 4: whatever is followed or shown later.
#[tokio::test]
async fn attack_4_addresses_that_a_browser_would_run_are_refused() {
    let world = World::start().await;
    let token = world.initial_access(1).await;
    let admin = world.admin.post(&r("/clients"), json!({"clientId": "app"})).await.created();
    for dangerous in ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "java\tscript:x"]
    {
        for member in
            ["logo_uri", "policy_uri", "tos_uri", "client_uri", "frontchannel_logout_uri", "initiate_login_uri"]
        {
            let reply = world.register(STANDARD, Some(&token), &with(app(), json!({member: dangerous}))).await;
            refused(reply, 400, "invalid_client_metadata", None);
        }
        for member in ["post_logout_redirect_uris", "request_uris"] {
            let reply = world.register(STANDARD, Some(&token), &with(app(), json!({member: [dangerous]}))).await;
            refused(reply, 400, "invalid_client_metadata", None);
        }
        for attribute in [
            "logoUri",
            "policyUri",
            "tosUri",
            "backchannel.logout.url",
            "frontchannel.logout.url",
            "post.logout.redirect.uris",
            "jwks.url",
            "request.uris",
            "initiate.login.uri",
        ] {
            let change = json!({"attributes": {attribute: format!("https://app.example.org/##{dangerous}")}});
            let alone = json!({"attributes": {attribute: dangerous}});
            world.admin.put(&r(&format!("/clients/{admin}")), alone.clone()).await.expect(400);
            world.register("default", Some(&token), &alone).await.expect(400);
            if ["post.logout.redirect.uris", "request.uris"].contains(&attribute) {
                world.admin.put(&r(&format!("/clients/{admin}")), change).await.expect(400);
            }
        }
    }
}

#[tokio::test]
async fn oidcc_registration_logo_policy_and_tos_uri() {
    let world = World::start().await;
    let publisher = Publisher::of(&json!({})).await;
    for member in ["logo_uri", "policy_uri", "tos_uri"] {
        let client = world.registered(&with(app(), json!({member: publisher.url}))).await;
        assert_eq!(client[member], publisher.url.as_str());
    }
    assert_eq!(publisher.hits(), 0, "none of them is fetched");
}

#[tokio::test]
async fn oidcc_3rd_party_init_login() {
    let world = World::start().await;
    let uri = "https://app.example.org/initiate_login";
    let client = world.registered(&with(app(), json!({"initiate_login_uri": uri}))).await;
    assert_eq!(client["initiate_login_uri"], uri);
    let read = world.own(Method::GET, &client, None).await.expect(200);
    assert_eq!(read.header("content-type"), Some("application/json"));
    assert_eq!(read.json()["initiate_login_uri"], uri);
}

#[tokio::test]
async fn oidcc_3rd_party_init_login_nohttps() {
    let world = World::start().await;
    let token = world.initial_access(1).await;
    let document = with(app(), json!({"initiate_login_uri": "http://app.example.org/initiate_login"}));
    let reply = world.register(STANDARD, Some(&token), &document).await;
    refused(reply, 400, "invalid_client_metadata", "initiate_login_uri has to begin with https://");
}

/// The keys are fetched when they are needed, and request objects too.
#[tokio::test]
async fn oidcc_registration_jwks_uri() {
    let world = World::start().await;
    world.admin.put(&r(""), json!({"attributes": {"outgoing.allowed-networks": "127.0.0.0/8"}})).await.expect(204);
    let publisher = Publisher::of(&keys()).await;
    let document = json!({
        "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": publisher.url,
        "request_uris": [format!("{}#fragment", publisher.url)],
    });
    let client = world.registered(&with(app(), document.clone())).await;
    assert_eq!((&client["jwks_uri"], &client["request_uris"]), (&document["jwks_uri"], &document["request_uris"]));
    assert_eq!(publisher.hits(), 0);
    let seen = world.seen(client_id(&client)).await;
    assert_eq!(seen["attributes"]["use.jwks.url"], "true");
    assert_eq!(seen["attributes"]["jwks.url"], publisher.url.as_str());
}

#[tokio::test]
async fn oidcc_idtoken_rs256_and_userinfo_rs256() {
    let world = World::start().await;
    for member in ["id_token_signed_response_alg", "userinfo_signed_response_alg"] {
        let client = world.registered(&with(app(), json!({member: "RS256"}))).await;
        assert_eq!(client[member], "RS256");
    }
}

#[tokio::test]
async fn what_is_not_offered_cannot_be_registered() {
    let world = World::start().await;
    let token = world.initial_access(1).await;
    for document in [
        json!({"id_token_signed_response_alg": "none"}),
        json!({"id_token_signed_response_alg": "HS256"}),
        json!({"userinfo_signed_response_alg": "none"}),
        json!({"request_object_signing_alg": "HS256"}),
        json!({"id_token_encrypted_response_alg": "RSA1_5", "jwks": keys()}),
        json!({"id_token_encrypted_response_alg": "RSA-OAEP"}),
        json!({"id_token_encrypted_response_enc": "A128GCM"}),
        json!({"token_endpoint_auth_method": "tls_client_auth"}),
        json!({"token_endpoint_auth_method": "private_key_jwt"}),
        json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": []}}),
        json!({"token_endpoint_auth_method": "client_secret_jwt", "token_endpoint_auth_signing_alg": "RS256"}),
        json!({"jwks": keys(), "jwks_uri": "https://app.example.org/jwks"}),
        json!({"subject_type": "transient"}),
        json!({"response_types": ["code code"]}),
    ] {
        let reply = world.register(STANDARD, Some(&token), &with(app(), document)).await;
        refused(reply, 400, "invalid_client_metadata", None);
    }
}
