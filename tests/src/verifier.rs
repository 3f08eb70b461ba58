//! What registries of three versions say about a token, found out without them and without our own JOSE code.
//!
//! The rules are those of registry 2.8 (with libtrust) and of registry 3 (with go-jose): which key a header leads to,
//! which algorithms fit that key, which claims are looked at. Only OpenSSL and a JSON reader are used, so that a mistake
//! in the server's own code can't confirm itself here.

mod bundle;
mod claims;
pub mod forge;
mod header;
pub(crate) mod key;
#[cfg(test)]
mod matrix;
pub(crate) mod signature;
#[cfg(test)]
mod tests;

pub use key::{libtrust_id, thumbprint};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::{
    pkey::{PKey, Public},
    x509::X509,
};
use serde_json::Value;

/// A registry whose verdict is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistryVersion {
    /// 2.8.2, as in Debian 12.
    V2_8,
    /// 3.0.0, which computes wrong thumbprints of EC keys.
    V3_0,
    /// 3.1.1.
    V3_1,
}

/// What the registry's configuration names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sources {
    /// `rootcertbundle` only.
    Bundle,
    /// `jwks` only; for registry 3.
    Jwks,
    /// Both.
    Both,
}

impl Sources {
    fn has_bundle(self) -> bool {
        self != Self::Jwks
    }

    fn has_jwks(self) -> bool {
        self != Self::Bundle
    }
}

/// What a registry says about a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// `GET /v2/` is answered with 200.
    Accepted,
    /// It is answered with 401, for this reason.
    Refused(String),
}

impl Verdict {
    /// The token is good.
    #[must_use]
    pub fn accepted(&self) -> bool {
        *self == Self::Accepted
    }
}

/// The files that a registry was started with.
#[derive(Clone, Debug)]
pub struct Trust {
    bundle: Vec<X509>,
    jwks: Vec<(String, PKey<Public>)>,
}

impl Trust {
    /// Reads a PEM bundle, which may be empty, and a JWKS document.
    ///
    /// # Panics
    /// If one of them can't be read.
    #[must_use]
    pub fn new(bundle: &str, jwks: &Value) -> Self {
        let bundle = X509::stack_from_pem(bundle.as_bytes()).expect("certificates");
        let keys = jwks["keys"].as_array().expect("a JWKS document");
        let jwks = keys
            .iter()
            .filter_map(|jwk| Some((jwk["kid"].as_str()?.to_owned(), key::from_jwk(jwk).expect("a key"))))
            .collect();
        Self { bundle, jwks }
    }

    /// What the registry says about `token` at `now` (seconds since 1970), being configured with this issuer and
    /// service.
    #[must_use]
    pub fn verdict(
        &self,
        version: RegistryVersion,
        sources: Sources,
        token: &str,
        issuer: &str,
        service: &str,
        now: i64,
    ) -> Verdict {
        match self.check(version, sources, token, issuer, service, now) {
            Ok(()) => Verdict::Accepted,
            Err(reason) => Verdict::Refused(reason),
        }
    }

    fn check(
        &self,
        version: RegistryVersion,
        sources: Sources,
        token: &str,
        issuer: &str,
        service: &str,
        now: i64,
    ) -> Result<(), String> {
        if version == RegistryVersion::V2_8 {
            if sources != Sources::Bundle {
                return Err("registry 2.8 knows no jwks".to_owned());
            }
            if self.bundle.iter().any(|certificate| key::is_ed25519(&key::of_certificate(certificate))) {
                return Err("registry 2.8 does not start with an Ed25519 certificate".to_owned());
            }
        }
        let parts: Vec<&str> = token.split('.').collect();
        let &[first, second, third] = parts.as_slice() else { return Err("no three parts".to_owned()) };
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|error| format!("no base64url: {error}"));
        let json = |part: &str| serde_json::from_slice::<Value>(&decode(part)?).map_err(|error| error.to_string());
        let (header, claims) = (json(first)?, json(second)?);
        let key = self.signing_key(version, sources, &header, now)?;
        let algorithm = header["alg"].as_str().ok_or("no alg")?;
        let signed = &token[..first.len() + 1 + second.len()];
        signature::check(version, algorithm, &key, signed.as_bytes(), &decode(third)?)?;
        claims::check(version, &claims, issuer, service, now)
    }
}

/// Whether the claims of a good token allow `action` on a resource, as the registries of all versions see it.
#[must_use]
pub fn allows(claims: &Value, resource_type: &str, name: &str, action: &str) -> bool {
    let entries = claims["access"].as_array().map(Vec::as_slice).unwrap_or_default();
    entries.iter().filter(|entry| entry["type"] == resource_type && entry["name"] == name).any(|entry| {
        entry["actions"].as_array().is_some_and(|actions| actions.iter().any(|held| held == action || held == "*"))
    })
}
