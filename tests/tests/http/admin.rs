//! The Admin REST API.

mod bad_input;
mod client_scopes;
mod clients;
mod components;
mod escalation;
mod events;
mod groups;
mod permissions;
mod realms;
mod roles;
mod server_info;
mod users;
