//! Client policies and profiles: what is demanded of clients, and when.

use serde_json::Value;

use crate::define::representation;

representation! {
    /// The client policies of a realm.
    ClientPoliciesRepresentation {
        /// Those of the realm.
        policies: Vec<ClientPolicyRepresentation>,
        /// Those that every realm has.
        global_policies: Vec<ClientPolicyRepresentation>,
    }

    /// A client policy: profiles that apply where conditions hold.
    ClientPolicyRepresentation {
        /// Its name.
        name: String,
        /// What it is for.
        description: String,
        /// It is in use.
        enabled: bool,
        /// All of them have to hold.
        conditions: Vec<ClientPolicyConditionRepresentation>,
        /// Names of profiles.
        profiles: Vec<String>,
    }

    /// A condition of a client policy.
    ClientPolicyConditionRepresentation {
        /// The kind.
        condition: String,
        /// Its settings.
        configuration: Value,
    }

    /// The client profiles of a realm.
    ClientProfilesRepresentation {
        /// Those of the realm.
        profiles: Vec<ClientProfileRepresentation>,
        /// Those that every realm has.
        global_profiles: Vec<ClientProfileRepresentation>,
    }

    /// A client profile: what is done to and demanded of a client.
    ClientProfileRepresentation {
        /// Its name.
        name: String,
        /// What it is for.
        description: String,
        /// What is done, in order.
        executors: Vec<ClientPolicyExecutorRepresentation>,
    }

    /// A step of a client profile.
    ClientPolicyExecutorRepresentation {
        /// The kind.
        executor: String,
        /// Its settings.
        configuration: Value,
    }
}
