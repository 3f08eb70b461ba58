//! The settings of an identity provider, read from the metadata that it publishes (OpenID Connect Discovery 1.0
//! section 3).

use model::{Attributes, realm::Realm};
use serde_json::Value;

use super::{
    MANAGE,
    kinds::{self, Speaks},
};
use crate::{Caller, Error, Result, Services, client_keys::address_policy, realms};

/// The largest metadata that is read, in bytes.
pub const MAX_METADATA: usize = 256 * 1_024;

/// Members of the metadata, and the settings that they become.
const MEMBERS: [(&str, &str); 7] = [
    ("issuer", "issuer"),
    ("authorization_endpoint", "authorizationUrl"),
    ("token_endpoint", "tokenUrl"),
    ("end_session_endpoint", "logoutUrl"),
    ("userinfo_endpoint", "userInfoUrl"),
    ("introspection_endpoint", "tokenIntrospectionUrl"),
    ("jwks_uri", "jwksUrl"),
];

/// What Keycloak says to a request that can't be one.
fn bad_request() -> Error {
    Error::Illegal("HTTP 400 Bad Request".to_owned())
}

/// The settings that metadata at an address stands for.
///
/// # Errors
/// `Illegal` for a kind without metadata, `Refused` if there is none to be read at the address or it may not be called,
/// `Forbidden` without `manage-identity-providers`.
pub async fn from_url(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    provider_id: &str,
    url: &str,
) -> Result<Attributes> {
    caller.require(MANAGE)?;
    require_metadata(provider_id)?;
    let metadata = match own(services, url).await? {
        Some(own) => own,
        None => {
            let fetched = services.outgoing.get(url, &address_policy(realm), MAX_METADATA).await;
            let fetched =
                fetched.map_err(|error| Error::Refused(format!("The configuration can't be fetched: {error}")))?;
            read(&fetched.body)?
        }
    };
    let mut settings = settings(&metadata)?;
    settings.insert("metadataDescriptorUrl".to_owned(), url.to_owned());
    Ok(settings)
}

/// The settings that the metadata in a file stands for.
///
/// # Errors
/// As [`from_url`].
pub fn from_text(caller: &Caller, provider_id: &str, text: &[u8]) -> Result<Attributes> {
    caller.require(MANAGE)?;
    require_metadata(provider_id)?;
    let mut settings = settings(&read(text)?)?;
    settings.insert("syncMode".to_owned(), "LEGACY".to_owned());
    Ok(settings)
}

fn require_metadata(provider_id: &str) -> Result<()> {
    match kinds::find(provider_id).map(|kind| kind.speaks) {
        Some(Speaks::OpenIdConnect) => Ok(()),
        _ => Err(bad_request()),
    }
}

/// The metadata of a realm of this server. No request is needed for it, and none has to be allowed.
async fn own(services: &Services, url: &str) -> Result<Option<Value>> {
    let path = url.strip_prefix(services.public_url()).and_then(|rest| rest.strip_prefix("/realms/"));
    let Some((realm, path)) = path.and_then(|path| path.split_once('/')) else { return Ok(None) };
    let Some(realm) = realms::enabled(services, realm).await? else { return Ok(None) };
    let issuer = services.realm_url(&realm);
    Ok(services.protocols.iter().find_map(|protocol| protocol.metadata(&issuer, path)))
}

fn read(text: &[u8]) -> Result<Value> {
    serde_json::from_slice(text).map_err(|error| Error::Refused(format!("The configuration can't be read: {error}")))
}

fn settings(metadata: &Value) -> Result<Attributes> {
    if !metadata.is_object() {
        return Err(Error::Refused("The configuration can't be read: it is no object".to_owned()));
    }
    let text = |name: &str| metadata.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let mut settings: Attributes = MEMBERS
        .into_iter()
        .filter_map(|(member, setting)| Some((setting.to_owned(), text(member)?.to_owned())))
        .collect();
    if settings.contains_key("jwksUrl") {
        for switch in ["validateSignature", "useJwksUrl"] {
            settings.insert(switch.to_owned(), "true".to_owned());
        }
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn metadata_becomes_settings() {
        let metadata = json!({
            "issuer": "https://idp.example", "authorization_endpoint": "https://idp.example/auth",
            "token_endpoint": "https://idp.example/token", "jwks_uri": "https://idp.example/jwks",
            "userinfo_endpoint": 7, "scopes_supported": ["openid"],
        });
        let read = settings(&metadata).unwrap();
        let names: Vec<_> = read.keys().map(String::as_str).collect();
        let expected = ["authorizationUrl", "issuer", "jwksUrl", "tokenUrl", "useJwksUrl", "validateSignature"];
        assert_eq!(names, expected);
        assert!(settings(&json!([])).is_err());
        assert!(settings(&json!({})).unwrap().is_empty());
    }
}
