//! What an import finds by name: what is in the realm already, and what it made itself.

use std::collections::HashMap;

use model::{
    group::Group,
    id::{ClientId, ClientScopeId, GroupId, RealmId, RoleId},
    role::RoleName,
};
use store::PgConnection;

use crate::Result;

/// The names of a realm.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Client scopes by name, with their protocol.
    pub(crate) scopes: HashMap<String, (ClientScopeId, String)>,
    /// Clients by `clientId`, with their protocol.
    pub(crate) clients: HashMap<String, (ClientId, String)>,
    /// Roles of the realm and of clients.
    pub(crate) roles: HashMap<RoleName, RoleId>,
    /// Groups by the names on the way down to them.
    pub(crate) groups: HashMap<Vec<String>, GroupId>,
}

impl Names {
    /// The names of what a realm holds.
    ///
    /// # Errors
    /// If the database fails.
    pub(crate) async fn load(conn: &mut PgConnection, realm: RealmId) -> Result<Self> {
        use store::transfer::names;
        let scopes = names::client_scopes(conn, realm).await?;
        let clients = names::clients(conn, realm).await?;
        let roles = names::roles(conn, realm).await?;
        let groups = store::transfer::groups::all(conn, realm).await?;
        Ok(Self {
            scopes: scopes.into_iter().map(|(id, name, protocol)| (name, (id, protocol))).collect(),
            clients: clients.into_iter().map(|(id, name, protocol)| (name, (id, protocol))).collect(),
            roles: roles.into_iter().map(|(id, name)| (name, id)).collect(),
            groups: paths(&groups).into_iter().map(|(id, path)| (path, id)).collect(),
        })
    }

    /// The id of a client.
    pub(crate) fn client(&self, client_id: &str) -> Option<&ClientId> {
        self.clients.get(client_id).map(|(id, _)| id)
    }

    /// The id of a realm role.
    pub(crate) fn realm_role(&self, name: &str) -> Option<&RoleId> {
        self.roles.get(&RoleName { client: None, name: name.to_owned() })
    }
}

/// The names on the way down to each of these groups.
pub(crate) fn paths(groups: &[Group]) -> HashMap<GroupId, Vec<String>> {
    let by_id: HashMap<&GroupId, &Group> = groups.iter().map(|group| (&group.id, group)).collect();
    let path = |group: &Group| {
        let mut path = vec![group.name.clone()];
        let mut above = group.parent.as_ref();
        while let Some(group) = above.and_then(|id| by_id.get(id)).filter(|_| path.len() <= by_id.len()) {
            path.push(group.name.clone());
            above = group.parent.as_ref();
        }
        path.reverse();
        path
    };
    groups.iter().map(|group| (group.id.clone(), path(group))).collect()
}
