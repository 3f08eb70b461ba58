//! User federation as exports had it before components; read so that old files parse.

use crate::{Masked, StringMap, define::representation};

representation! {
    /// A federated user store.
    UserFederationProviderRepresentation {
        /// Provider id.
        id: String,
        /// Name.
        display_name: String,
        /// Kind, for instance `ldap`.
        provider_name: String,
        /// Settings; the bind password is among them.
        config: Masked<StringMap>,
        /// Position; lower comes first.
        priority: i32,
        /// Interval of full synchronisation, seconds.
        full_sync_period: i32,
        /// Interval of synchronising changes, seconds.
        changed_sync_period: i32,
        /// Last synchronisation, epoch seconds.
        last_sync: i32,
    }

    /// A mapper of a federated user store.
    UserFederationMapperRepresentation {
        /// Mapper id.
        id: String,
        /// Name.
        name: String,
        /// Name of the provider it belongs to.
        federation_provider_display_name: String,
        /// Mapper type.
        federation_mapper_type: String,
        /// Settings of the mapper type.
        config: StringMap,
    }
}
