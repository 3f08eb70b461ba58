//! Encryption of ID tokens and userinfo answers to the client (OpenID Connect Core 1.0 section 10.2).

use jose::{ContentEncryption, KeyManagementAlgorithm, encrypt::Types};
use model::{client::Client, realm::Realm};
use services::{Error, Result, Services, client_keys};

/// Encrypts a signed token if the client registered an algorithm for it, as Keycloak's attributes
/// `PREFIX.encrypted.response.alg` and `PREFIX.encrypted.response.enc`; else gives it back as it is.
///
/// # Errors
/// If the client's key can't be had: then nothing is sent in the clear.
pub async fn encrypted_for(
    services: &Services,
    realm: &Realm,
    client: &Client,
    prefix: &str,
    signed: String,
) -> Result<String> {
    let attribute = |name: &str| client.attributes.get(&format!("{prefix}.encrypted.response.{name}"));
    let Some(algorithm) = attribute("alg").filter(|name| !name.is_empty()) else { return Ok(signed) };
    let refuse = |text: &str| Error::Refused(format!("The client's tokens can't be encrypted: {text}"));
    let algorithm: KeyManagementAlgorithm =
        algorithm.parse().map_err(|_why| refuse("the algorithm is not offered here"))?;
    let content = match attribute("enc").filter(|name| !name.is_empty()) {
        // The default of OpenID Connect Dynamic Client Registration 1.0 section 2.
        None => ContentEncryption::A128CbcHs256,
        Some(name) => name.parse().map_err(|_why| refuse("the content encryption is not offered here"))?,
    };
    let keys = client_keys::of(services, realm, client).await?;
    let key = keys.encryption_key(algorithm).ok_or_else(|| refuse("it has no key for that"))?;
    Ok(jose::encrypt::encrypt(&key, content, Types::NESTED_JWT, signed.as_bytes())?)
}
