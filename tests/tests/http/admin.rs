//! The Admin REST API.

mod authentication;
mod bad_input;
mod client_scopes;
mod clients;
mod components;
mod escalation;
mod events;
mod groups;
mod identity_providers;
mod initial_access;
mod offline;
mod permissions;
mod realm_extras;
mod realms;
mod roles;
mod scope_mappings;
mod server_info;
mod user_storage;
mod users;
