//! The configuration of zot, as YAML so that it can explain itself.

use jose::{Family, PublicKey, SignatureAlgorithm};
use serde_json::Value;

use super::{Target, quoting};

/// Makes the configuration. zot trusts one public key, which stands in comments so that the file is complete.
pub(super) fn config(target: &Target<'_>, jwks: &str) -> Result<String, String> {
    const KEY: &str = "/etc/zot/portcullis-signing.pem";
    let pem = signing_key(jwks, target.algorithm())?;
    let key_lines: String = pem.lines().map(|line| format!("#| {line}\n")).collect();
    Ok(format!(
        "# zot with tokens of Portcullis: save this file as /etc/zot/zot-config.yaml.\n\
         # zot verifies tokens by one public key, the one in the lines below. Write it into a file before the start:\n\
         #   sed -n 's/^#| //p' /etc/zot/zot-config.yaml > {KEY}\n\
         # When the realm gets a new signing key, take this file anew and restart zot. The keys are also served at\n\
         #   {certs}\n\
         # Warning: zot checks neither issuer nor service of a token. A token for any other client of this realm that is\n\
         # signed by the same key is valid here as well: use a realm or a signing algorithm of its own for zot.\n\
         {key_lines}{warning}distSpecVersion: \"1.1.0\"\nstorage:\n  rootDirectory: /var/lib/registry\n\
         http:\n  address: 0.0.0.0\n  port: \"5000\"\n  auth:\n    bearer:\n      realm: {realm}\n      \
         service: {service}\n      cert: {KEY}\nlog:\n  level: info\n",
        certs = quoting::url(&target.jwks_url()),
        warning = target.warning(),
        realm = quoting::yaml(&target.realm),
        service = quoting::yaml(target.service),
    ))
}

/// The first key of the set that signs with this algorithm, as PEM: the active one stands first.
fn signing_key(jwks: &str, algorithm: SignatureAlgorithm) -> Result<String, String> {
    let set: Value = serde_json::from_str(jwks).map_err(|error| format!("The realm's keys can't be read: {error}"))?;
    let keys = set.get("keys").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let said = |key: &&Value| key.get("alg").and_then(Value::as_str) == Some(algorithm.as_str());
    // an RSA key signs with every RSA algorithm, whichever one its JWK names
    let fits = |key: &&Value| match algorithm.family() {
        Family::Rsa => key.get("kty").and_then(Value::as_str) == Some("RSA"),
        _ => false,
    };
    let key = keys
        .iter()
        .find(said)
        .or_else(|| keys.iter().find(fits))
        .ok_or_else(|| format!("The realm has no key for the algorithm {} of this client.", algorithm.as_str()))?;
    PublicKey::from_jwk(key)
        .and_then(|key| key.to_spki_pem())
        .map_err(|error| format!("The realm's key can't be read: {error}"))
}
