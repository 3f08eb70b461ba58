//! Signing tokens: JWT in JWS compact serialisation (RFC 7515 section 7.1, RFC 7519).
//!
//! Keys are parsed and headers encoded once, so that a token costs one serialisation of its claims and one signature.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use josekit::jws::{self, JwsSigner};
use serde::Serialize;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::{
    algorithm::{Family, SignatureAlgorithm},
    compact::claims_object,
    error::{Error, Step},
    public_key::{PublicKey, private_key_from_pkcs8},
    verify::VerificationKey,
};

/// A private key or shared secret, ready to sign with one algorithm from any thread.
pub struct SigningKey {
    algorithm: SignatureAlgorithm,
    signer: Box<dyn JwsSigner>,
    public: Option<PublicKey>,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("SigningKey").field(&self.algorithm).finish()
    }
}

impl SigningKey {
    /// Prepares a PKCS#8 private key (DER).
    ///
    /// # Errors
    /// [`Error::InvalidKey`] if it can't be read, [`Error::RsaKeySize`] for a short RSA key, [`Error::KeyDoesNotFit`]
    /// if the algorithm is for another kind of key.
    pub fn from_pkcs8_der(algorithm: SignatureAlgorithm, der: &[u8]) -> Result<Self, Error> {
        let key = private_key_from_pkcs8(der)?;
        let public = PublicKey::from_private(&key)?;
        if !algorithm.family().fits(public.kind()) {
            return Err(Error::KeyDoesNotFit(algorithm));
        }
        let pkcs1 = || {
            // josekit takes a PKCS#8 RSA key for PSS only when its algorithm identifier is id-RSASSA-PSS, which ours
            // isn't; of a PKCS#1 key it makes such a one itself.
            let der = key.rsa().and_then(|rsa| rsa.private_key_to_der());
            der.map(Zeroizing::new).step("write a private key")
        };
        let signer: Result<Box<dyn JwsSigner>, _> = match algorithm {
            SignatureAlgorithm::Rs256 => boxed(jws::RS256.signer_from_der(der)),
            SignatureAlgorithm::Rs384 => boxed(jws::RS384.signer_from_der(der)),
            SignatureAlgorithm::Rs512 => boxed(jws::RS512.signer_from_der(der)),
            SignatureAlgorithm::Ps256 => boxed(jws::PS256.signer_from_der(&*pkcs1()?)),
            SignatureAlgorithm::Ps384 => boxed(jws::PS384.signer_from_der(&*pkcs1()?)),
            SignatureAlgorithm::Ps512 => boxed(jws::PS512.signer_from_der(&*pkcs1()?)),
            SignatureAlgorithm::Es256 => boxed(jws::ES256.signer_from_der(der)),
            SignatureAlgorithm::Es384 => boxed(jws::ES384.signer_from_der(der)),
            SignatureAlgorithm::Es512 => boxed(jws::ES512.signer_from_der(der)),
            SignatureAlgorithm::EdDsa => boxed(jws::EdDSA.signer_from_der(der)),
            SignatureAlgorithm::Hs256 | SignatureAlgorithm::Hs384 | SignatureAlgorithm::Hs512 => {
                return Err(Error::KeyDoesNotFit(algorithm));
            }
        };
        let signer = signer.or(Err(Error::InvalidKey("not usable for signing")))?;
        Ok(Self { algorithm, signer, public: Some(public) })
    }

    /// Prepares a shared secret for one of the HMAC algorithms.
    ///
    /// # Errors
    /// [`Error::KeyDoesNotFit`] if the secret is shorter than the hash (RFC 7518 section 3.2) or the algorithm isn't
    /// an HMAC.
    pub fn from_secret(algorithm: SignatureAlgorithm, secret: &[u8]) -> Result<Self, Error> {
        Ok(Self { algorithm, signer: hmac_signer(algorithm, secret)?, public: None })
    }

    /// The algorithm it signs with.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// The public part; none for a shared secret.
    #[must_use]
    pub fn public_key(&self) -> Option<&PublicKey> {
        self.public.as_ref()
    }

    /// The key that verifies what this one signs; none for a shared secret, which is verified with
    /// [`VerificationKey::from_secret`].
    ///
    /// # Errors
    /// [`Error::Cryptography`] if OpenSSL can't write the public key.
    pub fn verification_key(&self) -> Result<Option<VerificationKey>, Error> {
        self.public.as_ref().map(|public| VerificationKey::from_public_key(self.algorithm, public)).transpose()
    }

    /// The signature over `message`, in the form of RFC 7518 (ECDSA: the two numbers one after the other).
    ///
    /// # Errors
    /// [`Error::Cryptography`] if OpenSSL fails.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        self.signer.sign(message).step("sign")
    }

    /// The signed token of `claims` under `header`.
    ///
    /// # Errors
    /// [`Error::AlgorithmMismatch`] if the header was prepared for another algorithm, [`Error::Claims`] if the claims
    /// aren't a JSON object, [`Error::Cryptography`] if OpenSSL fails.
    pub fn sign_jwt(&self, header: &PreparedHeader, claims: &impl Serialize) -> Result<String, Error> {
        if header.algorithm != self.algorithm {
            return Err(Error::AlgorithmMismatch);
        }
        let claims = claims_object(claims)?;
        // Room for the claims and for the longest signature in use, 4096 bits of RSA.
        let mut token = String::with_capacity(header.encoded.len() + claims.len().div_ceil(3) * 4 + 2 + 683);
        token.push_str(&header.encoded);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(&claims, &mut token);
        let signature = self.sign(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(&signature, &mut token);
        Ok(token)
    }
}

/// The `typ` of a JWT that has no type of its own (RFC 7519 section 5.1).
pub const JWT: &str = "JWT";
/// The `typ` of an access token (RFC 9068 section 2.1).
pub const ACCESS_TOKEN_JWT: &str = "at+jwt";
/// The `typ` of a logout token (OpenID Connect Back-Channel Logout section 2.4).
pub const LOGOUT_TOKEN_JWT: &str = "logout+jwt";

/// A JOSE header, encoded once for many tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedHeader {
    algorithm: SignatureAlgorithm,
    encoded: String,
}

impl PreparedHeader {
    /// Encodes `header`, a JSON object with at least `alg`.
    ///
    /// # Errors
    /// [`Error::Header`] if it isn't an object with `alg`, [`Error::UnknownAlgorithm`] if `alg` isn't supported.
    pub fn new(header: &Value) -> Result<Self, Error> {
        let object = header.as_object().ok_or(Error::Header("not a JSON object"))?;
        let name = object.get("alg").and_then(Value::as_str).ok_or(Error::Header("no alg"))?;
        let algorithm = name.parse()?;
        Ok(Self { algorithm, encoded: URL_SAFE_NO_PAD.encode(header.to_string()) })
    }

    /// Encodes the header that most tokens have: `alg`, and `kid` and `typ` where there is one. [`JWT`],
    /// [`ACCESS_TOKEN_JWT`] and [`LOGOUT_TOKEN_JWT`] are types; a token whose receivers don't ask for one needs none.
    #[must_use]
    pub fn with_type(algorithm: SignatureAlgorithm, kid: Option<&str>, typ: Option<&str>) -> Self {
        let members = [("alg", Some(algorithm.as_str())), ("kid", kid), ("typ", typ)];
        let given = members.into_iter().filter_map(|(name, text)| Some((name.to_owned(), Value::from(text?))));
        let header = Value::Object(given.collect::<Map<_, _>>());
        Self { algorithm, encoded: URL_SAFE_NO_PAD.encode(header.to_string()) }
    }

    /// The algorithm that it names.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }
}

/// josekit's signer of a shared secret, which verification uses as well.
pub(crate) fn hmac_signer(algorithm: SignatureAlgorithm, secret: &[u8]) -> Result<Box<dyn JwsSigner>, Error> {
    if algorithm.family() != Family::Hmac {
        return Err(Error::KeyDoesNotFit(algorithm));
    }
    let signer = match algorithm {
        SignatureAlgorithm::Hs384 => jws::HS384.signer_from_bytes(secret),
        SignatureAlgorithm::Hs512 => jws::HS512.signer_from_bytes(secret),
        _ => jws::HS256.signer_from_bytes(secret),
    };
    boxed(signer).or(Err(Error::KeyDoesNotFit(algorithm)))
}

fn boxed<S: JwsSigner + 'static, E>(signer: Result<S, E>) -> Result<Box<dyn JwsSigner>, E> {
    signer.map(|signer| -> Box<dyn JwsSigner> { Box::new(signer) })
}

#[cfg(test)]
mod tests;
