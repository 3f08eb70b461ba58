//! Keycloak-compatible JSON shapes.
//!
//! Every type here mirrors one Keycloak representation field by field, so that its clients, exports and tools
//! work unchanged. All fields are optional: absent and null mean "not said", and what that stands for is decided
//! where the representation is applied. [`parse()`] reads a request body with Keycloak's tolerance and error texts.

mod convert;
mod define;
pub mod describe;
pub mod error;
#[cfg(test)]
mod exports;
pub mod lenient;
mod masked;
mod parse;
pub mod realm_file;
mod secret_names;

mod admin_event;
mod authentication;
mod certificate;
mod client;
mod client_initial_access;
mod client_policies;
mod client_scope;
mod component;
mod config_property;
mod credential;
mod event;
mod federated_identity;
mod group;
mod identity_provider;
mod keys_metadata;
mod management;
mod mappings;
mod partial_import;
mod protocol_mapper;
mod published_realm;
mod realm;
mod registry_access;
mod required_action;
mod role;
mod server_info;
mod user;
mod user_federation;
mod user_profile;
mod user_session;
mod user_storage;
mod webhook;
mod who_am_i;

pub use convert::MASK;
pub use define::Representation;
pub use describe::{Described, SchemaRef, Schemas};
pub use error::{ErrorBody, ErrorMessage, ErrorText, OAuthError};
pub use lenient::{Attributes, ListMap, StringMap, TextMap};
pub use masked::{Masked, SecretText};
pub use parse::{ParseError, parse};
pub use secret_names::is_secret_name;

pub use admin_event::*;
pub use authentication::*;
pub use certificate::*;
pub use client::*;
pub use client_initial_access::*;
pub use client_policies::*;
pub use client_scope::*;
pub use component::*;
pub use config_property::*;
pub use credential::*;
pub use event::*;
pub use federated_identity::*;
pub use group::*;
pub use identity_provider::*;
pub use keys_metadata::*;
pub use management::*;
pub use mappings::*;
pub use partial_import::*;
pub use protocol_mapper::*;
pub use published_realm::*;
pub use realm::*;
pub use registry_access::*;
pub use required_action::*;
pub use role::*;
pub use server_info::*;
pub use user::*;
pub use user_federation::*;
pub use user_profile::*;
pub use user_session::*;
pub use user_storage::*;
pub use webhook::*;
pub use who_am_i::*;
