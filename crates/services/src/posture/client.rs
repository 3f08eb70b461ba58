//! Rules about a client's settings.

mod access;
mod flows;
mod origins;
mod privileges;
mod redirects;
mod tokens;

use model::client::{Client, OPENID_CONNECT};
use time::OffsetDateTime;

use super::{
    Finding, Rule,
    rule::{Findings, shown},
};

/// Keycloak's command line and everything that speaks for administrators as it does.
const ADMIN_CLI: &str = "admin-cli";
/// The administrators' own console.
const ADMIN_CONSOLE: &str = "security-admin-console";

/// What the rules look at.
#[derive(Clone, Copy, Debug)]
pub struct ClientFacts<'a> {
    /// The name of its realm.
    pub realm: &'a str,
    /// The client.
    pub client: &'a Client,
    /// Its service account holds an administrator's permission.
    pub privileged: bool,
    /// The present moment.
    pub now: OffsetDateTime,
}

impl ClientFacts<'_> {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.client.attributes.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn is_on(&self, name: &str) -> bool {
        self.attribute(name) == Some("true")
    }

    /// A browser is sent back to it.
    fn is_redirected_to(&self) -> bool {
        self.client.settings.standard_flow_enabled || self.client.settings.implicit_flow_enabled
    }

    /// It gets tokens of users.
    fn has_users(&self) -> bool {
        self.is_redirected_to()
            || self.client.settings.direct_access_grants_enabled
            || self.is_on(flows::DEVICE_GRANT_ENABLED)
    }
}

pub(super) fn rules() -> impl Iterator<Item = &'static Rule> {
    let all = [redirects::RULES, flows::RULES, origins::RULES, access::RULES, tokens::RULES, privileges::RULES];
    all.into_iter().flatten().copied()
}

pub(super) fn findings(facts: &ClientFacts<'_>) -> Vec<Finding> {
    let client = facts.client;
    let mut findings = Findings::about(facts.realm, Some(&client.client_id));
    if client.protocol != OPENID_CONNECT || !client.enabled || client.settings.bearer_only {
        return findings.done();
    }
    redirects::check(facts, &mut findings);
    flows::check(facts, &mut findings);
    origins::check(facts, &mut findings);
    access::check(facts, &mut findings);
    tokens::check(facts, &mut findings);
    privileges::check(facts, &mut findings);
    findings.done()
}
