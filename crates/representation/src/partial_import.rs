//! Import of some objects into an existing realm.

use serde_json::Value;

use crate::{
    ClientRepresentation, GroupRepresentation, IdentityProviderMapperRepresentation, IdentityProviderRepresentation,
    Masked, RolesRepresentation, UserRepresentation, define::representation,
};

representation! {
    /// The objects to import.
    PartialImportRepresentation {
        /// `FAIL`, `SKIP` or `OVERWRITE`.
        if_resource_exists: String,
        /// Same as `ifResourceExists`, as the server resolved it.
        policy: String,
        /// Users.
        users: Vec<UserRepresentation>,
        /// Groups.
        groups: Vec<GroupRepresentation>,
        /// Clients.
        clients: Vec<ClientRepresentation>,
        /// Identity providers.
        identity_providers: Vec<IdentityProviderRepresentation>,
        /// Mappers of identity providers.
        identity_provider_mappers: Vec<IdentityProviderMapperRepresentation>,
        /// Realm and client roles.
        roles: RolesRepresentation,
    }

    /// What the import did.
    PartialImportResults {
        /// Number of objects replaced.
        overwritten: i32,
        /// Number of objects added.
        added: i32,
        /// Number of objects left alone.
        skipped: i32,
        /// Why the import failed.
        error_message: String,
        /// What became of each object.
        results: Vec<PartialImportResult>,
        /// Ours: what was not taken over, or not as it was given.
        not_taken_over: Vec<ImportRemark>,
    }

    /// Ours: what was not taken over of a realm, or not as it was given.
    ImportReportRepresentation {
        /// Each thing with the reason.
        not_taken_over: Vec<ImportRemark>,
    }

    /// Ours: something that was not taken over, or not as it was given.
    ImportRemark {
        /// Where it stands in what was given.
        path: String,
        /// Why.
        reason: String,
    }

    /// What the import did with one object.
    PartialImportResult {
        /// `ADDED`, `SKIPPED` or `OVERWRITTEN`.
        action: String,
        /// `USER`, `GROUP`, `CLIENT`, `IDP`, `IDP_MAPPER`, `REALM_ROLE` or `CLIENT_ROLE`.
        resource_type: String,
        /// Name of the object.
        resource_name: String,
        /// Id of the object.
        id: String,
        /// The object; it can hold secrets.
        representation: Masked<Value>,
    }
}
