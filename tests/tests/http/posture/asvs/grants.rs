//! 10.4.4: a client gets tokens in the way that it needs and in no other; neither `token` nor `password`.

use serde_json::json;

use crate::http::{
    posture::{
        browser::{Browser, location, parameter},
        fresh::{Fresh, JANE, VERIFIER, text},
    },
    support::{REALM, r, send},
};

#[tokio::test]
async fn asvs_10_4_4_no_client_gets_tokens_from_the_authorization_endpoint() {
    let fresh = Fresh::start().await;
    for app in &fresh.apps {
        for kind in ["token", "id_token", "id_token token", "code id_token", "code token", "code id_token token"] {
            for mode in ["", "fragment", "form_post"] {
                let asked = [("response_type", kind), ("nonce", "nonce"), ("response_mode", mode)];
                let reply = Browser::new().get(&fresh.sound_request(app, &asked)).await;
                let told = match mode {
                    "form_post" => reply.expect(200).text(),
                    _ => {
                        let told = location(&reply);
                        assert_eq!(parameter(&told, "error").as_deref(), Some("unauthorized_client"), "{kind}");
                        told
                    }
                };
                assert!(told.contains("unauthorized_client"), "{} {kind} {mode}: {told}", app.id);
                assert!(!told.contains("access_token") && !told.contains("name=\"id_token\""), "{told}");
            }
        }
    }
}

#[tokio::test]
async fn asvs_10_4_4_no_client_takes_passwords_or_what_it_was_not_given() {
    let fresh = Fresh::start().await;
    let subject = fresh.tokens(&fresh.apps[2], &[]).await;
    let subject = text(&subject, "access_token");
    let device = "urn:ietf:params:oauth:grant-type:device_code";
    let exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
    let access_token = "urn:ietf:params:oauth:token-type:access_token";
    for app in &fresh.apps {
        for form in [
            vec![("grant_type", "password"), ("username", JANE.0), ("password", JANE.1)],
            vec![("grant_type", "client_credentials")],
            vec![("grant_type", device), ("device_code", VERIFIER)],
            vec![("grant_type", exchange), ("subject_token", subject), ("subject_token_type", access_token)],
        ] {
            let reply = send(fresh.as_client(app, "token", &form)).await;
            assert!([400, 401].contains(&reply.status), "{} {form:?}: {}", app.id, reply.text());
            assert_eq!(reply.json()["error"], "unauthorized_client", "{} {:?}", app.id, form[0]);
        }
        let reply = send(fresh.as_client(app, "auth/device", &[])).await.expect(400).json();
        assert_eq!(reply["error"], "unauthorized_client", "{}", app.id);
    }
}

/// The one exception, which decision 030 explains: the command line of administrators.
#[tokio::test]
async fn asvs_10_4_4_the_only_client_that_takes_passwords_is_admin_cli() {
    let fresh = Fresh::start().await;
    let clients = fresh.world.admin.read(&r("/clients")).await;
    let with = |switch: &str| -> Vec<String> {
        let on = clients.as_array().unwrap().iter().filter(|client| client[switch] == json!(true));
        on.map(|client| client["clientId"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(with("directAccessGrantsEnabled"), ["admin-cli"]);
    assert!(with("implicitFlowEnabled").is_empty());
    // Nobody is sent to it, and what it gets carries no roles.
    let url = format!("{}?client_id=admin-cli&response_type=code&redirect_uri=https://a.example/", fresh.url("auth"));
    let _ = Browser::new().get(&url).await.expect(400);
    let claims = fresh.world.password_grant(REALM, JANE.0, JANE.1).await.expect(200).claims();
    assert!(claims.get("realm_access").is_none() && claims.get("resource_access").is_none(), "{claims}");
    // It is switched off like any other.
    let id = fresh.world.client_id(REALM, "admin-cli").await;
    let off = json!({"directAccessGrantsEnabled": false});
    fresh.world.admin.put(&r(&format!("/clients/{id}")), off).await.expect(204);
    let reply = fresh.world.password_grant(REALM, JANE.0, JANE.1).await.expect(400).json();
    assert_eq!(reply["error"], "unauthorized_client");
}
