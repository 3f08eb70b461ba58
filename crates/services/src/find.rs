//! Finding anything by how its name begins, as somebody types: what a command palette asks.
//!
//! It costs two statements, whatever is found: the realms that the administrator may see, and everything that fits
//! (docs/decisions/053-finding-things.md).

use std::collections::HashSet;

use model::{permission::Permission, realm::Realm};
use store::find::{Asked, Kinds};

use crate::{Caller, Result, Services, listing};

pub use store::find::{Kind, Match};

const CLIENTS: &[Permission] = &[Permission::QueryClients, Permission::ViewClients, Permission::ManageClients];
const CLIENT_ROLES: &[Permission] = &[Permission::ViewClients, Permission::ManageClients];
const REALM_ROLES: &[Permission] = &[Permission::ViewRealm, Permission::ManageRealm];
const PEOPLE: &[Permission] = &[Permission::ViewUsers, Permission::ManageUsers];

/// The most matches of a kind.
pub const MOST: usize = 20;

/// What a caller may look for in the realm in front of them.
fn kinds(caller: &Caller) -> Kinds {
    Kinds {
        clients: caller.may(CLIENTS),
        users: caller.may(PEOPLE),
        realm_roles: caller.may(REALM_ROLES),
        client_roles: caller.may(CLIENT_ROLES),
        groups: caller.may(PEOPLE),
    }
}

/// Realms that the caller holds a permission on, and clients, people, roles and groups of the realm in front of the caller
/// that the caller may see: those whose name begins with `text` or is `text` first, then some that have it elsewhere. Up to
/// `each` of every kind, in the order realms, clients, users, roles, groups.
///
/// # Errors
/// If the database fails.
pub async fn find(
    services: &Services,
    caller: &Caller,
    realm: Option<&Realm>,
    text: &str,
    each: usize,
) -> Result<Vec<Match>> {
    let each = each.clamp(1, MOST);
    let Ok(Some(text)) = listing::text(Some(text)) else { return Ok(Vec::new()) };
    let mut searching = services.store.searching().await?;
    let reach = crate::realms::reach(&mut searching, caller).await?;
    let asked = Asked {
        text: &text,
        all_realms: reach.everywhere,
        realms: &reach.realms,
        inside: realm.map(|realm| (realm.id, kinds(caller))),
        each: i64::try_from(each).unwrap_or(1),
    };
    let found = store::find::matches(&mut searching, asked).await?;
    searching.end().await?;
    Ok(best(found, each))
}

/// The best matches of each kind, each thing once.
fn best(mut found: Vec<Match>, each: usize) -> Vec<Match> {
    found.sort_by_cached_key(|one| (one.kind, one.rank, one.name.to_lowercase(), one.id.clone()));
    let mut seen = HashSet::new();
    found.retain(|one| seen.insert((one.kind, one.id.clone())));
    let (mut kind, mut count) = (None, 0);
    found.retain(|one| {
        if kind.replace(one.kind) != Some(one.kind) {
            count = 0;
        }
        count += 1;
        count <= each
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_is_there_once_and_the_best_come_first() {
        let one = |kind: Kind, rank: i32, name: &str| Match {
            kind,
            rank,
            id: format!("id of {name}"),
            name: name.to_owned(),
            detail: None,
            client: None,
        };
        let found = best(
            vec![
                one(Kind::User, 2, "ann"),
                one(Kind::Realm, 1, "Band"),
                one(Kind::User, 1, "zoe"),
                one(Kind::Realm, 0, "ban"),
                one(Kind::User, 1, "ann"),
                one(Kind::Realm, 2, "abandoned"),
            ],
            2,
        );
        let names: Vec<_> = found.iter().map(|one| (one.kind, one.name.as_str())).collect();
        assert_eq!(names, [(Kind::Realm, "ban"), (Kind::Realm, "Band"), (Kind::User, "ann"), (Kind::User, "zoe"),]);
    }
}
