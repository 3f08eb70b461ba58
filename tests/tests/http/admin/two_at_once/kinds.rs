//! Every kind of thing that administrators change, with two fields of it.

use serde_json::{Value, json};

use crate::http::support::{World, r};

/// A field, as a body that carries it and what else Keycloak wants. In the body `$` stands for another text, `#` for
/// another number and `!` for another requirement in each round.
pub struct Field {
    pub body: Value,
    /// Where in the body and in what is read.
    pub at: &'static str,
}

/// A thing of some kind.
pub struct Kind {
    pub name: &'static str,
    /// Where it is changed.
    pub path: String,
    /// Where it is read.
    pub read: String,
    pub one: Field,
    pub other: Field,
    /// Whether a read gives a version and a change may name one.
    pub versioned: bool,
}

/// A body with the values of a round.
pub fn fill(body: &Value, round: u64) -> Value {
    match body {
        Value::String(text) if text == "$" => json!(format!("v{round}")),
        Value::String(text) if text == "#" => json!(round + 30),
        Value::String(text) if text == "!" => {
            json!(["REQUIRED", "ALTERNATIVE", "DISABLED"][usize::try_from(round % 3).unwrap()])
        }
        Value::Array(items) => items.iter().map(|item| fill(item, round)).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), fill(value, round))).collect(),
        other => other.clone(),
    }
}

/// A field of what was read.
#[track_caller]
pub fn shown<'a>(read: &'a Value, at: &str) -> &'a Value {
    read.pointer(at).unwrap_or_else(|| panic!("no {at} in {read}"))
}

impl Kind {
    fn new(
        name: &'static str,
        path: impl Into<String>,
        one: (Value, &'static str),
        other: (Value, &'static str),
    ) -> Self {
        let path = r(&path.into());
        let [one, other] = [one, other].map(|(body, at)| Field { body, at });
        Self { name, read: path.clone(), path, one, other, versioned: false }
    }

    fn versioned(self) -> Self {
        Self { versioned: true, ..self }
    }

    /// Whether it can be removed under the path at which it is changed.
    pub fn goes(&self) -> bool {
        !["realm", "events", "step", "texts", "profile"].contains(&self.name)
    }

    /// Where another one of the kind would be made, and as what, if two can't have one name.
    pub fn twin(&self) -> Option<(String, Value)> {
        let (place, body) = match self.name {
            "user" => ("/users", json!({"username": "twin"})),
            "group" => ("/groups", json!({"name": "twin"})),
            "role" => ("/roles", json!({"name": "twin"})),
            "client" => ("/clients", json!({"clientId": "twin", "serviceAccountsEnabled": true})),
            "client scope" => ("/client-scopes", json!({"name": "twin", "protocol": "openid-connect"})),
            "identity provider" => ("/identity-provider/instances", provider("twin")),
            "step" => ("/authentication/flows", json!({"alias": "twin", "providerId": "basic-flow", "topLevel": true})),
            "realm" => return Some(("/realms".to_owned(), json!({"realm": "twin", "id": "twin"}))),
            "mapper" | "mapper of an identity provider" => {
                let place = self.path.rsplit_once('/').unwrap().0.to_owned();
                let mut body = fill(&self.other.body, 0);
                body["name"] = json!("twin");
                return Some((place, body));
            }
            _ => return None,
        };
        Some((r(place), body))
    }
}

fn provider(alias: &str) -> Value {
    json!({"alias": alias, "providerId": "oidc", "config": {
        "clientId": "c", "authorizationUrl": "https://idp.example.org/a", "tokenUrl": "https://idp.example.org/t"}})
}

/// One thing of each kind, made now.
pub async fn all(world: &World) -> Vec<Kind> {
    let api = &world.admin;
    let made = |path: String, body: Value| async move { api.post(&r(&path), body).await.created() };
    let id = |path: &str, body: Value| made(path.to_owned(), body);
    let user = id("/users", json!({"username": "both"})).await;
    let group = id("/groups", json!({"name": "both"})).await;
    let client = id("/clients", json!({"clientId": "both", "serviceAccountsEnabled": true})).await;
    let scope = id("/client-scopes", json!({"name": "both", "protocol": "openid-connect"})).await;
    id("/roles", json!({"name": "both"})).await;
    let kind = "oidc-hardcoded-claim-mapper";
    let config = json!({"claim.name": "c", "claim.value": "v"});
    let mapper = json!({"name": "both", "protocol": "openid-connect", "protocolMapper": kind, "config": config});
    let mapper = made(format!("/clients/{client}/protocol-mappers/models"), mapper).await;
    let component = json!({"name": "both", "providerType": "org.keycloak.keys.KeyProvider",
        "providerId": "hmac-generated", "config": {"priority": ["1"]}});
    let component = id("/components", component).await;
    id("/identity-provider/instances", provider("both")).await;
    let of_provider = "hardcoded-attribute-idp-mapper";
    let place = "/identity-provider/instances/both/mappers";
    let named = json!({"name": "both", "identityProviderMapper": of_provider, "identityProviderAlias": "both"});
    let provider_mapper = id(place, named).await;
    id("/authentication/flows", json!({"alias": "steps", "providerId": "basic-flow", "topLevel": true})).await;
    let step = json!({"provider": "auth-otp-form"});
    let step = id("/authentication/flows/steps/executions/execution", step).await;
    let config = id("/authentication/config", json!({"alias": "both", "config": {"x": "y"}})).await;
    let description = || (json!({"description": "$"}), "/description");
    let attributes = || (json!({"attributes": {"k": "$"}}), "/attributes/k");
    let lists = || (json!({"attributes": {"k": ["$"]}}), "/attributes/k/0");
    let name = || (json!({"name": "$"}), "/name");
    vec![
        Kind::new("realm", "", (json!({"displayName": "$"}), "/displayName"), attributes()).versioned(),
        Kind::new(
            "user",
            format!("/users/{user}"),
            (json!({"firstName": "$"}), "/firstName"),
            (json!({"lastName": "$"}), "/lastName"),
        )
        .versioned(),
        Kind::new(
            "group",
            format!("/groups/{group}"),
            (json!({"name": "both", "description": "$"}), "/description"),
            (json!({"name": "both", "attributes": {"k": ["$"]}}), "/attributes/k/0"),
        )
        .versioned(),
        Kind::new("role", "/roles/both", description(), lists()).versioned(),
        Kind::new("client", format!("/clients/{client}"), description(), attributes()).versioned(),
        Kind::new("client scope", format!("/client-scopes/{scope}"), description(), attributes()).versioned(),
        Kind::new(
            "mapper",
            format!("/clients/{client}/protocol-mappers/models/{mapper}"),
            name(),
            (
                json!({"protocol": "openid-connect", "protocolMapper": kind, "config": {"claim.name": "c", "claim.value": "$"}}),
                "/config/claim.value",
            ),
        ),
        Kind::new(
            "component",
            format!("/components/{component}"),
            name(),
            (json!({"config": {"priority": ["1"], "x": ["$"]}}), "/config/x/0"),
        )
        .versioned(),
        Kind::new(
            "identity provider",
            "/identity-provider/instances/both",
            (json!({"displayName": "$"}), "/displayName"),
            (
                json!({"config": {"clientId": "$", "authorizationUrl": "https://idp.example.org/a",
                "tokenUrl": "https://idp.example.org/t"}}),
                "/config/clientId",
            ),
        )
        .versioned(),
        Kind::new(
            "mapper of an identity provider",
            format!("{place}/{provider_mapper}"),
            name(),
            (json!({"identityProviderMapper": of_provider, "config": {"attribute": "$"}}), "/config/attribute"),
        ),
        Kind {
            read: r(&format!("/authentication/executions/{step}")),
            ..Kind::new(
                "step",
                "/authentication/flows/steps/executions",
                (json!({"id": step, "requirement": "!"}), "/requirement"),
                (json!({"id": step, "priority": "#"}), "/priority"),
            )
        },
        Kind::new(
            "settings of a step",
            format!("/authentication/config/{config}"),
            (json!({"alias": "$"}), "/alias"),
            (json!({"config": {"x": "$"}}), "/config/x"),
        ),
        Kind::new(
            "required action",
            "/authentication/required-actions/CONFIGURE_TOTP",
            name(),
            (json!({"priority": "#"}), "/priority"),
        ),
        Kind::new(
            "events",
            "/events/config",
            (json!({"eventsExpiration": "#"}), "/eventsExpiration"),
            (json!({"enabledEventTypes": ["$"]}), "/enabledEventTypes/0"),
        ),
    ]
}
