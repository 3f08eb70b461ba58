//! Roles of realms and clients. What they are made of is in [`composites`], who holds them in [`holders`].

pub mod composites;
pub mod holders;
pub mod listing;

use model::{
    id::{ClientId, RealmId, RoleId},
    role::{Role, RoleContainer, RoleName},
};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{Result, Tx, row};

pub use composites::{add_composites, remove_composites};

/// A role as it is stored; `composite` is computed.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) client: Option<String>,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) attributes: Value,
    pub(crate) composite: bool,
}

impl Row {
    pub(crate) fn read(self) -> Result<Role> {
        Ok(Role {
            id: RoleId(self.id),
            name: self.name,
            description: self.description,
            container: self.client.map_or(RoleContainer::Realm, |client| RoleContainer::Client(ClientId(client))),
            attributes: row::read("roles", "attributes", self.attributes)?,
            composite: self.composite,
        })
    }

    pub(crate) fn read_all(rows: Vec<Self>) -> Result<Vec<Role>> {
        rows.into_iter().map(Self::read).collect()
    }
}

/// Selects roles: what precedes the selection (`with …`), what follows `from roles r`, and the arguments.
macro_rules! select_roles {
    ($with:literal, $rest:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            $crate::roles::Row,
            $with
                + r#" select r.id, r.client, r.name, r.description, r.attributes,
                     exists (
                         select from role_composites part where part.realm_id = r.realm_id and part.parent = r.id
                     ) as "composite!"
                 from roles r "#
                + $rest
            $(, $argument)*
        )
    };
}
pub(crate) use select_roles;

/// The id of a role's client, as the table has it.
pub(crate) fn client_of(container: &RoleContainer) -> Option<&str> {
    match container {
        RoleContainer::Realm => None,
        RoleContainer::Client(client) => Some(client.as_str()),
    }
}

pub(crate) fn texts(ids: &[RoleId]) -> Vec<String> {
    ids.iter().map(|id| id.0.clone()).collect()
}

/// The `clientId` of the client with this id, or none if there is no such client.
///
/// # Errors
/// If the database fails.
pub async fn client_name(conn: &mut PgConnection, realm: RealmId, client: &ClientId) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!("select client_id from clients where realm_id = $1 and id = $2", realm.0, client.as_str())
        .fetch_optional(conn)
        .await?)
}

/// The role with this id.
///
/// # Errors
/// If the database fails.
pub async fn find(conn: &mut PgConnection, realm: RealmId, id: &RoleId) -> Result<Option<Role>> {
    select_roles!("", "where r.realm_id = $1 and r.id = $2", realm.0, id.as_str())
        .fetch_optional(conn)
        .await?
        .map(Row::read)
        .transpose()
}

/// The roles with these ids, by name. Unknown ids are passed over.
///
/// # Errors
/// If the database fails.
pub async fn find_many(conn: &mut PgConnection, realm: RealmId, ids: &[RoleId]) -> Result<Vec<Role>> {
    let ids = texts(ids);
    Row::read_all(
        select_roles!("", "where r.realm_id = $1 and r.id = any($2) order by r.name, r.id", realm.0, &ids)
            .fetch_all(conn)
            .await?,
    )
}

/// The role of this name in its realm or client.
///
/// # Errors
/// If the database fails.
pub async fn find_by_name(
    conn: &mut PgConnection,
    realm: RealmId,
    container: &RoleContainer,
    name: &str,
) -> Result<Option<Role>> {
    let row = match container {
        RoleContainer::Realm => {
            select_roles!("", "where r.realm_id = $1 and r.client is null and r.name = $2", realm.0, name)
                .fetch_optional(conn)
                .await?
        }
        RoleContainer::Client(client) => {
            select_roles!("", "where r.realm_id = $1 and r.client = $2 and r.name = $3", realm.0, client.as_str(), name)
                .fetch_optional(conn)
                .await?
        }
    };
    row.map(Row::read).transpose()
}

/// The roles that answer to one of these names, each with that name. Unknown names are passed over.
///
/// # Errors
/// If the database fails.
pub async fn find_by_names(
    conn: &mut PgConnection,
    realm: RealmId,
    names: &[RoleName],
) -> Result<Vec<(RoleName, RoleId)>> {
    let (clients, names): (Vec<Option<String>>, Vec<String>) =
        names.iter().map(|name| (name.client.clone(), name.name.clone())).unzip();
    let rows = sqlx::query!(
        r#"select r.id, r.name, c.client_id as "client_id?"
           from (select distinct client, name from unnest($2::text[], $3::text[]) as given (client, name)) wanted
           left join clients c on c.realm_id = $1 and c.client_id = wanted.client
           join roles r on r.realm_id = $1 and r.name = wanted.name
               and (r.client = c.id or (r.client is null and wanted.client is null))"#,
        realm.0,
        &clients as &[Option<String>],
        &names
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (RoleName { client: row.client_id, name: row.name }, RoleId(row.id))).collect())
}

/// The roles of a realm or client that have one of these ids or one of these names.
///
/// # Errors
/// If the database fails.
pub async fn find_in(
    conn: &mut PgConnection,
    realm: RealmId,
    container: &RoleContainer,
    ids: &[String],
    names: &[String],
) -> Result<Vec<Role>> {
    Row::read_all(
        select_roles!(
            "",
            "where r.realm_id = $1 and (r.id = any($3) or r.name = any($4))
               and (r.client = $2 or ($2::text is null and r.client is null))
             order by r.name",
            realm.0,
            client_of(container),
            ids,
            names
        )
        .fetch_all(conn)
        .await?,
    )
}

/// The roles of a realm or client by name: those whose name or description contains `search`, whatever the case.
///
/// # Errors
/// If the database fails.
pub async fn list(
    conn: &mut PgConnection,
    realm: RealmId,
    container: &RoleContainer,
    search: Option<&str>,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<Role>> {
    let rows = match container {
        RoleContainer::Realm => {
            select_roles!(
                "",
                "where r.realm_id = $1 and r.client is null
                   and ($2::text is null or strpos(lower(r.name), lower($2)) > 0
                        or strpos(lower(r.description), lower($2)) > 0)
                 order by r.name offset $3 limit $4",
                realm.0,
                search,
                first,
                max
            )
            .fetch_all(conn)
            .await?
        }
        RoleContainer::Client(client) => {
            select_roles!(
                "",
                "where r.realm_id = $1 and r.client = $2
                   and ($3::text is null or strpos(lower(r.name), lower($3)) > 0
                        or strpos(lower(r.description), lower($3)) > 0)
                 order by r.name offset $4 limit $5",
                realm.0,
                client.as_str(),
                search,
                first,
                max
            )
            .fetch_all(conn)
            .await?
        }
    };
    Row::read_all(rows)
}

/// Reads a role and keeps others from changing it until the transaction ends.
///
/// # Errors
/// If the database fails.
pub async fn lock(tx: &mut Tx, id: &RoleId) -> Result<Option<Role>> {
    let realm = tx.realm();
    select_roles!("", "where r.realm_id = $1 and r.id = $2 for no key update of r", realm.0, id.as_str())
        .fetch_optional(&mut **tx)
        .await?
        .map(Row::read)
        .transpose()
}

/// Makes a role. Whether it is composite follows from what is added to it, see [`add_composites`].
///
/// # Errors
/// A conflict `roles_name` if the name is taken in its container; one for a missing row if its client is gone.
pub async fn insert(tx: &mut Tx, role: &Role) -> Result<()> {
    insert_all(tx, std::slice::from_ref(role)).await
}

/// Makes several roles at once.
///
/// # Errors
/// As of [`insert`].
pub async fn insert_all(tx: &mut Tx, roles: &[Role]) -> Result<()> {
    if roles.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let ids: Vec<String> = roles.iter().map(|role| role.id.0.clone()).collect();
    let clients: Vec<Option<String>> = roles.iter().map(|role| client_of(&role.container).map(str::to_owned)).collect();
    let names: Vec<String> = roles.iter().map(|role| role.name.clone()).collect();
    let descriptions: Vec<Option<String>> = roles.iter().map(|role| role.description.clone()).collect();
    let attributes: Vec<Value> = roles.iter().map(|role| row::write(&role.attributes)).collect();
    sqlx::query!(
        "insert into roles (realm_id, id, client, name, description, attributes)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[])",
        realm.0,
        &ids,
        &clients as &[Option<String>],
        &names,
        &descriptions as &[Option<String>],
        &attributes
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Saves a role's name, description and attributes. False if it is gone.
///
/// # Errors
/// A conflict `roles_name` if the name is taken in its container.
pub async fn update(tx: &mut Tx, role: &Role) -> Result<bool> {
    let realm = tx.realm();
    let done = sqlx::query!(
        "update roles set name = $3, description = $4, attributes = $5 where realm_id = $1 and id = $2",
        realm.0,
        role.id.as_str(),
        role.name,
        role.description,
        row::write(&role.attributes)
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Removes a role, everywhere it was granted or part of another role. False if it was gone already.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, id: &RoleId) -> Result<bool> {
    let realm = tx.realm();
    let done = sqlx::query!("delete from roles where realm_id = $1 and id = $2", realm.0, id.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}
