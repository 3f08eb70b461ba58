//! The signing and encryption keys of a realm, without private parts.

use crate::{StringMap, define::representation};

representation! {
    /// The keys of a realm.
    KeysMetadataRepresentation {
        /// Key id in use, by algorithm.
        active: StringMap,
        /// All keys.
        keys: Vec<KeyMetadataRepresentation>,
    }

    /// One key.
    KeyMetadataRepresentation {
        /// Id of the component that provides it.
        provider_id: String,
        /// Priority of that component.
        provider_priority: i64,
        /// Key id.
        kid: String,
        /// `ACTIVE`, `PASSIVE` or `DISABLED`.
        status: String,
        /// `RSA`, `OCT`, `EC` or `EdDSA`.
        r#type: String,
        /// Algorithm, for instance `RS256`.
        algorithm: String,
        /// SubjectPublicKeyInfo in base64.
        public_key: String,
        /// DER certificate in base64.
        certificate: String,
        /// `SIG` or `ENC`.
        r#use: String,
        /// End of the certificate, epoch milliseconds.
        valid_to: i64,
    }
}
