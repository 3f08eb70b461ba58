//! Rules about a realm's own settings.

mod keys;
pub(super) mod lifespans;
mod outgoing;
mod protection;
mod registration;

use model::{component::Component, key::Key, realm::Realm};
use time::OffsetDateTime;

use super::{
    Finding, Rule,
    rule::{Findings, shown},
};

/// What the rules look at.
#[derive(Clone, Copy, Debug)]
pub struct RealmFacts<'a> {
    /// The realm.
    pub realm: &'a Realm,
    /// Its keys.
    pub keys: &'a [Key],
    /// Its policies about clients that register themselves.
    pub registration_policies: &'a [Component],
    /// The present moment.
    pub now: OffsetDateTime,
}

pub(super) fn rules() -> impl Iterator<Item = &'static Rule> {
    let all = [lifespans::RULES, protection::RULES, keys::RULES, outgoing::RULES, registration::RULES];
    all.into_iter().flatten().copied()
}

pub(super) fn findings(facts: &RealmFacts<'_>) -> Vec<Finding> {
    let mut findings = Findings::about(&facts.realm.name, None);
    lifespans::check(facts, &mut findings);
    protection::check(facts, &mut findings);
    keys::check(facts, &mut findings);
    outgoing::check(facts, &mut findings);
    registration::check(facts, &mut findings);
    findings.done()
}
