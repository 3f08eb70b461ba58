//! The realms that all tests begin with, and the user in them.

use serde_json::{Value, json};
use test_db::{PrepareFuture, Template};
use tests::{
    Admin, TestServer,
    template::{ADMIN, ADMIN_PASSWORD, further, prepare},
};

/// A realm as it was created.
pub const AS_CREATED: &str = "conformance";
/// A realm whose ID tokens hold only what was asked for: the conformance suite warns of everything else.
pub const LEAN: &str = "lean";
/// The user.
pub const USERNAME: &str = "alice";
/// The user's password.
pub const PASSWORD: &str = "down the rabbit hole";

/// The claims of the scope `profile` and what the user has there; `updated_at` is a number.
pub const PROFILE: [(&str, &str); 14] = [
    ("name", "Alice Liddell"),
    ("given_name", "Alice"),
    ("family_name", "Liddell"),
    ("middle_name", "Pleasance"),
    ("nickname", "Al"),
    ("preferred_username", USERNAME),
    ("profile", "https://example.org/alice"),
    ("picture", "https://example.org/alice.png"),
    ("website", "https://alice.example.org"),
    ("gender", "female"),
    ("birthdate", "1852-05-04"),
    ("zoneinfo", "Europe/London"),
    ("locale", "en-GB"),
    ("updated_at", "1700000000"),
];
/// The user's e-mail address.
pub const EMAIL: &str = "alice@example.org";
/// The user's telephone number.
pub const PHONE: &str = "+441865276150";
/// The members of the claim `address` and what the user has there.
pub const ADDRESS: [(&str, &str); 6] = [
    ("formatted", "Christ Church\nOxford OX1 1DP\nUnited Kingdom"),
    ("street_address", "Christ Church"),
    ("locality", "Oxford"),
    ("region", "Oxfordshire"),
    ("postal_code", "OX1 1DP"),
    ("country", "United Kingdom"),
];

/// The database with the realms.
pub fn template() -> Template {
    further("conformance", |url| -> PrepareFuture { Box::pin(made(url)) })
}

async fn made(url: String) -> Result<(), test_db::PrepareError> {
    prepare(url.clone()).await?;
    let server = TestServer::secure_at(&url).await;
    let admin = Admin::login(server.url(), ADMIN, ADMIN_PASSWORD).await;
    create(&admin, AS_CREATED).await;
    create(&admin, LEAN).await;
    make_lean(&admin).await;
    Ok(())
}

async fn create(admin: &Admin, realm: &str) {
    // What is allowed here stands for what an operator allows whose applications run in the own network.
    let networks = json!({"outgoing.allowed-networks": "127.0.0.0/8,::1/128"});
    let created = json!({"realm": realm, "enabled": true, "attributes": networks});
    let _ = admin.post("/realms", Some(created)).await.expect(201);
    // Users have the attributes that claims are made of.
    let profile = format!("/realms/{realm}/users/profile");
    let mut given = admin.get(&profile).await.expect(200).json();
    given["unmanagedAttributePolicy"] = json!("ENABLED");
    let _ = admin.put(&profile, Some(given)).await.expect(200);
    let user = admin.create_user(realm, USERNAME, PASSWORD).await;
    let claim = |name: &str| {
        let of_address = ADDRESS.iter().chain(&PROFILE).find(|(claim, _)| *claim == name);
        of_address.unwrap_or_else(|| panic!("no {name}")).1
    };
    let change = json!({
        "email": EMAIL, "emailVerified": true, "firstName": claim("given_name"), "lastName": claim("family_name"),
        "attributes": {
            "middleName": [claim("middle_name")], "nickname": [claim("nickname")], "profile": [claim("profile")],
            "picture": [claim("picture")], "website": [claim("website")], "gender": [claim("gender")],
            "birthdate": [claim("birthdate")], "zoneinfo": [claim("zoneinfo")], "locale": [claim("locale")],
            "updatedAt": [claim("updated_at")], "phoneNumber": [PHONE], "phoneNumberVerified": ["true"],
            "formatted": [claim("formatted")], "street": [claim("street_address")], "locality": [claim("locality")],
            "region": [claim("region")], "postal_code": [claim("postal_code")], "country": [claim("country")],
        },
    });
    let _ = admin.put(&format!("/realms/{realm}/users/{user}"), Some(change)).await.expect(204);
}

/// `profile` and `email` come only when they are asked for, and then only at the userinfo endpoint.
async fn make_lean(admin: &Admin) {
    let base = format!("/realms/{LEAN}");
    let scopes = admin.get(&format!("{base}/client-scopes")).await.expect(200).json();
    for scope in scopes.as_array().expect("a list") {
        let (id, name) = (text(&scope["id"]), text(&scope["name"]));
        if matches!(name, "profile" | "email") {
            let default = format!("{base}/default-default-client-scopes/{id}");
            let _ = admin.delete(&default, None).await.expect(204);
            let _ = admin.put(&format!("{base}/default-optional-client-scopes/{id}"), None).await.expect(204);
        }
        if name == "basic" {
            // As in Keycloak, what the claims parameter asks for comes by a mapper.
            let config = json!({"id.token.claim": "true", "userinfo.token.claim": "true"});
            let mapper = json!({
                "name": "requested claims", "protocol": "openid-connect",
                "protocolMapper": "oidc-claims-param-token-mapper", "config": config,
            });
            let path = format!("{base}/client-scopes/{id}/protocol-mappers/models");
            let _ = admin.post(&path, Some(mapper)).await.expect(201);
        }
        if matches!(name, "profile" | "email" | "address" | "phone") {
            for mapper in scope["protocolMappers"].as_array().into_iter().flatten() {
                let mut mapper = mapper.clone();
                mapper["config"]["id.token.claim"] = "false".into();
                let path = format!("{base}/client-scopes/{id}/protocol-mappers/models/{}", text(&mapper["id"]));
                let _ = admin.put(&path, Some(mapper)).await.expect(204);
            }
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}
