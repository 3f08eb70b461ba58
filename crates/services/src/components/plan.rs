//! What a key provider's settings ask for: which key, and whether it is made here or given.

use jose::{Curve, SignatureAlgorithm};
use model::{component::Component, key::KeyUse};

use super::kinds;
use crate::Result;

/// What Keycloak calls the algorithm of a secret that encrypts.
const AES: &str = "AES";

/// What a key is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Material {
    /// An RSA key of so many bits.
    Rsa(u32),
    /// A key on a curve.
    Ec(Curve),
    /// An Ed25519 key.
    Ed25519,
    /// A secret of so many bytes.
    Secret(usize),
}

/// A key that a provider wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyPlan {
    /// What it is for.
    pub(crate) purpose: KeyUse,
    /// Its algorithm.
    pub(crate) algorithm: String,
    /// What it is made of.
    pub(crate) material: Material,
    /// It is given in the settings and never made here.
    pub(crate) given: bool,
}

impl KeyPlan {
    /// The setting that holds the private or secret part, where it comes with the settings.
    pub(crate) fn private_setting(&self) -> &'static str {
        match self.material {
            Material::Rsa(_) => "privateKey",
            Material::Ec(_) if self.purpose == KeyUse::Encryption => "ecdhPrivateKey",
            Material::Ec(_) => "ecdsaPrivateKey",
            Material::Ed25519 => "eddsaPrivateKey",
            Material::Secret(_) => "secret",
        }
    }

    /// The settings that come with the private part and are kept with the key.
    pub(crate) fn further_settings(&self) -> &'static [&'static str] {
        match self.material {
            // People look at the certificate that they gave.
            Material::Rsa(_) if self.given => &[],
            Material::Rsa(_) => &["certificate"],
            Material::Ec(_) if self.purpose == KeyUse::Encryption => &["ecdhPublicKey"],
            Material::Ec(_) => &["ecdsaPublicKey"],
            Material::Ed25519 => &["eddsaPublicKey"],
            Material::Secret(_) => &["kid"],
        }
    }
}

/// Reads a key provider's settings.
///
/// # Errors
/// `Invalid` for settings that make no sense, `Refused` for a provider that this server doesn't run.
pub(crate) fn key_plan(component: &Component) -> Result<KeyPlan> {
    kinds::check(component, &kinds::KEY_PROVIDERS)?;
    // What is there was checked; what is absent has its default.
    let kind = kinds::KEY_PROVIDERS.iter().find(|kind| kind.id == kinds::id_of(component));
    let text = |name: &str| {
        let usual = || kind.and_then(|kind| kind.settings.iter().find(|setting| setting.name == name)?.default);
        component.setting(name).or_else(usual).unwrap_or_default()
    };
    let curve = |name: &str| Curve::parse(text(name)).unwrap_or(Curve::P256);
    let number = |name: &str| text(name).parse().unwrap_or(0);
    let signs = |algorithm: &str, material| KeyPlan {
        purpose: KeyUse::Signature,
        algorithm: algorithm.to_owned(),
        material,
        given: false,
    };
    let encrypts = |algorithm: &str, material| KeyPlan { purpose: KeyUse::Encryption, ..signs(algorithm, material) };
    let given = |plan: KeyPlan| KeyPlan { given: true, ..plan };
    Ok(match kinds::id_of(component) {
        "rsa-generated" => signs(text("algorithm"), Material::Rsa(number("keySize"))),
        "rsa-enc-generated" => encrypts(text("algorithm"), Material::Rsa(number("keySize"))),
        "rsa" => given(signs(text("algorithm"), Material::Rsa(0))),
        "rsa-enc" => given(encrypts(text("algorithm"), Material::Rsa(0))),
        "ecdsa-generated" => {
            let curve = curve("ecdsaEllipticCurveKey");
            let algorithm = match curve {
                Curve::P256 => SignatureAlgorithm::Es256,
                Curve::P384 => SignatureAlgorithm::Es384,
                Curve::P521 => SignatureAlgorithm::Es512,
            };
            signs(algorithm.as_str(), Material::Ec(curve))
        }
        "ecdh-generated" => encrypts(text("ecdhAlgorithm"), Material::Ec(curve("ecdhEllipticCurveKey"))),
        "eddsa-generated" => signs(SignatureAlgorithm::EdDsa.as_str(), Material::Ed25519),
        "hmac-generated" => signs(text("algorithm"), Material::Secret(number("secretSize") as usize)),
        _ => encrypts(AES, Material::Secret(number("secretSize") as usize)),
    })
}
