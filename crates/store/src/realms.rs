//! Realms. Lists for people are in [`listing`].

pub mod listing;

use model::{
    id::{RealmId, RoleId},
    realm::Realm,
};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{Result, Tx, row};

struct Row {
    realm_id: uuid::Uuid,
    given_id: String,
    name: String,
    enabled: bool,
    default_role_id: String,
    default_role_name: String,
    settings: Value,
    listeners: Option<Value>,
    generation: i64,
}

impl Row {
    fn read(self) -> Result<(Realm, i64)> {
        let realm = Realm {
            id: RealmId(self.realm_id),
            given_id: self.given_id,
            name: self.name,
            enabled: self.enabled,
            default_role: RoleId(self.default_role_id),
            default_role_name: self.default_role_name,
            settings: row::read("realms", "settings", self.settings)?,
            listeners: match self.listeners {
                Some(listeners) => row::read("webhooks", "filter", listeners)?,
                None => Vec::new(),
            },
        };
        Ok((realm, self.generation))
    }
}

/// Selects realms: what follows `from realms r`, and the arguments.
macro_rules! select_realms {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"select r.realm_id, r.given_id, r.name, r.enabled, r.default_role_id, r.settings, r.generation,
                   coalesce((
                       select role.name from roles role where role.realm_id = r.realm_id and role.id = r.default_role_id
                   ), '') as "default_role_name!",
                   (
                       select jsonb_agg(jsonb_build_object('id', w.id, 'filter', w.filter) order by w.id)
                       from webhooks w where w.realm_id = r.realm_id and w.enabled
                   ) as listeners
               from realms r "#
                + $rest
            $(, $argument)*
        )
    };
}

/// The realm of this name with its generation.
///
/// # Errors
/// If the database fails.
pub async fn find_by_name(conn: &mut PgConnection, name: &str) -> Result<Option<(Realm, i64)>> {
    select_realms!("where r.name = $1", name).fetch_optional(conn).await?.map(Row::read).transpose()
}

/// Gives the realm a new generation, as a change would.
///
/// # Errors
/// If the database fails.
pub async fn touch(tx: &mut Tx) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!("update realms set settings = settings where realm_id = $1", realm.0).execute(&mut **tx).await?;
    Ok(())
}

/// The realm with this key, with its generation.
///
/// # Errors
/// If the database fails.
pub async fn find(conn: &mut PgConnection, id: RealmId) -> Result<Option<(Realm, i64)>> {
    select_realms!("where r.realm_id = $1", id.0).fetch_optional(conn).await?.map(Row::read).transpose()
}

/// Realms by name: all of them, or only those in `among`.
///
/// # Errors
/// If the database fails.
pub async fn list(
    conn: &mut PgConnection,
    among: Option<&[RealmId]>,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<Realm>> {
    let among: Option<Vec<_>> = among.map(|realms| realms.iter().map(|realm| realm.0).collect());
    select_realms!(
        "where $1::uuid[] is null or r.realm_id = any($1) order by r.name offset $2 limit $3",
        among.as_deref() as Option<&[uuid::Uuid]>,
        first,
        max
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(|row| row.read().map(|(realm, _)| realm))
    .collect()
}

/// Realms whose names begin with `search`, in any case, by name: all of them, or only those in `among`.
///
/// # Errors
/// If the database fails.
pub async fn search(
    conn: &mut PgConnection,
    search: &str,
    among: Option<&[RealmId]>,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<Realm>> {
    let among: Option<Vec<_>> = among.map(|realms| realms.iter().map(|realm| realm.0).collect());
    select_realms!(
        r#"where lower(r.name) collate "C" >= lower($1) and lower(r.name) collate "C" < lower($1) || chr(1114111)
             and ($2::uuid[] is null or r.realm_id = any($2))
         order by lower(r.name) collate "C" offset $3 limit $4"#,
        search,
        among.as_deref() as Option<&[uuid::Uuid]>,
        first,
        max
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(|row| row.read().map(|(realm, _)| realm))
    .collect()
}

/// The next realms by name after `after`, at most `max`: for work on all of them, however many there are.
///
/// # Errors
/// If the database fails.
pub async fn page(conn: &mut PgConnection, after: &str, max: i64) -> Result<Vec<Realm>> {
    select_realms!("where r.name > $1 order by r.name limit $2", after, max)
        .fetch_all(conn)
        .await?
        .into_iter()
        .map(|row| row.read().map(|(realm, _)| realm))
        .collect()
}

/// Makes a realm.
///
/// # Errors
/// A conflict if the name or the given id is taken.
pub async fn insert(tx: &mut Tx, realm: &Realm, created: OffsetDateTime) -> Result<()> {
    sqlx::query!(
        "insert into realms (realm_id, given_id, name, enabled, default_role_id, settings, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        realm.id.0,
        realm.given_id,
        realm.name,
        realm.enabled,
        realm.default_role.as_str(),
        row::write(&realm.settings),
        created
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Reads a realm and keeps others from changing it until the transaction ends.
///
/// # Errors
/// If the database fails.
pub async fn lock(tx: &mut Tx) -> Result<Option<Realm>> {
    let id = tx.realm();
    select_realms!("where r.realm_id = $1 for no key update of r", id.0)
        .fetch_optional(&mut **tx)
        .await?
        .map(|row| row.read().map(|(realm, _)| realm))
        .transpose()
}

/// Keeps others from changing a realm's configuration until the transaction ends; tells whether the realm is there.
///
/// # Errors
/// If the database fails.
pub async fn hold(tx: &mut Tx) -> Result<bool> {
    let id = tx.realm();
    let held = sqlx::query_scalar!("select 1 as one from realms where realm_id = $1 for no key update", id.0)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(held.is_some())
}

/// Saves a realm's name, state and settings.
///
/// # Errors
/// A conflict if the name is taken.
pub async fn update(tx: &mut Tx, realm: &Realm) -> Result<()> {
    sqlx::query!(
        "update realms set name = $2, enabled = $3, settings = $4 where realm_id = $1",
        realm.id.0,
        realm.name,
        realm.enabled,
        row::write(&realm.settings)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes the realm of this name, in a transaction that makes another one in its place: with everything that it owns,
/// and the permissions on it. Gives its key and how many webhooks it had.
///
/// # Errors
/// If the database fails.
pub async fn delete_named(tx: &mut Tx, name: &str) -> Result<Option<(RealmId, i64)>> {
    let gone = sqlx::query!(
        r#"delete from realms r where r.name = $1
           returning r.realm_id, (select count(*) from webhooks w where w.realm_id = r.realm_id) as "webhooks!""#,
        name
    )
    .fetch_optional(&mut **tx)
    .await?;
    if let Some(gone) = &gone {
        sqlx::query!("delete from permissions where target_realm = $1", gone.realm_id).execute(&mut **tx).await?;
    }
    Ok(gone.map(|gone| (RealmId(gone.realm_id), gone.webhooks)))
}

/// Removes a realm with everything that it owns, and the permissions on it.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx) -> Result<bool> {
    let id = tx.realm();
    sqlx::query!("delete from permissions where target_realm = $1", id.0).execute(&mut **tx).await?;
    let done = sqlx::query!("delete from realms where realm_id = $1", id.0).execute(&mut **tx).await?;
    Ok(done.rows_affected() > 0)
}
