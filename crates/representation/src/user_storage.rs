//! User stores outside of the realm: trying out a directory.

use crate::{SecretText, define::representation};

representation! {
    /// A directory to be tried out.
    TestLdapConnectionRepresentation {
        /// `testConnection`, `testAuthentication` or `queryServerCapabilities`.
        action: String,
        /// `ldap://host` or `ldaps://host`, several with spaces between them.
        connection_url: String,
        /// Who asks.
        bind_dn: String,
        /// The password of who asks.
        bind_credential: SecretText,
        /// Which trust anchors are used.
        use_truststore_spi: String,
        /// How long a connection may take, milliseconds.
        connection_timeout: String,
        /// The component whose password the mask stands for.
        component_id: String,
        /// `true` if TLS is begun with StartTLS.
        start_tls: String,
        /// `simple` or `none`.
        auth_type: String,
    }

    /// Something that a directory can do.
    LDAPCapabilityRepresentation {
        /// Its object identifier.
        oid: String,
        /// `EXTENSION`, `CONTROL` or `FEATURE`.
        r#type: String,
    }
}
