//! Ready-made configurations for applications.

use protocol::{Installation, InstallationContext, InstallationFile};
use serde_json::{Map, Value, json};

const KEYCLOAK_JSON: &str = "keycloak-oidc-keycloak-json";
const JSON: &str = "application/json";
/// What stands for the secret towards those who may not see it.
const SECRET_HINT: &str = "put the secret of this client here";

/// What can be made.
pub const ALL: [Installation; 1] = [Installation {
    id: KEYCLOAK_JSON,
    label: "Keycloak OIDC JSON",
    help: "The keycloak.json that client libraries for Keycloak read.",
    filename: "keycloak.json",
    media_type: JSON,
    download_only: false,
}];

/// Makes one. None if there is no such installation.
pub fn make(id: &str, context: &InstallationContext<'_>) -> Option<Result<InstallationFile, String>> {
    (id == KEYCLOAK_JSON).then(|| {
        let content = serde_json::to_vec_pretty(&keycloak_json(context));
        let content = content.or(Err("The configuration can't be written as JSON.".to_owned()))?;
        Ok(InstallationFile { content, media_type: JSON, filename: "keycloak.json" })
    })
}

/// The keys are those that Keycloak writes.
fn keycloak_json(context: &InstallationContext<'_>) -> Value {
    let client = context.client;
    let mut adapter = Map::new();
    let mut put = |name: &str, value: Value| adapter.insert(name.to_owned(), value);
    put("realm", json!(context.realm.name));
    put("auth-server-url", json!(format!("{}/", context.public_url.trim_end_matches('/'))));
    put("ssl-required", json!(context.realm.settings.ssl_required));
    put("resource", json!(client.client_id));
    if client.settings.bearer_only {
        put("bearer-only", json!(true));
    } else if client.settings.public_client {
        put("public-client", json!(true));
    } else {
        put("credentials", json!({ "secret": context.client_secret.map_or(SECRET_HINT, |secret| secret.expose()) }));
    }
    put("confidential-port", json!(0));
    Value::Object(adapter)
}
