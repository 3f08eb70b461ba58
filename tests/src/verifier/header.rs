//! From a token's header to the key that must have signed it.

use openssl::pkey::{PKey, Public};
use serde_json::Value;

use super::{RegistryVersion, Sources, Trust, bundle, key};

impl Trust {
    /// The key that the header leads to. All versions look at `x5c`, then `jwk`, then `kid`, and do not go on to the
    /// next one if an earlier one leads nowhere.
    pub(super) fn signing_key(
        &self,
        version: RegistryVersion,
        sources: Sources,
        header: &Value,
        now: i64,
    ) -> Result<PKey<Public>, String> {
        let trusted = if sources.has_bundle() { self.bundle.as_slice() } else { &[] };
        if !is_missing(&header["x5c"]) {
            return bundle::leaf(&header["x5c"], trusted, now).map(|leaf| key::of_certificate(&leaf));
        }
        if !is_missing(&header["jwk"]) {
            return self.by_jwk(version, sources, &header["jwk"]);
        }
        let kid = header["kid"].as_str().filter(|kid| !kid.is_empty()).ok_or("no x5c, jwk or kid")?;
        self.by_id(version, sources, kid)
    }

    fn by_id(&self, version: RegistryVersion, sources: Sources, kid: &str) -> Result<PKey<Public>, String> {
        let in_jwks = self.jwks.iter().filter(|_| sources.has_jwks()).find(|(id, _)| id == kid);
        let in_bundle = || {
            let mut keys = self.bundle.iter().filter(|_| sources.has_bundle()).map(key::of_certificate);
            keys.find(|key| key::id_in_bundle(version, key).as_deref() == Some(kid))
        };
        in_jwks.map(|(_, key)| key.clone()).or_else(in_bundle).ok_or_else(|| format!("the kid {kid} is unknown"))
    }

    fn by_jwk(&self, version: RegistryVersion, sources: Sources, jwk: &Value) -> Result<PKey<Public>, String> {
        let given = key::from_jwk(jwk).ok_or("jwk is no key")?;
        let kid = match (version, jwk["kid"].as_str()) {
            // libtrust computes the id itself and wants it to be the given one.
            (RegistryVersion::V2_8, kid) => {
                let id = key::libtrust_id(&given);
                if kid.is_some_and(|kid| kid != id) {
                    return Err("the jwk has another kid than libtrust's".to_owned());
                }
                id
            }
            (_, kid) => kid.ok_or("the jwk has no kid")?.to_owned(),
        };
        let trusted = self.by_id(version, sources, &kid)?;
        // The key that is known by the id verifies, never the one that came along.
        if trusted.public_eq(&given) {
            Ok(trusted)
        } else {
            Err("the jwk is another key than the known one".to_owned())
        }
    }
}

fn is_missing(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}
