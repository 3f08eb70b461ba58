//! Roles that are part of other roles.

use model::{
    id::{ClientId, RealmId, RoleId},
    role::Role,
};
use sqlx::PgConnection;

use super::{Row, select_roles, texts};
use crate::{Result, Tx};

/// Which parts of a role are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts<'a> {
    /// All of them.
    All,
    /// The realm roles.
    Realm,
    /// The roles of one client.
    Client(&'a ClientId),
}

/// The roles that `parent` directly contains, by name; those whose name contains `search`, whatever the case.
///
/// # Errors
/// If the database fails.
pub async fn list(
    conn: &mut PgConnection,
    realm: RealmId,
    parent: &RoleId,
    parts: Parts<'_>,
    search: Option<&str>,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<Role>> {
    let (all, client) = match parts {
        Parts::All => (true, None),
        Parts::Realm => (false, None),
        Parts::Client(client) => (false, Some(client.as_str())),
    };
    let rows = select_roles!(
        "",
        "join role_composites made on made.realm_id = r.realm_id and made.child = r.id
         where r.realm_id = $1 and made.parent = $2 and ($3 or r.client is not distinct from $4)
           and ($5::text is null or strpos(lower(r.name), lower($5)) > 0)
         order by r.name, r.id offset $6 limit $7",
        realm.0,
        parent.as_str(),
        all,
        client,
        search,
        first,
        max
    )
    .fetch_all(conn)
    .await?;
    Row::read_all(rows)
}

/// Makes roles parts of others: pairs of the containing role and the contained one. Pairs that are there already stay.
///
/// # Errors
/// A conflict for a missing row if one of the roles is gone.
pub async fn add_composites(tx: &mut Tx, pairs: &[(RoleId, RoleId)]) -> Result<()> {
    let realm = tx.realm();
    let (parents, children): (Vec<String>, Vec<String>) =
        pairs.iter().map(|(parent, child)| (parent.0.clone(), child.0.clone())).unzip();
    sqlx::query!(
        "insert into role_composites (realm_id, parent, child)
         select $1, parent, child from unnest($2::text[], $3::text[]) as given (parent, child)
         order by parent, child on conflict do nothing",
        realm.0,
        &parents,
        &children
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes roles out of `parent`. Those that are no part of it are passed over.
///
/// # Errors
/// If the database fails.
pub async fn remove_composites(tx: &mut Tx, parent: &RoleId, children: &[RoleId]) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "delete from role_composites where realm_id = $1 and parent = $2 and child = any($3)",
        realm.0,
        parent.as_str(),
        &texts(children)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
