//! Claims by client and scope.

use model::{
    Attributes,
    client::ClientSettings,
    id::{ClientId, UserId},
    role::RoleName,
};

use super::*;

fn client(attributes: &[(&str, &str)], full_scope_allowed: bool) -> Client {
    let scopes = ["acr", "basic", "email", "profile", "roles", "web-origins"];
    Client {
        id: ClientId("id".into()),
        client_id: "app".into(),
        protocol: "openid-connect".into(),
        enabled: true,
        settings: ClientSettings {
            full_scope_allowed,
            web_origins: vec!["https://a.example".into()],
            ..ClientSettings::default()
        },
        attributes: attributes.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect::<Attributes>(),
        default_scopes: scopes.iter().map(|name| (*name).to_owned()).collect(),
        optional_scopes: vec!["phone".into()],
    }
}

fn subject() -> Subject {
    let role = |client: Option<&str>, name: &str| RoleName { client: client.map(str::to_owned), name: name.to_owned() };
    Subject {
        user_id: Some(UserId("u1".into())),
        username: "jane".into(),
        email: Some("jane@example.org".into()),
        first_name: Some("Jane".into()),
        last_name: Some("Doe".into()),
        roles: vec![role(None, "user"), role(Some("app"), "editor"), role(Some("account"), "view-profile")],
        ..Subject::default()
    }
}

fn access(client: &Client) -> Value {
    let scopes = Scopes::granted(client, Some("openid")).unwrap();
    let session = SessionId("s1".into());
    let common = Common {
        issuer: "https://id.example/realms/r",
        now: 100,
        authenticated: Some(90),
        session: Some(&session),
        client,
        scopes: &scopes,
        subject: &subject(),
    };
    Value::Object(common.access("t1".into(), 160, &Origin::default()))
}

#[test]
fn an_access_token_with_everything() {
    assert_eq!(
        access(&client(&[], true)),
        json!({
            "exp": 160, "iat": 100, "auth_time": 90, "jti": "t1", "iss": "https://id.example/realms/r",
            "aud": "account", "sub": "u1", "typ": "Bearer", "azp": "app", "sid": "s1", "acr": "1",
            "allowed-origins": ["https://a.example"],
            "realm_access": {"roles": ["user"]},
            "resource_access": {"app": {"roles": ["editor"]}, "account": {"roles": ["view-profile"]}},
            "scope": "openid email profile", "email_verified": false, "name": "Jane Doe",
            "preferred_username": "jane", "given_name": "Jane", "family_name": "Doe", "email": "jane@example.org",
        })
    );
}

#[test]
fn without_full_scope_only_the_clients_own_roles_are_seen() {
    let claims = access(&client(&[], false));
    assert_eq!(claims["resource_access"], json!({"app": {"roles": ["editor"]}}));
    assert_eq!((claims.get("realm_access"), claims.get("aud")), (None, None));
}

#[test]
fn a_lightweight_token_says_nothing_of_the_user() {
    let claims = access(&client(&[(LIGHTWEIGHT, "true")], true));
    assert_eq!(
        claims,
        json!({
            "exp": 160, "iat": 100, "jti": "t1", "iss": "https://id.example/realms/r", "sub": "u1", "typ": "Bearer",
            "azp": "app", "sid": "s1", "scope": "openid email profile",
        })
    );
}
