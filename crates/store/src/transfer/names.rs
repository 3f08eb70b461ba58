//! The names of what a realm holds, by which an import finds it.

use model::{
    id::{ClientId, ClientScopeId, RealmId, RoleId},
    role::RoleName,
};
use sqlx::PgConnection;

use crate::Result;

/// The clients of a realm: id, `clientId` and protocol.
///
/// # Errors
/// If the database fails.
pub async fn clients(conn: &mut PgConnection, realm: RealmId) -> Result<Vec<(ClientId, String, String)>> {
    let rows = sqlx::query!("select id, client_id, protocol from clients where realm_id = $1", realm.0);
    let rows = rows.fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| (ClientId(row.id), row.client_id, row.protocol)).collect())
}

/// The client scopes of a realm: id, name and protocol.
///
/// # Errors
/// If the database fails.
pub async fn client_scopes(conn: &mut PgConnection, realm: RealmId) -> Result<Vec<(ClientScopeId, String, String)>> {
    let rows = sqlx::query!("select id, name, protocol from client_scopes where realm_id = $1", realm.0);
    let rows = rows.fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| (ClientScopeId(row.id), row.name, row.protocol)).collect())
}

/// The roles of a realm and of its clients.
///
/// # Errors
/// If the database fails.
pub async fn roles(conn: &mut PgConnection, realm: RealmId) -> Result<Vec<(RoleId, RoleName)>> {
    let rows = sqlx::query!(
        r#"select r.id, c.client_id as "client?", r.name from roles r
           left join clients c on c.realm_id = r.realm_id and c.id = r.client
           where r.realm_id = $1"#,
        realm.0
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (RoleId(row.id), RoleName { client: row.client, name: row.name })).collect())
}
