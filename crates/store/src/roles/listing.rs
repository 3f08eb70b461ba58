//! Roles of a realm and of its clients together, for people.

use model::id::{ClientId, RealmId, RoleId};
use sqlx::PgConnection;

use crate::{Result, role_mappings::Holder};

/// A role in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRole {
    /// Its id.
    pub id: RoleId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The client that defines it, with its `clientId`; none for a role of the realm.
    pub client: Option<(ClientId, String)>,
    /// Contains other roles.
    pub composite: bool,
    /// Granted to the user or group themselves, where it is a list of somebody's roles.
    pub direct: bool,
}

struct Row {
    id: String,
    name: String,
    description: Option<String>,
    client: Option<String>,
    client_id: Option<String>,
    composite: bool,
    direct: bool,
}

impl Row {
    fn read(self) -> ListedRole {
        ListedRole {
            id: RoleId(self.id),
            name: self.name,
            description: self.description,
            client: self.client.map(ClientId).zip(self.client_id),
            composite: self.composite,
            direct: self.direct,
        }
    }
}

/// Which roles are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Narrowed<'a> {
    /// Roles of the realm.
    pub of_realm: bool,
    /// Roles of clients.
    pub of_clients: bool,
    /// With this text in the name, the description or the `clientId`, in any case.
    pub text: Option<&'a str>,
}

/// Roles by name. The connection must plan for each question, see [`Store::searching`](crate::Store::searching).
///
/// # Errors
/// If the database fails.
pub async fn listing(
    conn: &mut PgConnection,
    realm: RealmId,
    narrowed: Narrowed<'_>,
    descending: bool,
    first: i64,
    max: i64,
) -> Result<Vec<ListedRole>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select r.id, r.name, r.description, r.client, c.client_id as "client_id?",
               exists (select from role_composites p where p.realm_id = $1 and p.parent = r.id) as "composite!",
               false as "direct!"
           from roles r left join clients c on c.realm_id = $1 and c.id = r.client
           where r.realm_id = $1 and ($2 and r.client is null or $3 and r.client is not null)
               and ($4::text is null or strpos(lower(r.name), lower($4)) > 0
                    or strpos(lower(r.description), lower($4)) > 0 or strpos(lower(c.client_id), lower($4)) > 0)
           order by r.client is not null, case when $5 then lower(r.name) collate "C" end desc, lower(r.name) collate "C",
               r.id
           offset $6 limit $7"#,
        realm.0,
        narrowed.of_realm,
        narrowed.of_clients,
        narrowed.text,
        descending,
        first,
        max
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Row::read).collect())
}

/// Up to `max` roles that a user or group has, those granted to them first: directly, through groups, or as part of such a
/// role.
///
/// # Errors
/// If the database fails.
pub async fn in_effect(
    conn: &mut PgConnection,
    realm: RealmId,
    holder: Holder<'_>,
    max: i64,
) -> Result<Vec<ListedRole>> {
    let (user, group) = holder.ids();
    let rows = sqlx::query_as!(
        Row,
        r#"with recursive direct as (
               select role_id from user_roles where realm_id = $1 and user_id = $2
               union all
               select role_id from group_roles where realm_id = $1 and group_id = $3
           ),
           up as (
               select g.id, g.parent from groups g where g.realm_id = $1 and g.id = $3
               union
               select g.id, g.parent from user_groups m join groups g on g.realm_id = m.realm_id and g.id = m.group_id
               where m.realm_id = $1 and m.user_id = $2
               union
               select g.id, g.parent from up join groups g on g.realm_id = $1 and g.id = up.parent
           ),
           held as (
               select role_id from direct
               union
               select given.role_id from up join group_roles given on given.realm_id = $1 and given.group_id = up.id
               union
               select c.child from held join role_composites c on c.realm_id = $1 and c.parent = held.role_id
           )
           select r.id, r.name, r.description, r.client, c.client_id as "client_id?",
               exists (select from role_composites p where p.realm_id = $1 and p.parent = r.id) as "composite!",
               r.id in (select role_id from direct) as "direct!"
           from held join roles r on r.realm_id = $1 and r.id = held.role_id
           left join clients c on c.realm_id = $1 and c.id = r.client
           order by 7 desc, r.client nulls first, lower(r.name), r.id limit $4"#,
        realm.0,
        user,
        group,
        max
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Row::read).collect())
}
