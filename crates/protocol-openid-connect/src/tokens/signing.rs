//! Which key signs a token, and under which header.

use jose::{PreparedHeader, SignatureAlgorithm};
use model::{client::Client, realm::Realm};
use serde_json::{Map, Value};
use services::{Result, Services, keys};

/// The algorithm of tokens that only we read.
const OWN_ALGORITHM: SignatureAlgorithm = SignatureAlgorithm::Hs512;
/// Attribute: what signs access tokens of this client.
pub const ACCESS_ALGORITHM: &str = "access.token.signed.response.alg";
/// Attribute: what signs ID tokens of this client.
pub const ID_ALGORITHM: &str = "id.token.signed.response.alg";

/// Signs claims for others with the realm's active key of this algorithm.
///
/// # Errors
/// If the database or the cryptographic library fails.
pub async fn sign(
    services: &Services,
    realm: &Realm,
    algorithm: SignatureAlgorithm,
    typ: &str,
    claims: &Map<String, Value>,
) -> Result<String> {
    let keys = keys::with_active(services, realm, algorithm).await?;
    let key = keys.active(algorithm).ok_or(services::Error::Jose(jose::Error::UnknownKey))?;
    match typ {
        "JWT" => key.sign(claims),
        typ => key.sign_with(&PreparedHeader::with_type(algorithm, Some(&key.kid), Some(typ)), claims),
    }
}

/// Signs claims that only this server reads.
///
/// # Errors
/// As [`sign`].
pub async fn sign_own(services: &Services, realm: &Realm, claims: &Map<String, Value>) -> Result<String> {
    sign(services, realm, OWN_ALGORITHM, "JWT", claims).await
}

/// The client's algorithm, else the realm's. A text that is no algorithm of key pairs counts as absent: others have to
/// verify the token.
pub fn algorithm(realm: &Realm, client: &Client, attribute: &str) -> SignatureAlgorithm {
    let pairs = |name: &str| {
        name.parse::<SignatureAlgorithm>().ok().filter(|algorithm| algorithm.family() != jose::Family::Hmac)
    };
    let named = client.attributes.get(attribute).and_then(|name| pairs(name));
    named.or_else(|| pairs(&realm.settings.default_signature_algorithm)).unwrap_or(SignatureAlgorithm::Rs256)
}
