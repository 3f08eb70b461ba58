//! The posture of a realm: what of its settings and of its clients makes it less safe than the standards ask for.
//!
//! Each [`Rule`] names one thing that can be set in an unsafe way, what can go wrong with it, what to change, and the
//! section of the standard that says so. Rules are pure functions over the model, so the command line and a console show
//! the same. A new realm violates none: where a default of Keycloak's would, the default is another one here.
//!
//! Clients of other protocols than OpenID Connect, disabled clients and those that only verify tokens give no finding:
//! nobody gets a token through them.

mod client;
mod examination;
mod realm;
mod rule;

#[cfg(test)]
mod tests;

pub use self::{
    client::ClientFacts,
    examination::{Examination, Seen},
    realm::RealmFacts,
    rule::{Finding, Rule, Severity},
};

/// All rules: those about realms, then those about clients.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    realm::rules().chain(client::rules())
}

/// The rules about clients.
pub fn client_rules() -> impl Iterator<Item = &'static Rule> {
    client::rules()
}

/// What is to be said of a realm itself.
#[must_use]
pub fn of_realm(facts: &RealmFacts<'_>) -> Vec<Finding> {
    realm::findings(facts)
}

/// What is to be said of one client.
#[must_use]
pub fn of_client(facts: &ClientFacts<'_>) -> Vec<Finding> {
    client::findings(facts)
}
