//! What a key provider's settings ask for: which key, and whether it is made here or given.

use jose::{Curve, SignatureAlgorithm};
use model::{component::Component, key::KeyUse, problem::Problem};

use crate::{Error, Result};

/// The key providers that this server runs.
pub const KEY_PROVIDERS: [&str; 8] = [
    "rsa-generated",
    "rsa-enc-generated",
    "rsa",
    "rsa-enc",
    "ecdsa-generated",
    "eddsa-generated",
    "hmac-generated",
    "aes-generated",
];

const RSA_SIGNATURES: [&str; 6] = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
const RSA_ENCRYPTION: [&str; 3] = ["RSA-OAEP", "RSA-OAEP-256", "RSA1_5"];

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
            Material::Ec(_) => &["ecdsaPublicKey"],
            Material::Ed25519 => &["eddsaPublicKey"],
            Material::Secret(_) => &["kid"],
        }
    }
}

fn refuse<T>(name: &str, text: impl Into<String>) -> Result<T> {
    Err(Error::Invalid(vec![Problem::new(name, text)]))
}

/// One of the allowed algorithms, or the usual one if none is named.
fn algorithm(component: &Component, usual: &str, allowed: &[&str]) -> Result<String> {
    let named = component.setting("algorithm").unwrap_or(usual);
    if allowed.contains(&named) {
        return Ok(named.to_owned());
    }
    refuse("algorithm", format!("'Algorithm' should be one of {}", allowed.join(", ")))
}

fn number(component: &Component, name: &str, usual: u32) -> Option<u32> {
    component.setting(name).map_or(Some(usual), |text| text.parse().ok())
}

fn rsa_bits(component: &Component) -> Result<Material> {
    match number(component, "keySize", 2_048) {
        Some(size @ (2_048 | 3_072 | 4_096)) => Ok(Material::Rsa(size)),
        _ => refuse("keySize", "'Key size' should be 2048, 3072 or 4096"),
    }
}

fn check_switches(component: &Component) -> Result<()> {
    for switch in ["enabled", "active"] {
        if component.setting(switch).is_some_and(|value| value != "true" && value != "false") {
            return refuse(switch, format!("'{switch}' must be 'true' or 'false'"));
        }
    }
    if component.setting("priority").is_some_and(|priority| priority.parse::<i64>().is_err()) {
        return refuse("priority", "'Priority' should be a number");
    }
    Ok(())
}

/// Reads a key provider's settings.
///
/// # Errors
/// `Invalid` for settings that make no sense, `Refused` for a provider that this server doesn't run.
pub(crate) fn key_plan(component: &Component) -> Result<KeyPlan> {
    check_switches(component)?;
    let signs = |algorithm: String, material| KeyPlan { purpose: KeyUse::Signature, algorithm, material, given: false };
    let encrypts = |algorithm, material| KeyPlan { purpose: KeyUse::Encryption, algorithm, material, given: false };
    match component.provider_id.as_str() {
        "rsa-generated" => Ok(signs(algorithm(component, "RS256", &RSA_SIGNATURES)?, rsa_bits(component)?)),
        "rsa-enc-generated" => Ok(encrypts(algorithm(component, "RSA-OAEP", &RSA_ENCRYPTION)?, rsa_bits(component)?)),
        "rsa" if component.setting("keyUse").is_some_and(|purpose| purpose.eq_ignore_ascii_case("enc")) => {
            let algorithm = algorithm(component, "RSA-OAEP", &RSA_ENCRYPTION)?;
            Ok(KeyPlan { given: true, ..encrypts(algorithm, Material::Rsa(0)) })
        }
        "rsa" => {
            let algorithm = algorithm(component, "RS256", &RSA_SIGNATURES)?;
            Ok(KeyPlan { given: true, ..signs(algorithm, Material::Rsa(0)) })
        }
        "rsa-enc" => {
            let algorithm = algorithm(component, "RSA-OAEP", &RSA_ENCRYPTION)?;
            Ok(KeyPlan { given: true, ..encrypts(algorithm, Material::Rsa(0)) })
        }
        "ecdsa-generated" => {
            let (algorithm, curve) = match component.setting("ecdsaEllipticCurveKey").unwrap_or("P-256") {
                "P-256" => (SignatureAlgorithm::Es256, Curve::P256),
                "P-384" => (SignatureAlgorithm::Es384, Curve::P384),
                "P-521" => (SignatureAlgorithm::Es512, Curve::P521),
                other => {
                    let known = Curve::ALL.map(Curve::as_str).join(", ");
                    return refuse("ecdsaEllipticCurveKey", format!("'{other}' is no curve of {known}"));
                }
            };
            Ok(signs(algorithm.as_str().to_owned(), Material::Ec(curve)))
        }
        "eddsa-generated" => match component.setting("eddsaEllipticCurveKey").unwrap_or("Ed25519") {
            "Ed25519" => Ok(signs(SignatureAlgorithm::EdDsa.as_str().to_owned(), Material::Ed25519)),
            other => refuse("eddsaEllipticCurveKey", format!("'{other}' is not Ed25519, the only curve offered")),
        },
        "hmac-generated" => {
            let algorithm = algorithm(component, "HS512", &["HS256", "HS384", "HS512"])?;
            match number(component, "secretSize", 128) {
                Some(size @ 64..=512) => Ok(signs(algorithm, Material::Secret(size as usize))),
                _ => refuse("secretSize", "'Secret size' should be from 64 to 512 bytes"),
            }
        }
        "aes-generated" => match number(component, "secretSize", 16) {
            Some(size @ (16 | 24 | 32)) => Ok(encrypts("AES".to_owned(), Material::Secret(size as usize))),
            _ => refuse("secretSize", "'AES Key size' should be 16, 24 or 32 bytes"),
        },
        "java-keystore" => Err(Error::Refused(
            "A Java keystore can't be read here: give its private key and certificate to the provider rsa".to_owned(),
        )),
        _ => Err(Error::Refused("Invalid provider type or no such provider".to_owned())),
    }
}
