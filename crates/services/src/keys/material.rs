//! Keys that are not kept yet: made here, or given by an administrator or an import.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jose::{
    Error as JoseError, certificate,
    generate::{from_export, generate_ec, generate_ed25519, generate_rsa, generate_secret},
    key_id,
    public_key::{PublicKey, PublicKeyKind},
    sign::SigningKey,
};
use model::{
    component::Component,
    id::{ComponentId, RealmId},
    key::{Key, KeyUse},
};
use zeroize::Zeroizing;

use super::{AUTHORITY_LIFETIME, sealed_for};
use crate::{
    Error, Result, Services,
    components::plan::{KeyPlan, Material},
};

/// The longest private key or secret in a provider's settings, in letters.
const MAX_GIVEN: usize = 64 * 1_024;

/// A key that is not kept yet.
pub(crate) struct NewKey {
    purpose: KeyUse,
    algorithm: String,
    kid: String,
    private: Zeroizing<Vec<u8>>,
    public: Option<Vec<u8>>,
    certificate: Option<Vec<u8>>,
}

impl NewKey {
    /// The key as it is stored: as the key of a provider, its private part sealed.
    pub(crate) fn stored(&self, services: &Services, realm: RealmId, component: &ComponentId) -> Result<Key> {
        Ok(Key {
            kid: self.kid.clone(),
            component: Some(component.clone()),
            provider_id: String::new(),
            priority: 0,
            enabled: true,
            active: true,
            purpose: self.purpose,
            algorithm: self.algorithm.clone(),
            sealed: services.sealing.seal(&sealed_for(realm, self.purpose, &self.kid), &self.private)?,
            public: self.public.clone(),
            certificate: self.certificate.clone(),
            created: services.now(),
        })
    }
}

/// Makes a key on a thread for long work, unless one was made ahead: an RSA key costs a tenth of a second and more.
/// `common_name` is the subject of its own certificate.
///
/// # Errors
/// If the cryptographic library fails.
pub(crate) async fn generate(services: &Services, plan: KeyPlan, common_name: &str) -> Result<NewKey> {
    let (common_name, now) = (common_name.to_owned(), services.now().unix_timestamp());
    let secret_id = services.new_id();
    let ahead = if let Material::Rsa(bits) = plan.material { services.keys_ahead.take(bits) } else { None };
    let make = move || -> Result<NewKey> {
        let private = match plan.material {
            Material::Secret(length) => return Ok(secret(plan, generate_secret(length)?, secret_id)),
            Material::Ec(curve) => generate_ec(curve)?,
            Material::Ed25519 => generate_ed25519()?,
            Material::Rsa(bits) => ahead.map_or_else(|| generate_rsa(bits), Ok)?,
        };
        pair(plan, private, None, &common_name, now)
    };
    tokio::task::spawn_blocking(make).await.or(Err(Error::Jose(JoseError::Cryptography("make a key"))))?
}

fn secret(plan: KeyPlan, private: Zeroizing<Vec<u8>>, kid: String) -> NewKey {
    NewKey { purpose: plan.purpose, algorithm: plan.algorithm, kid, private, public: None, certificate: None }
}

fn pair(
    plan: KeyPlan,
    private: Zeroizing<Vec<u8>>,
    given_certificate: Option<Vec<u8>>,
    common_name: &str,
    now: i64,
) -> Result<NewKey> {
    let public = PublicKey::from_pkcs8_der(&private)?;
    let certificate = match given_certificate {
        Some(certificate) => certificate,
        None => {
            certificate::self_signed(&private, common_name, now, now + AUTHORITY_LIFETIME.as_secs().cast_signed() / 2)?
        }
    };
    Ok(NewKey {
        purpose: plan.purpose,
        algorithm: plan.algorithm,
        kid: key_id::thumbprint(&public)?,
        public: Some(public.to_spki_der()?),
        private,
        certificate: Some(certificate),
    })
}

/// Takes the key out of a provider's settings, so that it is kept sealed and not with them. None if they hold none, or
/// only the mask.
///
/// # Errors
/// `Invalid` if there is something that is no such key.
pub(crate) fn take(
    services: &Services,
    component: &mut Component,
    plan: &KeyPlan,
    common_name: &str,
) -> Result<Option<NewKey>> {
    let setting = plan.private_setting();
    let given = component.config.remove(setting).and_then(|values| values.into_iter().next()).map(Zeroizing::new);
    let further = |component: &mut Component, name: &str| {
        let values = match plan.further_settings().contains(&name) {
            true => component.config.remove(name),
            false => component.config.get(name).cloned(),
        };
        values.and_then(|values| values.into_iter().next()).filter(|value| !value.is_empty())
    };
    let (certificate, kid) = (further(component, "certificate"), further(component, "kid"));
    component.config.retain(|name, _| !plan.further_settings().contains(&name.as_str()));
    let Some(given) = given.filter(|given| !given.is_empty() && given.as_str() != representation::MASK) else {
        return Ok(None);
    };
    let refused = |text: String| Error::invalid(setting, text);
    if given.len() > MAX_GIVEN {
        return Err(refused("The key is too long".to_owned()));
    }
    let now = services.now().unix_timestamp();
    match plan.material {
        Material::Secret(_) => {
            let Ok(bytes) = URL_SAFE_NO_PAD.decode(given.trim_end_matches('=')).map(Zeroizing::new) else {
                return Err(refused("The secret is not base64url".to_owned()));
            };
            let fits = match plan.purpose {
                KeyUse::Encryption => matches!(bytes.len(), 16 | 24 | 32),
                _ => bytes.len() >= 32 && bytes.len() <= 1_024,
            };
            let signs = || SigningKey::from_secret(plan.algorithm.parse()?, &bytes);
            if !fits || plan.purpose == KeyUse::Signature && signs().is_err() {
                return Err(refused("The secret has a length that can't be used".to_owned()));
            }
            let kid = match kid {
                Some(kid) => crate::realms::given_id(services, Some(kid))?,
                None => services.new_id(),
            };
            Ok(Some(secret(plan.clone(), bytes, kid)))
        }
        _ => {
            let Ok(private) = from_export(&given) else {
                return Err(refused("Failed to decode private key".to_owned()));
            };
            let public = PublicKey::from_pkcs8_der(&private)?;
            let fits = match (plan.material, public.kind()) {
                (Material::Rsa(_), PublicKeyKind::Rsa { .. }) | (Material::Ed25519, PublicKeyKind::Ed25519) => true,
                (Material::Ec(curve), PublicKeyKind::EllipticCurve(of)) => curve == of,
                _ => false,
            };
            let signs = || SigningKey::from_pkcs8_der(plan.algorithm.parse()?, &private);
            if !fits || plan.purpose == KeyUse::Signature && signs().is_err() {
                return Err(refused("The key is of another kind than the provider's".to_owned()));
            }
            let certificate = certificate.map(|text| read_certificate(&text, &public)).transpose()?;
            pair(plan.clone(), private, certificate, common_name, now).map(Some)
        }
    }
}

/// The certificate of a given key: PEM, or base64 of its DER.
fn read_certificate(text: &str, key: &PublicKey) -> Result<Vec<u8>> {
    let refused = |text: &str| Error::invalid("certificate", text);
    let Ok(der) = certificate::from_text(text) else { return Err(refused("Failed to decode certificate")) };
    let of = PublicKey::from_certificate_der(&der)?;
    if of.to_spki_der()? == key.to_spki_der()? { Ok(der) } else { Err(refused("The certificate is another key's")) }
}
