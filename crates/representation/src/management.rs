//! Answers of small management operations.

use crate::{StringMap, define::representation};

representation! {
    /// Which client nodes took a notification.
    GlobalRequestResult {
        /// Nodes that did.
        success_requests: Vec<String>,
        /// Nodes that did not.
        failed_requests: Vec<String>,
    }

    /// Whether an object has fine-grained permissions.
    ManagementPermissionReference {
        /// Whether they are on.
        enabled: bool,
        /// Id of the resource that stands for the object.
        resource: String,
        /// Permission ids by scope.
        scope_permissions: StringMap,
    }
}
