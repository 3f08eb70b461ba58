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
mod lists_and_reads;
mod offline;
mod partial_import;
mod permissions;
mod realms;
mod roles;
mod scope_mappings;
mod secrets;
mod server_info;
mod user_profile;
mod user_search;
mod users;
