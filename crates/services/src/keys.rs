//! The keys of a realm, prepared once: parsed, with their certificates and published forms.
//!
//! Which key signs is a matter of its provider's priority, so rotation is one new provider with a higher one. Registries
//! trust the realm's registry authority instead of single keys; the leaf certificate that binds a key to it is issued
//! whenever the keys are loaded, so it is always fresh and a new key needs no change at any registry.

pub mod ahead;
pub(crate) mod material;
mod rotate;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use jose::{
    DecryptionKey, EncryptedToken, Error as JoseError, KeyManagementAlgorithm,
    algorithm::SignatureAlgorithm,
    certificate::{self, CertificateAuthority},
    jwks, key_id,
    public_key::PublicKey,
    sign::{PreparedHeader, SigningKey},
    verify::{VerificationKey, VerifiedToken, verify_jwt},
};
use model::{
    component::KEY_PROVIDER,
    id::RealmId,
    key::{Key, KeyUse},
    permission::Permission,
    realm::Realm,
};
use serde_json::{Value, json};

pub use self::rotate::rotate;
use crate::{Caller, Error, Result, Services, cache, components};

/// How long a registry leaf certificate is good for. Keys are loaded anew at least every ten minutes, so a leaf is
/// never older than that.
const LEAF_LIFETIME: Duration = Duration::from_secs(90 * 24 * 3_600);
/// How far back a certificate begins, for clocks that are late.
const LEAF_BACKDATE: Duration = Duration::from_secs(3_600);
/// How long the registry authority is good for.
const AUTHORITY_LIFETIME: Duration = Duration::from_secs(20 * 365 * 24 * 3_600);

/// A key that signs or verifies.
pub struct RealmKey {
    /// The key as stored, without its private part.
    pub stored: Key,
    /// Its algorithm.
    pub algorithm: SignatureAlgorithm,
    /// Its RFC 7638 thumbprint for key pairs; the stored id for secrets.
    pub kid: String,
    /// Docker's older key id; none for secrets.
    pub libtrust_id: Option<String>,
    /// The certificate that binds it to the realm's registry authority, DER; none for secrets.
    pub registry_leaf: Option<Vec<u8>>,
    signing: SigningKey,
    verification: VerificationKey,
    public: Option<PublicKey>,
    header: PreparedHeader,
}

impl RealmKey {
    /// Signs claims under the usual header: `typ` JWT, `alg`, `kid`.
    ///
    /// # Errors
    /// If the cryptographic library fails.
    pub fn sign(&self, claims: &impl serde::Serialize) -> Result<String> {
        Ok(self.signing.sign_jwt(&self.header, claims)?)
    }

    /// Signs claims under another header, prepared for this key's algorithm.
    ///
    /// # Errors
    /// If the cryptographic library fails.
    pub fn sign_with(&self, header: &PreparedHeader, claims: &impl serde::Serialize) -> Result<String> {
        Ok(self.signing.sign_jwt(header, claims)?)
    }

    fn is_active(&self) -> bool {
        self.stored.enabled && self.stored.active
    }

    fn jwk(&self, kid: &str, certificates: &[Vec<u8>]) -> Result<Option<Value>> {
        let Some(public) = &self.public else { return Ok(None) };
        Ok(Some(jwks::jwk(public, kid, jwks::KeyUse::Signature, self.algorithm.as_str(), certificates)?))
    }
}

/// All keys of a realm.
pub struct RealmKeys {
    keys: Vec<RealmKey>,
    others: Vec<Key>,
    /// Private keys that others encrypt to, with their ids, the highest priority first.
    decryption: Vec<(String, DecryptionKey)>,
    /// A provider has no key yet.
    incomplete: bool,
    authority: Option<CertificateAuthority>,
    jwks: String,
    registry_jwks: Value,
    registry_bundle: String,
}

impl RealmKeys {
    /// The key that signs with `algorithm`.
    #[must_use]
    pub fn active(&self, algorithm: SignatureAlgorithm) -> Option<&RealmKey> {
        self.keys.iter().find(|key| key.algorithm == algorithm && key.is_active())
    }

    /// All keys, the highest priority first.
    #[must_use]
    pub fn all(&self) -> &[RealmKey] {
        &self.keys
    }

    /// Keys that neither sign nor verify, without their private parts.
    #[must_use]
    pub fn others(&self) -> &[Key] {
        &self.others
    }

    /// The algorithms by which others can encrypt to this realm.
    #[must_use]
    pub fn encryption_algorithms(&self) -> BTreeSet<KeyManagementAlgorithm> {
        self.decryption.iter().map(|(_, key)| key.algorithm()).collect()
    }

    /// Decrypts what was encrypted to this realm, with the enabled key that its header names, or with those of its algorithm
    /// if it names none.
    ///
    /// # Errors
    /// Why it can't be read.
    pub fn decrypt(&self, encrypted: &EncryptedToken<'_>) -> std::result::Result<String, JoseError> {
        let fits = |kid: &str, key: &DecryptionKey| {
            key.algorithm() == encrypted.algorithm() && encrypted.kid().is_none_or(|named| named == kid)
        };
        let candidates = self.decryption.iter().filter(|(kid, key)| fits(kid, key));
        candidates
            .map(|(_, key)| encrypted.decrypt(key))
            .find(|read| read.is_ok())
            .unwrap_or(Err(JoseError::Decryption))
    }

    /// Verifies the signature of a token of this realm, with the enabled key that its header names.
    ///
    /// # Errors
    /// Why it is not good. Times and audience are still to be checked.
    pub fn verify(&self, token: &str) -> std::result::Result<VerifiedToken, JoseError> {
        verify_jwt(token, |unverified| {
            let kid = unverified.kid()?;
            self.keys.iter().find(|key| key.stored.enabled && key.kid == kid).map(|key| &key.verification)
        })
    }

    /// The JWKS document of the realm: every enabled key pair, with its certificate.
    #[must_use]
    pub fn jwks_text(&self) -> String {
        self.jwks.clone()
    }

    /// The JWKS document for registries: every enabled key pair under all its key ids.
    #[must_use]
    pub fn registry_jwks(&self) -> &Value {
        &self.registry_jwks
    }

    /// The PEM bundle for registries: the registry authority, then a certificate of each enabled key that old
    /// registries can read.
    #[must_use]
    pub fn registry_bundle(&self) -> &str {
        &self.registry_bundle
    }

    /// When the certificate of the registry authority ends, in seconds since 1970; none if there is no authority.
    #[must_use]
    pub fn authority_ends(&self) -> Option<i64> {
        self.authority.as_ref().map(CertificateAuthority::not_after)
    }

    /// A server certificate for `localhost` under the realm's registry authority: certificate and private key as PEM.
    ///
    /// # Errors
    /// If the cryptographic library fails.
    pub fn localhost_certificate(&self, now: i64) -> Result<(String, String)> {
        let authority = self.authority.as_ref().ok_or(Error::Jose(JoseError::UnknownKey))?;
        let key = jose::generate::generate_ec(jose::public_key::Curve::P256)?;
        let names: Vec<_> =
            ["localhost", "127.0.0.1", "::1"].into_iter().map(certificate::SubjectAlternativeName::parse).collect();
        let (begin, end) = leaf_times(now);
        let leaf = authority.issue_server_leaf(&PublicKey::from_pkcs8_der(&key)?, &names, begin, end)?;
        Ok((certificate::to_pem(&leaf)?, jose::generate::to_pem(&key)?.to_string()))
    }
}

/// When the certificate of a key ends, seconds since 1970; none without one.
#[must_use]
pub fn expires(key: &Key) -> Option<i64> {
    certificate::expires_at(key.certificate.as_deref()?).ok()
}

fn leaf_times(now: i64) -> (i64, i64) {
    (now - LEAF_BACKDATE.as_secs().cast_signed(), now + LEAF_LIFETIME.as_secs().cast_signed())
}

fn sealed_for(realm: RealmId, purpose: KeyUse, kid: &str) -> String {
    format!("{realm}/key/{}/{kid}", purpose.as_str())
}

/// Reads and prepares the keys of a realm, with the realm's generation.
pub(crate) async fn load(services: &Services, realm: &Realm) -> Result<(RealmKeys, i64)> {
    let mut conn = services.store.read().await?;
    let (stored, generation) = store::keys::list(&mut conn, realm.id).await?;
    let incomplete = !store::components::without_key(&mut conn, realm.id, KEY_PROVIDER).await?.is_empty();
    drop(conn);
    Ok((RealmKeys { incomplete, ..prepare(services, realm, stored)? }, generation))
}

fn prepare(services: &Services, realm: &Realm, stored: Vec<Key>) -> Result<RealmKeys> {
    let now = services.now().unix_timestamp();
    let (authorities, others): (Vec<_>, Vec<_>) =
        stored.into_iter().partition(|key| key.purpose == KeyUse::RegistryAuthority);
    let authority = match authorities.first() {
        None => None,
        Some(key) => {
            let private = services.sealing.open(&sealed_for(realm.id, key.purpose, &key.kid), &key.sealed)?;
            Some(CertificateAuthority::from_parts(&private, key.certificate.as_deref().unwrap_or_default())?)
        }
    };
    let (signing, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|key| key.purpose == KeyUse::Signature);
    let keys = signing
        .into_iter()
        .map(|key| prepare_key(services, realm, authority.as_ref(), key, now))
        .collect::<Result<Vec<_>>>()?;
    let (mut published, mut for_registries) = (Vec::new(), Vec::new());
    let mut bundle = match &authority {
        Some(authority) => certificate::to_pem(&authority.certificate_der()?)?,
        None => String::new(),
    };
    for key in keys.iter().filter(|key| key.stored.enabled) {
        let certificates: Vec<_> = key.stored.certificate.iter().cloned().collect();
        published.extend(key.jwk(&key.kid, &certificates)?);
        for kid in [Some(&key.kid), key.libtrust_id.as_ref()].into_iter().flatten() {
            for_registries.extend(key.jwk(kid, &[])?);
        }
        // Registry 2.8 does not start if the bundle holds an Ed25519 certificate.
        if let Some(leaf) = key.registry_leaf.as_ref().filter(|_| key.algorithm != SignatureAlgorithm::EdDsa) {
            bundle.push_str(&certificate::to_pem(leaf)?);
        }
    }
    let mut decryption = Vec::new();
    for key in others.iter().filter(|key| key.enabled) {
        let (Some(spki), Ok(algorithm)) = (&key.public, key.algorithm.parse::<KeyManagementAlgorithm>()) else {
            continue;
        };
        let private = opened(services, realm.id, key)?;
        decryption.push((key.kid.clone(), DecryptionKey::from_pkcs8_der(algorithm, &private)?));
        if key.active {
            let (public, certificates) = (PublicKey::from_spki_der(spki)?, key.certificate.iter().cloned());
            let certificates: Vec<_> = certificates.collect();
            published.push(jwks::jwk(&public, &key.kid, jwks::KeyUse::Encryption, &key.algorithm, &certificates)?);
        }
    }
    Ok(RealmKeys {
        keys,
        decryption,
        incomplete: false,
        others: others.into_iter().map(without_private).collect(),
        authority,
        jwks: jwks::jwk_set(published).to_string(),
        registry_jwks: jwks::jwk_set(for_registries),
        registry_bundle: bundle,
    })
}

fn prepare_key(
    services: &Services,
    realm: &Realm,
    authority: Option<&CertificateAuthority>,
    key: Key,
    now: i64,
) -> Result<RealmKey> {
    let algorithm: SignatureAlgorithm = key.algorithm.parse()?;
    let private = services.sealing.open(&sealed_for(realm.id, key.purpose, &key.kid), &key.sealed)?;
    let header = PreparedHeader::new(&json!({"alg": algorithm.as_str(), "typ": "JWT", "kid": key.kid}))?;
    let Some(spki) = &key.public else {
        return Ok(RealmKey {
            algorithm,
            kid: key.kid.clone(),
            libtrust_id: None,
            registry_leaf: None,
            signing: SigningKey::from_secret(algorithm, &private)?,
            verification: VerificationKey::from_secret(algorithm, &private)?,
            public: None,
            header,
            stored: without_private(key),
        });
    };
    let public = PublicKey::from_spki_der(spki)?;
    let (begin, end) = leaf_times(now);
    let registry_leaf =
        authority.map(|authority| authority.issue_leaf(&public, &realm.name, begin, end)).transpose()?;
    Ok(RealmKey {
        algorithm,
        kid: key.kid.clone(),
        libtrust_id: Some(key_id::libtrust(&public)?),
        registry_leaf,
        signing: SigningKey::from_pkcs8_der(algorithm, &private)?,
        verification: VerificationKey::from_public_key(algorithm, &public)?,
        public: Some(public),
        header,
        stored: without_private(key),
    })
}

fn without_private(mut key: Key) -> Key {
    key.sealed.clear();
    key
}

/// Makes the certificate authority that registries of a new realm trust: an EC key, quick to make and to sign with.
pub(crate) fn new_authority(services: &Services, realm: &Realm) -> Result<Key> {
    let now = services.now().unix_timestamp();
    let authority = CertificateAuthority::generate(
        &format!("{} registry authority", realm.name),
        now - LEAF_BACKDATE.as_secs().cast_signed(),
        now + AUTHORITY_LIFETIME.as_secs().cast_signed(),
    )?;
    let private = authority.private_key_pkcs8()?;
    let public = PublicKey::from_pkcs8_der(&private)?;
    let kid = key_id::thumbprint(&public)?;
    Ok(Key {
        sealed: services.sealing.seal(&sealed_for(realm.id, KeyUse::RegistryAuthority, &kid), &private)?,
        kid,
        component: None,
        provider_id: String::new(),
        priority: 0,
        enabled: true,
        active: true,
        purpose: KeyUse::RegistryAuthority,
        algorithm: SignatureAlgorithm::Es256.as_str().to_owned(),
        public: Some(public.to_spki_der()?),
        certificate: Some(authority.certificate_der()?),
        created: services.now(),
    })
}

/// The private or secret part of a stored key.
///
/// # Errors
/// If it can't be opened.
pub(crate) fn opened(services: &Services, realm: RealmId, key: &Key) -> Result<zeroize::Zeroizing<Vec<u8>>> {
    Ok(services.sealing.open(&sealed_for(realm, key.purpose, &key.kid), &key.sealed)?)
}

/// The realm's keys, among them an active one for `algorithm`: if there is none, a provider of low priority is made for
/// it, as Keycloak does.
///
/// # Errors
/// If the database or the cryptographic library fails.
pub async fn with_active(services: &Services, realm: &Realm, algorithm: SignatureAlgorithm) -> Result<Arc<RealmKeys>> {
    let keys = cache::keys(services, realm).await?;
    if keys.active(algorithm).is_some() {
        return Ok(keys);
    }
    components::add_fallback_key(services, realm, algorithm).await?;
    cache::keys(services, realm).await
}

/// The realm's keys, those among them that others encrypt to: what is missing of these is made now.
///
/// # Errors
/// If the database or the cryptographic library fails.
pub async fn complete(services: &Services, realm: &Realm) -> Result<Arc<RealmKeys>> {
    let keys = cache::keys(services, realm).await?;
    if !keys.incomplete {
        return Ok(keys);
    }
    components::make_missing_keys(services, realm).await?;
    cache::keys(services, realm).await
}

/// The keys of a realm for administrators.
///
/// # Errors
/// `Forbidden` without `view-realm` or `manage-realm`.
pub async fn list(services: &Services, caller: &Caller, realm: &Realm) -> Result<Arc<RealmKeys>> {
    caller.require(&[Permission::ViewRealm, Permission::ManageRealm])?;
    complete(services, realm).await
}
