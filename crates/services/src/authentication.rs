//! Authentication as administrators set it up: flows and their executions, configurations of authenticators, required
//! actions.
//!
//! What is set up here is checked, kept and given back. Which of it a login obeys is said in `docs/admin-api.md`.

pub mod authenticators;
mod bindings;
mod book;
mod built_in;
pub mod configs;
pub mod executions;
pub mod flows;
mod import;
mod order;
pub mod required_actions;
mod shown;

use model::{id::FlowId, permission::Permission, realm::Realm};

pub(crate) use bindings::check as check_bindings;
pub(crate) use book::lock_for_changes;
pub(crate) use import::{bring, export, import};
pub(crate) use required_actions::{export as export_required_actions, import as import_required_actions};

pub use order::Move;

use crate::{Error, Result, Services};

const MANAGE: &[Permission] = &[Permission::ManageRealm];
const VIEW: &[Permission] = &[Permission::ViewRealm, Permission::ManageRealm];

/// The id of the flow with this alias, if there is one.
///
/// # Errors
/// If the database fails.
pub(crate) async fn flow_named(services: &Services, realm: &Realm, alias: &str) -> Result<Option<FlowId>> {
    Ok(book::read(services, realm).await?.by_alias(alias).map(|flow| flow.id.clone()))
}

/// Goes on only if an alias fits into a path, with Keycloak's text where it doesn't.
fn check_alias(alias: &str) -> Result<()> {
    match alias.chars().find(|letter| ":/?#@!$&()*+,;=[]\\".contains(*letter)) {
        Some(letter) => Err(Error::Illegal(format!("Character '{letter}' not allowed."))),
        None => Ok(()),
    }
}
