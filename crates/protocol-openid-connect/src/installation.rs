//! Ready-made configurations for applications.

use protocol::{Installation, InstallationContext, InstallationFile};
use serde_json::{Map, Value, json};

const KEYCLOAK_JSON: &str = "keycloak-oidc-keycloak-json";
const SUBSYSTEM: &str = "keycloak-oidc-jboss-subsystem";
const SUBSYSTEM_CLI: &str = "keycloak-oidc-jboss-subsystem-cli";
const JSON: &str = "application/json";
const XML: &str = "application/xml";
/// Keycloak answers with this type, whatever the file is.
const TEXT: &str = "text/plain";
/// What stands for the secret towards those who may not see it.
const SECRET_HINT: &str = "put the secret of this client here";

const fn installation(
    id: &'static str,
    label: &'static str,
    help: &'static str,
    filename: &'static str,
    media_type: &'static str,
) -> Installation {
    Installation { id, label, help, filename, media_type, download_only: false }
}

/// What can be made.
pub const ALL: [Installation; 3] = [
    installation(
        KEYCLOAK_JSON,
        "Keycloak OIDC JSON",
        "The keycloak.json that client libraries for Keycloak read.",
        "keycloak.json",
        JSON,
    ),
    installation(
        SUBSYSTEM,
        "Keycloak OIDC JBoss Subsystem XML",
        "A secure-deployment for the Keycloak subsystem in standalone.xml or domain.xml of a WildFly server.",
        "keycloak-oidc-subsystem.xml",
        XML,
    ),
    installation(
        SUBSYSTEM_CLI,
        "Keycloak OIDC JBoss Subsystem CLI",
        "Commands that add the same with the command line of a WildFly server.",
        "keycloak-oidc-subsystem.cli",
        TEXT,
    ),
];

/// Makes one. None if there is no such installation.
pub fn make(id: &str, context: &InstallationContext<'_>) -> Option<Result<InstallationFile, String>> {
    let made = ALL.iter().find(|made| made.id == id)?;
    let adapter = keycloak_json(context);
    let content = match id {
        KEYCLOAK_JSON => {
            serde_json::to_vec_pretty(&adapter).or(Err("The configuration can't be written as JSON.".to_owned()))
        }
        SUBSYSTEM => Ok(subsystem(&adapter).into_bytes()),
        _ => subsystem_cli(&adapter).map(String::into_bytes),
    };
    Some(content.map(|content| InstallationFile { content, media_type: TEXT, filename: made.filename }))
}

/// Each setting with its text, in their order; the secret is one of its own.
fn settings(adapter: &Map<String, Value>) -> impl Iterator<Item = (&str, String)> {
    let settings = adapter.iter().filter(|(name, _)| !["credentials", "confidential-port"].contains(&name.as_str()));
    settings.map(|(name, value)| {
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        (name.as_str(), if name == "ssl-required" { text.to_uppercase() } else { text })
    })
}

fn secret(adapter: &Map<String, Value>) -> Option<&str> {
    adapter.get("credentials")?.get("secret")?.as_str()
}

/// Where the administrator names the application.
const DEPLOYMENT: &str = "WAR MODULE NAME.war";

fn subsystem(adapter: &Map<String, Value>) -> String {
    let mut text = format!("<secure-deployment name=\"{DEPLOYMENT}\">\n");
    for (name, value) in settings(adapter) {
        text.push_str(&format!("    <{name}>{}</{name}>\n", xml(&value)));
    }
    if let Some(secret) = secret(adapter) {
        text.push_str(&format!("    <credential name=\"secret\">{}</credential>\n", xml(secret)));
    }
    text.push_str("</secure-deployment>\n");
    text
}

/// Text as it stands in XML.
fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // No XML text can hold the other control characters.
            letter if letter.is_control() && !matches!(letter, '\t' | '\n' | '\r') => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

fn subsystem_cli(adapter: &Map<String, Value>) -> Result<String, String> {
    let place = format!("/subsystem=keycloak/secure-deployment=\"{DEPLOYMENT}\"");
    let quoted = |text: &str| match text.contains(char::is_control) {
        true => Err("A setting of the client holds a control character, which no command can.".to_owned()),
        false => Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))),
    };
    let given: Result<Vec<_>, String> =
        settings(adapter).map(|(name, value)| Ok(format!("{name}={}", quoted(&value)?))).collect();
    let mut text = format!("{place}/:add( {} )\n", given?.join(", "));
    if let Some(secret) = secret(adapter) {
        text.push_str(&format!("{place}/credential=secret:add( value={} )\n", quoted(secret)?));
    }
    Ok(text)
}

/// The keys are those that Keycloak writes.
fn keycloak_json(context: &InstallationContext<'_>) -> Map<String, Value> {
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
    adapter
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adapter() -> Map<String, Value> {
        let adapter = json!({
            "realm": "a&b", "ssl-required": "external", "resource": "x\"<y>", "credentials": {"secret": "s\\"},
            "confidential-port": 0,
        });
        adapter.as_object().unwrap().clone()
    }

    #[test]
    fn what_people_named_is_written_as_text() {
        let text = subsystem(&adapter());
        assert!(text.contains("<realm>a&amp;b</realm>") && text.contains("<resource>x&quot;&lt;y&gt;</resource>"));
        assert!(text.contains("<ssl-required>EXTERNAL</ssl-required>") && !text.contains("confidential-port"));
        assert!(text.contains("<credential name=\"secret\">s\\</credential>"));
    }

    #[test]
    fn a_command_ends_where_it_should() {
        let text = subsystem_cli(&adapter()).unwrap();
        assert_eq!(text.lines().count(), 2);
        assert!(text.contains(r#"resource="x\"<y>""#) && text.contains(r#"value="s\\""#), "{text}");
        let mut broken = adapter();
        broken.insert("realm".into(), json!("a\nb"));
        assert!(subsystem_cli(&broken).is_err());
    }
}
