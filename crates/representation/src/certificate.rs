//! Keys and certificates of clients.

use crate::{SecretText, define::representation};

representation! {
    /// A client's key; an empty object when it has none.
    CertificateRepresentation {
        /// Private key, base64; in the answer to its generation only.
        private_key: SecretText,
        /// Public key, base64.
        public_key: String,
        /// DER certificate in base64.
        certificate: String,
        /// Key id.
        kid: String,
        /// Key set as JSON text.
        jwks: String,
    }

    /// What kind of key store to make for a client's key.
    KeyStoreConfig {
        /// Whether to include the realm's certificate.
        realm_certificate: bool,
        /// Password of the store.
        store_password: SecretText,
        /// Password of the key.
        key_password: SecretText,
        /// Alias of the key.
        key_alias: String,
        /// Alias of the realm's certificate.
        realm_alias: String,
        /// `JKS`, `PKCS12` or `BCFKS`.
        format: String,
        /// Size of the key, bits.
        key_size: i32,
        /// Validity of the certificate, years.
        validity: i32,
    }
}
