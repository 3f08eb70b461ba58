//! Admin events: what administrators changed.

use crate::{SecretText, StringMap, define::representation};

representation! {
    /// One admin event.
    AdminEventRepresentation {
        /// Event id.
        id: String,
        /// Time, epoch milliseconds.
        time: i64,
        /// Realm id.
        realm_id: String,
        /// Who made the change.
        auth_details: AuthDetailsRepresentation,
        /// `CREATE`, `UPDATE`, `DELETE` or `ACTION`.
        operation_type: String,
        /// Kind of object, for instance `USER`.
        resource_type: String,
        /// Path of the object below the realm.
        resource_path: String,
        /// The object written, as JSON text. Hidden from debug prints as it can hold anything an object can.
        representation: SecretText,
        /// Error code of a failure.
        error: String,
        /// Further facts.
        details: StringMap,
    }

    /// The administrator behind an admin event.
    AuthDetailsRepresentation {
        /// Realm id of the administrator.
        realm_id: String,
        /// Client UUID used.
        client_id: String,
        /// User id of the administrator.
        user_id: String,
        /// Address of the caller.
        ip_address: String,
    }
}
