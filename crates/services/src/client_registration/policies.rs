//! The policies of a realm about clients that register themselves, kept as components as in Keycloak.
//!
//! They judge the client that a request would leave behind, with all its mappers, client scopes and addresses, and not
//! the fields that the request names: what a field doesn't say may be there all the same.

mod defaults;
mod judge;
mod kind;
mod trusted_hosts;

use model::{component::Component, realm::Realm};
use representation::ClientRepresentation;
use store::{PgConnection, components::Filter};

pub(crate) use self::defaults::default_components;
pub use self::kind::{PROVIDER_TYPE, PROVIDERS};
use self::{defaults::DEFAULTS, kind::Kind};
pub(crate) use self::{judge::State, kind::check};
use super::{
    Access,
    refusal::{Refusal, Result},
};
use crate::Origin;

/// A policy with its name.
#[derive(Debug)]
struct Policy {
    name: String,
    kind: Kind,
}

impl Policy {
    fn refuses(&self, text: impl Into<String>) -> Refusal {
        Refusal::Policy { policy: self.name.clone(), text: text.into() }
    }
}

/// The policies for one way to register.
#[derive(Debug)]
pub struct Policies {
    access: Access,
    policies: Vec<Policy>,
}

impl Policies {
    /// Those of a realm. A realm that has none at all, because it was made before there were any, has those of a new
    /// realm.
    pub(super) async fn of(conn: &mut PgConnection, realm: &Realm, access: Access) -> store::Result<Self> {
        let filter = Filter { provider_type: Some(PROVIDER_TYPE.to_owned()), ..Filter::default() };
        let components = store::components::list(conn, realm.id, &filter).await?;
        let policies = match components.is_empty() {
            true => DEFAULTS.iter().filter(|default| default.access == access).map(defaults::Default::policy).collect(),
            false => components.iter().filter_map(|component| read(component, access)).collect(),
        };
        Ok(Self { access, policies })
    }

    /// Goes on only if a caller from there may register clients and manage them at all.
    pub(super) fn admit(&self, origin: &Origin) -> Result<()> {
        // Without any policy nobody has decided that strangers are welcome.
        if self.access == Access::Anonymous && self.policies.is_empty() {
            return Err(Refusal::NotAnonymously);
        }
        for policy in &self.policies {
            if let Kind::TrustedHosts(hosts) = &policy.kind
                && !hosts.trusts_caller(origin.ip_address.as_deref())
            {
                return Err(policy.refuses("Host not trusted."));
            }
        }
        Ok(())
    }

    /// Makes of a new client what the policies want to see.
    pub(super) fn shape(&self, given: &mut ClientRepresentation) {
        for policy in &self.policies {
            match policy.kind {
                Kind::ConsentRequired => given.consent_required = Some(true),
                Kind::FullScopeDisabled => given.full_scope_allowed = Some(false),
                Kind::ClientDisabled => given.enabled = Some(false),
                _ => {}
            }
        }
    }

    /// The origins whose pages may register clients.
    pub fn web_origins(&self) -> impl Iterator<Item = &String> {
        self.policies.iter().flat_map(|policy| match &policy.kind {
            Kind::WebOrigins(origins) => origins.as_slice(),
            _ => &[],
        })
    }
}

fn read(component: &Component, access: Access) -> Option<Policy> {
    let kind = (component.sub_type.as_deref() == Some(access.as_str())).then(|| Kind::read(component))??;
    Some(Policy { name: component.name.clone(), kind })
}
