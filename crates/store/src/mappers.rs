//! Protocol mappers of clients and client scopes.

use model::{
    id::{ClientId, ClientScopeId, MapperId, RealmId},
    protocol_mapper::{MapperOwner, ProtocolMapper},
};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{Result, Tx, row};

pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) client: Option<String>,
    pub(crate) scope: Option<String>,
    pub(crate) name: String,
    pub(crate) protocol: String,
    pub(crate) kind: String,
    pub(crate) config: Value,
}

impl Row {
    fn read(self) -> Result<ProtocolMapper> {
        Ok(ProtocolMapper {
            id: MapperId(self.id),
            name: self.name,
            protocol: self.protocol,
            kind: self.kind,
            config: row::read("protocol_mappers", "config", self.config)?,
        })
    }

    pub(crate) fn read_owned(self) -> Result<(MapperOwner, ProtocolMapper)> {
        let owner = match (self.client.clone(), self.scope.clone()) {
            (Some(client), _) => MapperOwner::Client(ClientId(client)),
            (None, scope) => MapperOwner::ClientScope(ClientScopeId(scope.unwrap_or_default())),
        };
        Ok((owner, self.read()?))
    }
}

/// The owner as the two columns that hold it.
pub(crate) fn columns(owner: &MapperOwner) -> (Option<&str>, Option<&str>) {
    match owner {
        MapperOwner::Client(client) => (Some(client.as_str()), None),
        MapperOwner::ClientScope(scope) => (None, Some(scope.as_str())),
    }
}

/// The mappers of an owner by name.
///
/// # Errors
/// If the database fails.
pub async fn list(conn: &mut PgConnection, realm: RealmId, owner: &MapperOwner) -> Result<Vec<ProtocolMapper>> {
    let (client, scope) = columns(owner);
    sqlx::query_as!(
        Row,
        "select id, client, scope, name, protocol, kind, config from protocol_mappers
         where realm_id = $1 and (client = $2 or scope = $3) order by name, id",
        realm.0,
        client,
        scope
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read)
    .collect()
}

/// The mappers of several clients, with their owners.
///
/// # Errors
/// If the database fails.
pub async fn of_clients(
    conn: &mut PgConnection,
    realm: RealmId,
    clients: &[ClientId],
) -> Result<Vec<(MapperOwner, ProtocolMapper)>> {
    let clients: Vec<String> = clients.iter().map(|client| client.0.clone()).collect();
    sqlx::query_as!(
        Row,
        "select id, client, scope, name, protocol, kind, config from protocol_mappers
         where realm_id = $1 and client = any($2) order by name, id",
        realm.0,
        &clients
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read_owned)
    .collect()
}

/// The mappers of all client scopes of a realm, with their owners.
///
/// # Errors
/// If the database fails.
pub async fn of_client_scopes(conn: &mut PgConnection, realm: RealmId) -> Result<Vec<(MapperOwner, ProtocolMapper)>> {
    sqlx::query_as!(
        Row,
        "select id, client, scope, name, protocol, kind, config from protocol_mappers
         where realm_id = $1 and scope is not null order by name, id",
        realm.0
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read_owned)
    .collect()
}

/// The mappers that may apply to a client, with their owners: its own and those of all its client scopes, in its
/// protocol.
///
/// # Errors
/// If the database fails.
pub async fn effective(
    conn: &mut PgConnection,
    realm: RealmId,
    client: &ClientId,
) -> Result<Vec<(MapperOwner, ProtocolMapper)>> {
    sqlx::query_as!(
        Row,
        "select m.id, m.client, m.scope, m.name, m.protocol, m.kind, m.config from protocol_mappers m
         join clients c on c.realm_id = m.realm_id and c.id = $2
         where m.realm_id = $1 and m.protocol = c.protocol
           and (m.client = $2
                or m.scope in (select scope from client_scope_assignments where realm_id = $1 and client = $2))
         order by m.name, m.id",
        realm.0,
        client.as_str()
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read_owned)
    .collect()
}

/// One mapper of an owner.
///
/// # Errors
/// If the database fails.
pub async fn find(
    conn: &mut PgConnection,
    realm: RealmId,
    owner: &MapperOwner,
    id: &MapperId,
) -> Result<Option<ProtocolMapper>> {
    let (client, scope) = columns(owner);
    sqlx::query_as!(
        Row,
        "select id, client, scope, name, protocol, kind, config from protocol_mappers
         where realm_id = $1 and id = $2 and (client = $3 or scope = $4)",
        realm.0,
        id.as_str(),
        client,
        scope
    )
    .fetch_optional(conn)
    .await?
    .map(Row::read)
    .transpose()
}

/// Makes mappers of one owner, all in one statement.
///
/// # Errors
/// A conflict on `protocol_mappers_client` or `protocol_mappers_scope` if a name is taken.
pub async fn insert(tx: &mut Tx, owner: &MapperOwner, mappers: &[ProtocolMapper]) -> Result<()> {
    if mappers.is_empty() {
        return Ok(());
    }
    let owned: Vec<_> = mappers.iter().map(|mapper| (owner.clone(), mapper.clone())).collect();
    insert_owned(tx, &owned).await
}

/// Makes mappers of several owners, all in one statement.
///
/// # Errors
/// A conflict on `protocol_mappers_client` or `protocol_mappers_scope` if a name is taken.
pub async fn insert_owned(tx: &mut Tx, mappers: &[(MapperOwner, ProtocolMapper)]) -> Result<()> {
    let realm = tx.realm();
    let each = || mappers.iter().map(|(_, mapper)| mapper);
    let ids: Vec<String> = each().map(|mapper| mapper.id.0.clone()).collect();
    let clients: Vec<Option<String>> = mappers.iter().map(|(owner, _)| columns(owner).0.map(str::to_owned)).collect();
    let scopes: Vec<Option<String>> = mappers.iter().map(|(owner, _)| columns(owner).1.map(str::to_owned)).collect();
    let names: Vec<String> = each().map(|mapper| mapper.name.clone()).collect();
    let protocols: Vec<String> = each().map(|mapper| mapper.protocol.clone()).collect();
    let kinds: Vec<String> = each().map(|mapper| mapper.kind.clone()).collect();
    let configs: Vec<Value> = each().map(|mapper| row::write(&mapper.config)).collect();
    sqlx::query!(
        "insert into protocol_mappers (realm_id, id, client, scope, name, protocol, kind, config)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[])",
        realm.0,
        &ids,
        &clients as &[Option<String>],
        &scopes as &[Option<String>],
        &names,
        &protocols,
        &kinds,
        &configs
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Saves a mapper.
///
/// # Errors
/// A conflict on `protocol_mappers_client` or `protocol_mappers_scope` if the name is taken.
pub async fn update(tx: &mut Tx, mapper: &ProtocolMapper) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "update protocol_mappers set name = $3, protocol = $4, kind = $5, config = $6
         where realm_id = $1 and id = $2",
        realm.0,
        mapper.id.as_str(),
        mapper.name,
        mapper.protocol,
        mapper.kind,
        row::write(&mapper.config)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes mappers of an owner.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, owner: &MapperOwner, ids: &[MapperId]) -> Result<u64> {
    let realm = tx.realm();
    let (client, scope) = columns(owner);
    let ids: Vec<String> = ids.iter().map(|id| id.0.clone()).collect();
    let done = sqlx::query!(
        "delete from protocol_mappers where realm_id = $1 and id = any($2) and (client = $3 or scope = $4)",
        realm.0,
        &ids,
        client,
        scope
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}
