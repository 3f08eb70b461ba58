//! The nouns of an identity provider: realm, client, user, role, group, scope, mapper, key, event.
//!
//! This crate knows no database, no HTTP and no cryptography, so that everything else can share its words.
//! It may depend on nothing of ours.

pub mod authentication;
pub mod client;
pub mod client_scope;
pub mod clock;
pub mod component;
pub mod credential;
pub mod event;
pub mod group;
pub mod id;
pub mod identity_provider;
pub mod key;
pub mod network;
pub mod permission;
pub mod problem;
pub mod protocol_mapper;
pub mod realm;
pub mod role;
pub mod secret;
pub mod session;
pub mod subject;
pub mod user;
pub mod webhook;

use std::collections::BTreeMap;

/// Keycloak's `attributes` of realms, clients and client scopes and `config` of mappers: one text per name.
pub type Attributes = BTreeMap<String, String>;

/// Keycloak's `attributes` of users, roles and groups: several texts per name.
pub type MultiAttributes = BTreeMap<String, Vec<String>>;
