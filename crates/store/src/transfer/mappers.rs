//! Protocol mappers of all owners.

use model::{
    id::RealmId,
    protocol_mapper::{MapperOwner, ProtocolMapper},
};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{
    Result, Tx,
    mappers::{Row, columns},
    row,
    transfer::same_things,
};

/// Saves mappers.
///
/// # Errors
/// A conflict on `protocol_mappers_client` or `protocol_mappers_scope` if a name is taken.
pub async fn put(tx: &mut Tx, mappers: &[(MapperOwner, ProtocolMapper)]) -> Result<()> {
    if mappers.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let each = || mappers.iter().map(|(_, mapper)| mapper);
    let ids: Vec<String> = each().map(|mapper| mapper.id.0.clone()).collect();
    let clients: Vec<Option<String>> = mappers.iter().map(|(owner, _)| columns(owner).0.map(str::to_owned)).collect();
    let scopes: Vec<Option<String>> = mappers.iter().map(|(owner, _)| columns(owner).1.map(str::to_owned)).collect();
    let names: Vec<String> = each().map(|mapper| mapper.name.clone()).collect();
    let protocols: Vec<String> = each().map(|mapper| mapper.protocol.clone()).collect();
    let kinds: Vec<String> = each().map(|mapper| mapper.kind.clone()).collect();
    let configs: Vec<Value> = each().map(|mapper| row::write(&mapper.config)).collect();
    let done = sqlx::query!(
        "insert into protocol_mappers (realm_id, id, client, scope, name, protocol, kind, config)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[])
         on conflict (realm_id, id) do update set client = excluded.client, scope = excluded.scope,
             name = excluded.name, protocol = excluded.protocol, kind = excluded.kind, config = excluded.config
         where protocol_mappers.client is not distinct from excluded.client
             and protocol_mappers.scope is not distinct from excluded.scope",
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
    same_things("protocol_mappers_pkey", done.rows_affected(), mappers.len())
}

/// All mappers of a realm with their owners, by name.
///
/// # Errors
/// If the database fails.
pub async fn all(conn: &mut PgConnection, realm: RealmId) -> Result<Vec<(MapperOwner, ProtocolMapper)>> {
    sqlx::query_as!(
        Row,
        "select id, client, scope, name, protocol, kind, config from protocol_mappers where realm_id = $1
         order by name, id",
        realm.0
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read_owned)
    .collect()
}
