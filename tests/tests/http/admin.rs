//! The Admin REST API.

mod bad_input;
mod client_keys;
mod client_rest;
mod client_scopes;
mod clients;
mod clients_in_master;
mod components;
mod escalation;
mod escalation_search;
mod evaluation;
mod events;
mod groups;
mod import;
mod initial_access;
mod key_providers;
mod offline;
mod permissions;
mod realms;
mod roles;
mod scope_mappings;
mod server_info;
mod users;
