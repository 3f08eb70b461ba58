//! Authentication flows, their executions and configurations.

use crate::{ConfigPropertyRepresentation, Masked, StringMap, define::representation};

representation! {
    /// An authentication flow.
    AuthenticationFlowRepresentation {
        /// Flow id.
        id: String,
        /// Alias, unique within the realm.
        alias: String,
        /// Description.
        description: String,
        /// `basic-flow`, `client-flow` or `form-flow`.
        provider_id: String,
        /// Whether it is not a part of another flow.
        top_level: bool,
        /// Whether it came with the realm.
        built_in: bool,
        /// Executions in order.
        authentication_executions: Vec<AuthenticationExecutionExportRepresentation>,
    }

    /// An execution inside a flow.
    AuthenticationExecutionExportRepresentation {
        /// Alias of its configuration.
        authenticator_config: String,
        /// Authenticator; absent for a plain sub-flow.
        authenticator: String,
        /// Whether it is a sub-flow.
        authenticator_flow: bool,
        /// `REQUIRED`, `ALTERNATIVE`, `CONDITIONAL` or `DISABLED`.
        requirement: String,
        /// Position; lower comes first.
        priority: i32,
        /// Keycloak's old misspelling of `authenticatorFlow`, still written beside it.
        autheticator_flow: bool,
        /// Alias of the sub-flow.
        flow_alias: String,
        /// Whether the user may set the credential up during the flow.
        user_setup_allowed: bool,
    }

    /// An execution as listed for the admin console: flattened, with its level.
    AuthenticationExecutionInfoRepresentation {
        /// Execution id.
        id: String,
        /// Requirement.
        requirement: String,
        /// Name of the authenticator or sub-flow.
        display_name: String,
        /// Alias of the configuration.
        alias: String,
        /// Description of the sub-flow.
        description: String,
        /// Requirements to choose from.
        requirement_choices: Vec<String>,
        /// Whether it can have a configuration.
        configurable: bool,
        /// True for a sub-flow, else absent.
        authentication_flow: bool,
        /// Authenticator.
        provider_id: String,
        /// Id of the configuration.
        authentication_config: String,
        /// Id of the sub-flow.
        flow_id: String,
        /// Depth below the top.
        level: i32,
        /// Position among its siblings, from 0.
        index: i32,
        /// Priority.
        priority: i32,
    }

    /// One execution, addressed by its id.
    AuthenticationExecutionRepresentation {
        /// Id of the configuration.
        authenticator_config: String,
        /// Authenticator.
        authenticator: String,
        /// Whether it is a sub-flow.
        authenticator_flow: bool,
        /// Requirement.
        requirement: String,
        /// Priority.
        priority: i32,
        /// Old misspelling of `authenticatorFlow`.
        autheticator_flow: bool,
        /// Execution id.
        id: String,
        /// Id of the sub-flow.
        flow_id: String,
        /// Id of the flow it is in.
        parent_flow: String,
    }

    /// The configuration of an execution.
    AuthenticatorConfigRepresentation {
        /// Configuration id.
        id: String,
        /// Alias.
        alias: String,
        /// Settings of the authenticator; for instance a captcha's secret key is among them.
        config: Masked<StringMap>,
    }

    /// The settings an authenticator has.
    AuthenticatorConfigInfoRepresentation {
        /// Name.
        name: String,
        /// Authenticator.
        provider_id: String,
        /// Help text.
        help_text: String,
        /// Settings.
        properties: Vec<ConfigPropertyRepresentation>,
    }

    /// An execution alone, as it is shown: its fields, and each requirement as a switch.
    AuthenticationExecutionShown {
        /// Id of the configuration.
        authenticator_config: String,
        /// Authenticator.
        authenticator: String,
        /// Whether it is a sub-flow.
        authenticator_flow: bool,
        /// Requirement.
        requirement: String,
        /// Priority.
        priority: i32,
        /// Old misspelling of `authenticatorFlow`.
        autheticator_flow: bool,
        /// Execution id.
        id: String,
        /// Id of the sub-flow.
        flow_id: String,
        /// Id of the flow it is in.
        parent_flow: String,
        /// Whether the requirement is `REQUIRED`.
        required: bool,
        /// Whether the requirement is `ALTERNATIVE`.
        alternative: bool,
        /// Whether the requirement is `CONDITIONAL`.
        conditional: bool,
        /// Whether the requirement is `DISABLED`.
        disabled: bool,
        /// Whether the requirement is another one than `DISABLED`.
        enabled: bool,
    }

    /// Something that flows can be made of.
    AuthenticatorProviderRepresentation {
        /// The kind.
        id: String,
        /// What it does.
        description: String,
        /// Name for people.
        display_name: String,
        /// Whether it works with a secret; only of authenticators of clients.
        supports_secret: bool,
    }
}
