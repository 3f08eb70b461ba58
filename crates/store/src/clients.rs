//! Clients and the names under which protocol requests address them. Lists for people are in [`listing`].

pub mod listing;

use model::{
    client::{Client, ClientSettings},
    id::{ClientId, RealmId},
    protocol_mapper::{MapperOwner, ProtocolMapper},
    role::RoleName,
};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{
    Result, Tx, mappers, row,
    scope_mappings::{self, AssignedScope},
};

struct Row {
    id: String,
    client_id: String,
    protocol: String,
    enabled: bool,
    settings: Value,
    attributes: Value,
    default_scopes: Vec<String>,
    optional_scopes: Vec<String>,
}

impl Row {
    fn read(self) -> Result<Client> {
        Ok(Client {
            id: ClientId(self.id),
            client_id: self.client_id,
            protocol: self.protocol,
            enabled: self.enabled,
            settings: row::read::<ClientSettings>("clients", "settings", self.settings)?,
            attributes: row::read("clients", "attributes", self.attributes)?,
            default_scopes: self.default_scopes,
            optional_scopes: self.optional_scopes,
        })
    }
}

/// What a list of clients is narrowed to. Absent parts don't narrow.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The whole `clientId`, or a part of it if `substring`.
    pub client_id: Option<String>,
    /// `client_id` is a part, in any case.
    pub substring: bool,
    /// `client_id` may be a part of the name shown to people instead.
    pub or_name: bool,
    /// Attributes that the client must have.
    pub attributes: model::Attributes,
    /// Its protocol.
    pub protocol: Option<String>,
    /// Whether it is enabled.
    pub enabled: Option<bool>,
    /// The last ones come first.
    pub from_end: bool,
    /// How many to skip.
    pub first: i64,
    /// How many to give; none is all.
    pub max: Option<i64>,
}

/// The client with this id.
///
/// # Errors
/// If the database fails.
pub async fn find(conn: &mut PgConnection, realm: RealmId, id: &ClientId) -> Result<Option<Client>> {
    sqlx::query_as!(
        Row,
        r#"select c.id, c.client_id, c.protocol, c.enabled, c.settings, c.attributes,
               array(select s.name from client_scope_assignments a
                     join client_scopes s on s.realm_id = a.realm_id and s.id = a.scope
                     where a.realm_id = c.realm_id and a.client = c.id and not a.optional order by 1) as "default_scopes!",
               array(select s.name from client_scope_assignments a
                     join client_scopes s on s.realm_id = a.realm_id and s.id = a.scope
                     where a.realm_id = c.realm_id and a.client = c.id and a.optional order by 1) as "optional_scopes!"
           from clients c where c.realm_id = $1 and c.id = $2"#,
        realm.0,
        id.as_str()
    )
    .fetch_optional(conn)
    .await?
    .map(Row::read)
    .transpose()
}

// One statement for each direction, so that an index gives both.
macro_rules! listed {
    ($order:tt, $conn:expr, $realm:expr, $filter:expr) => {
        sqlx::query_as!(
            Row,
            r#"select c.id, c.client_id, c.protocol, c.enabled, c.settings, c.attributes,
                   array(select s.name from client_scope_assignments a
                         join client_scopes s on s.realm_id = a.realm_id and s.id = a.scope
                         where a.realm_id = c.realm_id and a.client = c.id and not a.optional order by 1) as "default_scopes!",
                   array(select s.name from client_scope_assignments a
                         join client_scopes s on s.realm_id = a.realm_id and s.id = a.scope
                         where a.realm_id = c.realm_id and a.client = c.id and a.optional order by 1) as "optional_scopes!"
               from clients c
               where c.realm_id = $1
                 and ($2::text is null
                      or case when $3 then strpos(lower(c.client_id), lower($2)) > 0 else c.client_id = $2 end
                      or ($7 and strpos(lower(c.settings ->> 'name'), lower($2)) > 0))
                 and case when $4 = '{}'::jsonb then true else c.attributes @> $4 end
                 and ($8::text is null or c.protocol = $8)
                 and ($9::bool is null or c.enabled = $9)
               order by c.client_id "# + $order + " offset $5 limit $6",
            $realm.0,
            $filter.client_id.as_deref(),
            $filter.substring,
            row::write(&$filter.attributes),
            $filter.first,
            $filter.max,
            $filter.or_name,
            $filter.protocol.as_deref(),
            $filter.enabled
        )
        .fetch_all($conn)
        .await?
    };
}

/// Clients by `clientId`.
///
/// # Errors
/// If the database fails.
pub async fn list(conn: &mut PgConnection, realm: RealmId, filter: &Filter) -> Result<Vec<Client>> {
    let rows = match filter.from_end {
        false => listed!("asc", conn, realm, filter),
        true => listed!("desc", conn, realm, filter),
    };
    rows.into_iter().map(Row::read).collect()
}

/// The next clients of a realm by `clientId` after `after`, at most `max`: for work on all of them, however many there are.
///
/// # Errors
/// If the database fails.
pub async fn page(conn: &mut PgConnection, realm: RealmId, after: &str, max: i64) -> Result<Vec<Client>> {
    sqlx::query_as!(
        Row,
        r#"select c.id, c.client_id, c.protocol, c.enabled, c.settings, c.attributes,
               array(select s.name from client_scope_assignments a
                     join client_scopes s on s.realm_id = a.realm_id and s.id = a.scope
                     where a.realm_id = c.realm_id and a.client = c.id and not a.optional order by 1) as "default_scopes!",
               array(select s.name from client_scope_assignments a
                     join client_scopes s on s.realm_id = a.realm_id and s.id = a.scope
                     where a.realm_id = c.realm_id and a.client = c.id and a.optional order by 1) as "optional_scopes!"
           from clients c where c.realm_id = $1 and c.client_id > $2 order by c.client_id limit $3"#,
        realm.0,
        after,
        max
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read)
    .collect()
}

/// A client with everything that a protocol request needs of it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The client.
    pub client: Client,
    /// Its secret, sealed.
    pub sealed_secret: Option<String>,
    /// The id of its registration access token that is good.
    pub registration_token: Option<String>,
    /// Its own mappers and those of all its client scopes.
    pub mappers: Vec<(MapperOwner, ProtocolMapper)>,
    /// Its client scopes.
    pub scopes: Vec<AssignedScope>,
    /// The roles mapped to it, with what they contain.
    pub scope_roles: Vec<RoleName>,
    /// The realm's generation.
    pub generation: i64,
}

/// The client that answers to `name`, with the mappers that always apply. Call it in one snapshot.
///
/// # Errors
/// If the database fails.
pub async fn load_by_name(conn: &mut PgConnection, realm: RealmId, name: &str) -> Result<Option<Loaded>> {
    let named = sqlx::query!(
        "select n.id, c.secret, c.registration_token, r.generation from client_names n
         join clients c on c.realm_id = n.realm_id and c.id = n.id
         join realms r on r.realm_id = n.realm_id
         where n.realm_id = $1 and n.name = $2",
        realm.0,
        name
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(named) = named else { return Ok(None) };
    let id = ClientId(named.id);
    let Some(client) = find(conn, realm, &id).await? else { return Ok(None) };
    let mappers = mappers::effective(conn, realm, &id).await?;
    let (scopes, scope_roles) = scope_mappings::of_client(conn, realm, &id).await?;
    Ok(Some(Loaded {
        client,
        sealed_secret: named.secret,
        registration_token: named.registration_token,
        mappers,
        scopes,
        scope_roles,
        generation: named.generation,
    }))
}

/// Reads a client and keeps others from changing it until the transaction ends.
///
/// # Errors
/// If the database fails.
pub async fn lock(tx: &mut Tx, id: &ClientId) -> Result<Option<Client>> {
    let realm = tx.realm();
    sqlx::query!(
        "select 1 as one from clients where realm_id = $1 and id = $2 for no key update",
        realm.0,
        id.as_str()
    )
    .fetch_optional(&mut **tx)
    .await?;
    find(tx, realm, id).await
}

/// Makes clients, each with its names.
///
/// # Errors
/// A conflict on `clients_client_id`, `clients_pkey` or `client_names_pkey` if a name or id is taken.
pub async fn insert(
    tx: &mut Tx,
    client: &Client,
    further_names: &[String],
    sealed_secret: Option<&str>,
    created: OffsetDateTime,
) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "insert into clients (realm_id, id, client_id, protocol, enabled, settings, attributes, secret, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        realm.0,
        client.id.as_str(),
        client.client_id,
        client.protocol,
        client.enabled,
        row::write(&client.settings),
        row::write(&client.attributes),
        sealed_secret,
        created
    )
    .execute(&mut **tx)
    .await?;
    insert_names(tx, client, further_names).await
}

async fn insert_names(tx: &mut Tx, client: &Client, further_names: &[String]) -> Result<()> {
    let realm = tx.realm();
    let mut names = further_names.to_vec();
    names.push(client.client_id.clone());
    names.sort_unstable();
    names.dedup();
    sqlx::query!(
        "insert into client_names (realm_id, name, id) select $1, name, $3 from unnest($2::text[]) as given (name)",
        realm.0,
        &names,
        client.id.as_str()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Saves a client with its names; the secret and the client scopes stay.
///
/// # Errors
/// A conflict on `clients_client_id` or `client_names_pkey` if a name is taken.
pub async fn update(tx: &mut Tx, client: &Client, further_names: &[String]) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "update clients set client_id = $3, protocol = $4, enabled = $5, settings = $6, attributes = $7
         where realm_id = $1 and id = $2",
        realm.0,
        client.id.as_str(),
        client.client_id,
        client.protocol,
        client.enabled,
        row::write(&client.settings),
        row::write(&client.attributes)
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!("delete from client_names where realm_id = $1 and id = $2", realm.0, client.id.as_str())
        .execute(&mut **tx)
        .await?;
    insert_names(tx, client, further_names).await
}

/// The client's secret, sealed.
///
/// # Errors
/// If the database fails.
pub async fn sealed_secret(conn: &mut PgConnection, realm: RealmId, id: &ClientId) -> Result<Option<String>> {
    let row = sqlx::query!("select secret from clients where realm_id = $1 and id = $2", realm.0, id.as_str())
        .fetch_optional(conn)
        .await?;
    Ok(row.and_then(|row| row.secret))
}

/// The secrets of several clients, sealed, by client.
///
/// # Errors
/// If the database fails.
pub async fn sealed_secrets(
    conn: &mut PgConnection,
    realm: RealmId,
    ids: &[ClientId],
) -> Result<Vec<(ClientId, String)>> {
    let ids: Vec<String> = ids.iter().map(|id| id.0.clone()).collect();
    let rows = sqlx::query!(
        r#"select id, secret as "secret!" from clients
           where realm_id = $1 and id = any($2) and secret is not null"#,
        realm.0,
        &ids
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (ClientId(row.id), row.secret)).collect())
}

/// Gives a client another secret, or takes it away.
///
/// # Errors
/// If the database fails.
pub async fn set_secret(tx: &mut Tx, id: &ClientId, sealed: Option<&str>) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!("update clients set secret = $3 where realm_id = $1 and id = $2", realm.0, id.as_str(), sealed)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The id of the registration access token of a client that is good.
///
/// # Errors
/// If the database fails.
pub async fn registration_token(conn: &mut PgConnection, realm: RealmId, id: &ClientId) -> Result<Option<String>> {
    let row =
        sqlx::query!("select registration_token from clients where realm_id = $1 and id = $2", realm.0, id.as_str())
            .fetch_optional(conn)
            .await?;
    Ok(row.and_then(|row| row.registration_token))
}

/// How many clients the realm has.
///
/// # Errors
/// If the database fails.
pub async fn count(conn: &mut PgConnection, realm: RealmId) -> Result<i64> {
    Ok(sqlx::query_scalar!(r#"select count(*) as "count!" from clients where realm_id = $1"#, realm.0)
        .fetch_one(conn)
        .await?)
}

/// Makes this the only registration access token of a client that is good.
///
/// # Errors
/// If the database fails.
pub async fn set_registration_token(tx: &mut Tx, id: &ClientId, token: Option<&str>) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "update clients set registration_token = $3 where realm_id = $1 and id = $2",
        realm.0,
        id.as_str(),
        token
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes a client with everything that belongs to it, its roles and its service account among them.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, id: &ClientId) -> Result<bool> {
    let realm = tx.realm();
    let done = sqlx::query!("delete from clients where realm_id = $1 and id = $2", realm.0, id.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}
