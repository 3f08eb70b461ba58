//! Roles that a token may show, and under which names.

use std::collections::BTreeSet;

use model::{client::Client, role::RoleName};

use super::{
    facts::Facts,
    mapper::{ClaimMapper, Rule},
};

/// Which of a user's roles a client may see.
#[derive(Clone, Copy, Debug)]
pub enum RoleScope<'a> {
    /// All of them, or those of a subject that was restricted before.
    Full,
    /// The client's own, and those that are mapped to it or to its effective client scopes.
    Limited {
        /// The client's `clientId`.
        client: &'a str,
        /// The mapped roles, with what composites among them and among the client's own contain.
        roles: &'a BTreeSet<RoleName>,
    },
}

impl<'a> RoleScope<'a> {
    /// What a client may see. `roles` are those that are mapped to the client and to the client scopes of the request,
    /// with what composites among them and among the client's own roles contain.
    pub fn of(client: &'a Client, roles: &'a BTreeSet<RoleName>) -> Self {
        match client.settings.full_scope_allowed {
            true => Self::Full,
            false => Self::Limited { client: &client.client_id, roles },
        }
    }

    /// Whether the client may see this role.
    pub fn admits(self, role: &RoleName) -> bool {
        match self {
            Self::Full => true,
            Self::Limited { client, roles } => role.client.as_deref() == Some(client) || roles.contains(role),
        }
    }
}

/// Whether a client scope applies to a user: one with role mappings is for users who have one of these roles, with what
/// composites among them contain. So `offline_access` is for users with the role of that name.
pub fn scope_applies(scope_roles: &BTreeSet<RoleName>, subject_roles: &[RoleName]) -> bool {
    scope_roles.is_empty() || subject_roles.iter().any(|role| scope_roles.contains(role))
}

/// The roles that tokens show.
#[derive(Debug)]
pub struct ShownRoles<'a> {
    realm: Vec<&'a RoleName>,
    clients: Vec<&'a RoleName>,
}

impl<'a> ShownRoles<'a> {
    /// The user's roles in scope, with those that mappers add, under the names that mappers give them. Names come after
    /// additions, so that an added role can have another name too; both come before all that reads roles.
    pub fn new(mappers: impl Iterator<Item = &'a ClaimMapper> + Clone, facts: &Facts<'a>) -> Self {
        let mut roles: Vec<_> = facts.subject.roles.iter().filter(|role| facts.role_scope.admits(role)).collect();
        for mapper in mappers.clone() {
            if let Rule::HardcodedRole(role) = &mapper.rule {
                roles.push(role);
            }
        }
        for mapper in mappers {
            if let Rule::RoleName { role, name } = &mapper.rule {
                for shown in roles.iter_mut().filter(|shown| shown.is_written(role)) {
                    *shown = name;
                }
            }
        }
        roles.sort_unstable();
        roles.dedup();
        let (realm, clients) = roles.into_iter().partition(|role| role.client.is_none());
        Self { realm, clients }
    }

    /// Names of realm roles.
    pub fn realm(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.realm.iter().map(|role| role.name.as_str())
    }

    /// Each client of which there are roles, with the roles' names.
    pub fn clients(&self) -> impl Iterator<Item = (&'a str, impl Iterator<Item = &'a str> + '_)> + '_ {
        self.clients.chunk_by(|one, other| one.client == other.client).filter_map(|roles| {
            let client = roles.first()?.client.as_deref()?;
            Some((client, roles.iter().map(|role| role.name.as_str())))
        })
    }
}
