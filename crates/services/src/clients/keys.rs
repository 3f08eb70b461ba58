//! The key of a client, kept as attributes as Keycloak does: a certificate or a public key, by which this server knows
//! what the client signed. `jwt.credential` names the key that a client authenticates with.
//!
//! A private key that is made here is handed out once and not kept: the client alone has a use for it.

use base64::{Engine, engine::general_purpose::STANDARD};
use jose::{
    KeySet, SignatureAlgorithm,
    certificate::{self, self_signed},
    generate::{Pkcs8, generate_rsa},
    key_store::{self, Entry},
};
use model::{client::Client, id::ClientId, realm::Realm, secret::Secret};
use representation::{CertificateRepresentation, ClientRepresentation, Masked};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::{VIEW, update};
use crate::{Caller, Error, Result, Services, What, cache, error::Found};

/// The longest name of a key, in bytes.
const MAX_NAME: usize = 100;
/// The sizes of an RSA key, bits, and for how many years its certificate may last.
const KEY_SIZES: [u32; 3] = [2_048, 3_072, 4_096];
const YEARS: std::ops::RangeInclusive<i32> = 1..=30;
/// What Keycloak's certificates last where nobody says it.
const USUAL_YEARS: i32 = 3;
const YEAR: i64 = 365 * 24 * 3_600;

/// What is uploaded for a client.
#[derive(Clone, Debug)]
pub enum Upload {
    /// A certificate: PEM, or the base64 inside it.
    Certificate(String),
    /// A public key: PEM, or the base64 inside it.
    PublicKey(String),
    /// A JWK Set.
    Jwks(String),
    /// A PKCS #12 store and its password.
    Pkcs12(Vec<u8>, Secret),
}

/// What kind of store is to be made.
#[derive(Clone, Debug)]
pub struct StoreSettings {
    /// The name of the entry.
    pub alias: String,
    /// The password.
    pub password: Secret,
    /// The realm's certificate goes in too.
    pub with_realm: bool,
    /// Bits of a key that is to be made.
    pub key_size: Option<i32>,
    /// Years that its certificate lasts.
    pub validity: Option<i32>,
}

fn check_name(name: &str) -> Result<()> {
    let fits = !name.is_empty()
        && name.len() <= MAX_NAME
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    if fits { Ok(()) } else { Err(Error::invalid("attr", "The name of a key has letters, digits, dots and hyphens")) }
}

async fn find(services: &Services, caller: &Caller, realm: &Realm, id: &ClientId, name: &str) -> Result<Client> {
    caller.require(VIEW)?;
    check_name(name)?;
    store::clients::find(&mut *services.store.read().await?, realm.id, id).await?.found(What::Client)
}

fn attribute<'a>(client: &'a Client, name: &str, part: &str) -> Option<&'a String> {
    client.attributes.get(&format!("{name}.{part}")).filter(|text| !text.is_empty())
}

/// The key of a client, as far as anybody may see it.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-clients` or `manage-clients`.
pub async fn get(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientId,
    name: &str,
) -> Result<CertificateRepresentation> {
    let client = find(services, caller, realm, id, name).await?;
    let has_private = attribute(&client, name, "private.key").is_some();
    Ok(CertificateRepresentation {
        certificate: attribute(&client, name, "certificate").cloned(),
        public_key: attribute(&client, name, "public.key").cloned(),
        kid: attribute(&client, name, "kid").cloned(),
        private_key: has_private.then(|| representation::MASK.into()),
        jwks: None,
    })
}

/// Until when a certificate is good that is kept; none if it can't be read.
#[must_use]
pub fn good_until(text: &str) -> Option<OffsetDateTime> {
    let der = key_store::certificate_from_text(text).ok()?;
    OffsetDateTime::from_unix_timestamp(certificate::good_until(&der).ok()?).ok()
}

/// Keeps a key in the attributes; what isn't given is removed.
async fn keep(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientId,
    name: &str,
    key: &CertificateRepresentation,
) -> Result<()> {
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    let mut attributes = model::Attributes::from([
        (format!("{name}.certificate"), text(key.certificate.as_ref())),
        (format!("{name}.public.key"), text(key.public_key.as_ref())),
        (format!("{name}.kid"), text(key.kid.as_ref())),
        (format!("{name}.private.key"), String::new()),
    ]);
    if let Some(jwks) = &key.jwks {
        attributes.insert("jwks.string".to_owned(), jwks.clone());
    }
    // Where the keys of a client come from is one place.
    for (switch, on) in [("use.jwks.string", key.jwks.is_some()), ("use.jwks.url", false)] {
        attributes.insert(switch.to_owned(), if on { "true" } else { "" }.to_owned());
    }
    let given = ClientRepresentation { attributes: Some(Masked::new(attributes)), ..ClientRepresentation::default() };
    update(services, caller, realm, id, given).await
}

/// A new key with its own certificate, made on a thread for long work.
async fn make(services: &Services, client: &Client, bits: u32, years: i32) -> Result<(Pkcs8, Vec<u8>)> {
    let (name, now) = (client.client_id.clone(), services.now().unix_timestamp());
    let made = tokio::task::spawn_blocking(move || -> Result<_> {
        let private = generate_rsa(bits)?;
        let certificate = self_signed(&private, &name, now, now + i64::from(years) * YEAR)?;
        Ok((private, certificate))
    });
    made.await.or(Err(Error::Jose(jose::Error::Cryptography("make a key"))))?
}

/// Makes a key for a client: its certificate is kept, its private part is in the answer alone.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-clients`.
pub async fn generate(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientId,
    name: &str,
) -> Result<CertificateRepresentation> {
    let client = find(services, caller, realm, id, name).await?;
    caller.require(super::MANAGE)?;
    let (private, certificate) = make(services, &client, 2_048, USUAL_YEARS).await?;
    let kept = CertificateRepresentation { certificate: Some(STANDARD.encode(certificate)), ..Default::default() };
    keep(services, caller, realm, id, name, &kept).await?;
    let private = key_store::private_key_text(&private)?;
    Ok(CertificateRepresentation { private_key: Some(private.as_str().into()), ..kept })
}

/// Keeps what was uploaded. `private_too` says whether the answer holds the private key of a store, as Keycloak's does.
///
/// # Errors
/// `NotFound`, `Invalid` if it can't be read, or `Forbidden` without `manage-clients`.
pub async fn upload(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientId,
    name: &str,
    upload: Upload,
    private_too: bool,
) -> Result<CertificateRepresentation> {
    find(services, caller, realm, id, name).await?;
    caller.require(super::MANAGE)?;
    let (kept, private) = read(upload)?;
    keep(services, caller, realm, id, name, &kept).await?;
    let private = private.filter(|_| private_too).map(|der| key_store::private_key_text(&der)).transpose()?;
    Ok(CertificateRepresentation { private_key: private.map(|text| text.as_str().into()), ..kept })
}

/// What an upload holds: a certificate, a public key or a JWK Set; and the private key that a store has.
///
/// # Errors
/// `Invalid` if it can't be read.
pub(crate) fn read(upload: Upload) -> Result<(CertificateRepresentation, Option<Pkcs8>)> {
    let unreadable = |error: jose::Error| Error::invalid("file", format!("The file can't be used: {error}"));
    let none = CertificateRepresentation::default();
    let mut private = None;
    let kept = match upload {
        Upload::Certificate(text) => {
            let der = key_store::certificate_from_text(&text).map_err(unreadable)?;
            CertificateRepresentation { certificate: Some(STANDARD.encode(der)), ..none }
        }
        Upload::PublicKey(text) => {
            let der = key_store::public_key_from_text(&text).map_err(unreadable)?;
            CertificateRepresentation { public_key: Some(STANDARD.encode(der)), ..none }
        }
        Upload::Jwks(text) => {
            let set = KeySet::parse(&text).map_err(unreadable)?;
            if set.is_empty() {
                return Err(Error::invalid("file", "The JWK Set holds no key that can be used"));
            }
            CertificateRepresentation { jwks: Some(text), ..none }
        }
        Upload::Pkcs12(der, password) => {
            let entry = key_store::from_pkcs12(&der, password.expose()).map_err(unreadable)?;
            private = entry.private;
            CertificateRepresentation { certificate: Some(STANDARD.encode(entry.certificate)), ..none }
        }
    };
    Ok((kept, private))
}

/// The key that is kept, as a PKCS #12 store: with its private part where an import brought one.
///
/// # Errors
/// `NotFound` for the client, or if it has no certificate; or `Forbidden` without `manage-clients`.
pub async fn download(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientId,
    name: &str,
    settings: &StoreSettings,
) -> Result<Zeroizing<Vec<u8>>> {
    let client = find(services, caller, realm, id, name).await?;
    caller.require(super::MANAGE)?;
    super::require_covers(&mut *services.store.read().await?, caller, realm, id).await?;
    let certificate = attribute(&client, name, "certificate").found(What::ClientKey)?;
    let entry = Entry {
        certificate: key_store::certificate_from_text(certificate)?,
        private: attribute(&client, name, "private.key")
            .map(|text| key_store::private_key_from_text(text))
            .transpose()?,
    };
    store(services, realm, &entry, settings).await
}

/// Makes a key for a client as a PKCS #12 store: its certificate is kept, its private part is in the store alone.
///
/// # Errors
/// `NotFound`, `Invalid` for a size or a time that can't be, or `Forbidden` without `manage-clients`.
pub async fn generate_and_download(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientId,
    name: &str,
    settings: &StoreSettings,
) -> Result<Zeroizing<Vec<u8>>> {
    let client = find(services, caller, realm, id, name).await?;
    caller.require(super::MANAGE)?;
    let bits = settings.key_size.map_or(Some(2_048), |bits| u32::try_from(bits).ok());
    let Some(bits) = bits.filter(|bits| KEY_SIZES.contains(bits)) else {
        return Err(Error::invalid("keySize", "'Key size' should be 2048, 3072 or 4096"));
    };
    let years = settings.validity.unwrap_or(USUAL_YEARS);
    if !YEARS.contains(&years) {
        return Err(Error::invalid("validity", "A certificate lasts from 1 to 30 years"));
    }
    let (private, certificate) = make(services, &client, bits, years).await?;
    let text = STANDARD.encode(&certificate);
    let store = store(services, realm, &Entry { private: Some(private), certificate }, settings).await?;
    let kept = CertificateRepresentation { certificate: Some(text), ..Default::default() };
    keep(services, caller, realm, id, name, &kept).await?;
    Ok(store)
}

async fn store(
    services: &Services,
    realm: &Realm,
    entry: &Entry,
    settings: &StoreSettings,
) -> Result<Zeroizing<Vec<u8>>> {
    let keys = cache::keys(services, realm).await?;
    let of_realm = keys.active(SignatureAlgorithm::Rs256).and_then(|key| key.stored.certificate.clone());
    let further: Vec<_> = of_realm.filter(|_| settings.with_realm).into_iter().collect();
    Ok(key_store::to_pkcs12(entry, &settings.alias, &further, settings.password.expose())?)
}
