//! Keycloak's two JSON texts of a stored password: `credentialData`, which representations show, and `secretData`.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use model::secret::Secret;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    HashAlgorithm, Method, PasswordError, PasswordHash,
    argon2::{Argon2Kind, Argon2Parameters},
    pbkdf2::Pbkdf2,
};

/// The longest of either text, in bytes.
const MAX_LENGTH: usize = 8 * 1024;
/// The longest salt, in bytes.
const MAX_SALT_LENGTH: usize = 512;
/// The shortest salt that Argon2 works with, in bytes (RFC 9106 section 3.1).
const MIN_ARGON2_SALT_LENGTH: usize = 8;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CredentialData {
    hash_iterations: u32,
    algorithm: String,
    additional_parameters: Option<BTreeMap<String, Vec<String>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WrittenCredentialData<'hash> {
    hash_iterations: u32,
    algorithm: &'hash str,
    additional_parameters: WrittenParameters<'hash>,
}

/// In Keycloak's order.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct WrittenParameters<'hash> {
    #[serde(skip_serializing_if = "Option::is_none")]
    hash_length: Option<[String; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    memory: Option<[String; 1]>,
    #[serde(skip_serializing_if = "Option::is_none", rename = "type")]
    kind: Option<[&'hash str; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<[&'hash str; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parallelism: Option<[String; 1]>,
}

#[derive(Deserialize)]
struct SecretData {
    value: Secret,
    salt: String,
}

impl PasswordHash {
    /// Reads a stored password.
    ///
    /// # Errors
    /// [`PasswordError::Record`] if a text isn't the JSON it should be, [`PasswordError::UnknownAlgorithm`],
    /// [`PasswordError::Parameters`] if the record asks for more than is allowed.
    pub fn parse(credential_data: &str, secret_data: &str) -> Result<Self, PasswordError> {
        if credential_data.len() > MAX_LENGTH || secret_data.len() > MAX_LENGTH {
            return Err(PasswordError::Record("too long"));
        }
        let data: CredentialData =
            serde_json::from_str(credential_data).or(Err(PasswordError::Record("credentialData")))?;
        let secret: SecretData = serde_json::from_str(secret_data).or(Err(PasswordError::Record("secretData")))?;
        let value = STANDARD.decode(secret.value.expose()).map(Zeroizing::new);
        let value = value.or(Err(PasswordError::Record("value")))?;
        let salt = STANDARD.decode(&secret.salt).or(Err(PasswordError::Record("salt")))?;
        if salt.is_empty() || salt.len() > MAX_SALT_LENGTH {
            return Err(PasswordError::Parameters("salt"));
        }
        let method = match HashAlgorithm::parse(&data.algorithm).ok_or(PasswordError::UnknownAlgorithm)? {
            HashAlgorithm::Argon2 => {
                let (kind, parameters) = data.argon2()?;
                if salt.len() < MIN_ARGON2_SALT_LENGTH {
                    return Err(PasswordError::Parameters("salt"));
                }
                if value.len() != usize::from(parameters.hash_length) {
                    return Err(PasswordError::Record("value"));
                }
                Method::Argon2(kind, parameters)
            }
            algorithm => Method::Pbkdf2(Pbkdf2::new(algorithm, data.hash_iterations, value.len())?),
        };
        Ok(Self { method, salt, value })
    }

    /// The text `credentialData`: algorithm and parameters.
    ///
    /// # Errors
    /// [`PasswordError::Record`] if it can't be written.
    pub fn credential_data(&self) -> Result<String, PasswordError> {
        let (hash_iterations, additional_parameters) = match &self.method {
            Method::Argon2(kind, parameters) => (
                parameters.iterations,
                WrittenParameters {
                    hash_length: Some([parameters.hash_length.to_string()]),
                    memory: Some([parameters.memory_kib.to_string()]),
                    kind: Some([kind.type_name()]),
                    version: Some([kind.version_name()]),
                    parallelism: Some([parameters.parallelism.to_string()]),
                },
            ),
            Method::Pbkdf2(method) => (method.iterations, WrittenParameters::default()),
        };
        let algorithm = self.algorithm().as_str();
        let data = WrittenCredentialData { hash_iterations, algorithm, additional_parameters };
        serde_json::to_string(&data).or(Err(PasswordError::Record("credentialData")))
    }

    /// The text `secretData`: hash and salt.
    #[must_use]
    pub fn secret_data(&self) -> Zeroizing<String> {
        // Base64 needs no escaping in JSON, and so no copy of the hash outlives this text.
        let value = Zeroizing::new(STANDARD.encode(self.value.as_slice()));
        let salt = STANDARD.encode(&self.salt);
        Zeroizing::new(format!(r#"{{"value":"{}","salt":"{salt}","additionalParameters":{{}}}}"#, value.as_str()))
    }
}

impl CredentialData {
    fn argon2(&self) -> Result<(Argon2Kind, Argon2Parameters), PasswordError> {
        let (kind, version) = (self.parameter("type")?, self.parameter("version")?);
        let kind = Argon2Kind::parse(kind, version).ok_or(PasswordError::Parameters("type or version"))?;
        let parameters = Argon2Parameters {
            memory_kib: self.number("memory")?,
            iterations: self.hash_iterations,
            parallelism: self.number("parallelism")?,
            hash_length: self.number("hashLength")?,
        };
        parameters.check()?;
        Ok((kind, parameters))
    }

    fn parameter(&self, name: &'static str) -> Result<&str, PasswordError> {
        let values = self.additional_parameters.as_ref().and_then(|parameters| parameters.get(name));
        values.and_then(|values| values.first()).map(String::as_str).ok_or(PasswordError::Record(name))
    }

    fn number<N: std::str::FromStr>(&self, name: &'static str) -> Result<N, PasswordError> {
        self.parameter(name)?.parse().or(Err(PasswordError::Parameters(name)))
    }
}
