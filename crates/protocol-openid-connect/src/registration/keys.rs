//! The keys that a client registers (RFC 7517): public ones only.

use jose::KeySet;
use serde_json::{Map, Value};
use services::client_registration::Result;

use super::members::{Members, invalid};

/// Attributes; Keycloak's names.
pub const TEXT: &str = "jwks.string";
pub const USE_TEXT: &str = "use.jwks.string";
pub const USE_URL: &str = "use.jwks.url";
/// The attributes that are written here.
pub const ATTRIBUTES: [&str; 3] = [TEXT, USE_TEXT, USE_URL];

/// What a JWK has that only its owner may know (RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Reads `jwks` or `jwks_uri`; keys at an address are not fetched before they are needed.
///
/// # Errors
/// If both are there, if the keys can't be read, or if a client that proves with a key who it is has none.
pub fn read(members: &Members, mut attribute: impl FnMut(&str, String)) -> Result<()> {
    let (set, by_url) = (members.object("jwks")?, members.text("jwks_uri")?.is_some());
    if set.is_some() && by_url {
        return Err(invalid("jwks", "can't be given together with jwks_uri"));
    }
    let usable = match set {
        Some(set) => usable(set)?,
        None => by_url,
    };
    if members.text("token_endpoint_auth_method")? == Some("private_key_jwt") && !usable {
        return Err(invalid("token_endpoint_auth_method", "private_key_jwt needs a key: jwks or jwks_uri"));
    }
    let switch = |on: bool| if on { "true" } else { "" }.to_owned();
    attribute(TEXT, set.map(|set| Value::Object(set.clone()).to_string()).unwrap_or_default());
    attribute(USE_TEXT, switch(set.is_some()));
    attribute(USE_URL, switch(by_url));
    Ok(())
}

/// Whether the set has a key that can be used.
fn usable(set: &Map<String, Value>) -> Result<bool> {
    let keys = set.get("keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_private = |key: &Value| PRIVATE.iter().any(|member| key.get(member).is_some());
    if keys.iter().any(is_private) {
        return Err(invalid("jwks", "may hold public keys only; what it holds is to be replaced: others have seen it"));
    }
    match KeySet::parse(&Value::Object(set.clone()).to_string()) {
        Ok(set) => Ok(!set.is_empty()),
        Err(error) => Err(invalid("jwks", &format!("can't be read: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn attributes(document: Value) -> Result<Vec<(String, String)>> {
        let mut attributes = Vec::new();
        read(&Members::of(document).unwrap(), |name, value| attributes.push((name.to_owned(), value)))?;
        attributes.retain(|(_, value)| !value.is_empty());
        Ok(attributes)
    }

    #[test]
    fn keys_are_public_and_given_once() {
        let public =
            json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]});
        assert_eq!(attributes(json!({"jwks": public})).unwrap().len(), 2);
        assert_eq!(attributes(json!({"jwks_uri": "https://a.example/"})).unwrap(), [(USE_URL.into(), "true".into())]);
        assert_eq!(attributes(json!({})).unwrap(), []);
        let by_key = |jwks: Value| json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": jwks});
        assert!(attributes(by_key(public.clone())).is_ok());
        let mut private = public.clone();
        private["keys"][0]["d"] = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A".into();
        for refused in [
            json!({"jwks": public, "jwks_uri": "https://a.example/"}),
            json!({"jwks": private}),
            json!({"jwks": {"keys": [{"kty": "oct", "k": "AA"}]}}),
            json!({"jwks": {"keys": 1}}),
            json!({"jwks": {}}),
            json!({"jwks": []}),
            by_key(json!(null)),
            by_key(json!({"keys": []})),
        ] {
            assert!(attributes(refused.clone()).is_err(), "{refused}");
        }
    }
}
