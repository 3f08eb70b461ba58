//! Required actions of a realm.

use model::{authentication::RequiredAction, id::RealmId};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{Result, Tx, row};

struct Row {
    alias: String,
    provider_id: String,
    name: String,
    enabled: bool,
    default_action: bool,
    priority: i32,
    config: Value,
}

impl Row {
    fn read(self) -> Result<RequiredAction> {
        Ok(RequiredAction {
            alias: self.alias,
            provider_id: self.provider_id,
            name: self.name,
            enabled: self.enabled,
            default_action: self.default_action,
            priority: self.priority,
            config: row::read("required_actions", "config", self.config)?,
        })
    }
}

/// All required actions of a realm by priority.
///
/// # Errors
/// If the database fails.
pub async fn list(conn: &mut PgConnection, realm: RealmId) -> Result<Vec<RequiredAction>> {
    sqlx::query_as!(
        Row,
        "select alias, provider_id, name, enabled, default_action, priority, config from required_actions
         where realm_id = $1 order by priority, alias",
        realm.0
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read)
    .collect()
}

/// The aliases of what every new user has to do, by priority.
///
/// # Errors
/// If the database fails.
pub async fn of_new_users(conn: &mut PgConnection, realm: RealmId) -> Result<Vec<String>> {
    let aliases = sqlx::query_scalar!(
        "select alias from required_actions where realm_id = $1 and enabled and default_action order by priority, alias",
        realm.0
    );
    Ok(aliases.fetch_all(conn).await?)
}

/// Makes required actions, all in one statement.
///
/// # Errors
/// A conflict on `required_actions_pkey` if an alias is taken.
pub async fn insert(tx: &mut Tx, actions: &[RequiredAction]) -> Result<()> {
    if actions.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let aliases: Vec<String> = actions.iter().map(|action| action.alias.clone()).collect();
    let providers: Vec<String> = actions.iter().map(|action| action.provider_id.clone()).collect();
    let names: Vec<String> = actions.iter().map(|action| action.name.clone()).collect();
    let enabled: Vec<bool> = actions.iter().map(|action| action.enabled).collect();
    let defaults: Vec<bool> = actions.iter().map(|action| action.default_action).collect();
    let priorities: Vec<i32> = actions.iter().map(|action| action.priority).collect();
    let configs: Vec<Value> = actions.iter().map(|action| row::write(&action.config)).collect();
    sqlx::query!(
        "insert into required_actions
             (realm_id, alias, provider_id, name, enabled, default_action, priority, config)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::boolean[], $6::boolean[], $7::int[], $8::jsonb[])",
        realm.0,
        &aliases,
        &providers,
        &names,
        &enabled,
        &defaults,
        &priorities,
        &configs
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Saves the required action that is called `alias` so far.
///
/// # Errors
/// A conflict on `required_actions_pkey` if its new alias is taken.
pub async fn update(tx: &mut Tx, alias: &str, action: &RequiredAction) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "update required_actions
         set alias = $3, name = $4, enabled = $5, default_action = $6, priority = $7, config = $8
         where realm_id = $1 and alias = $2",
        realm.0,
        alias,
        action.alias,
        action.name,
        action.enabled,
        action.default_action,
        action.priority,
        row::write(&action.config)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Saves the priorities of required actions, all in one statement.
///
/// # Errors
/// If the database fails.
pub async fn update_priorities(tx: &mut Tx, actions: &[RequiredAction]) -> Result<()> {
    let realm = tx.realm();
    let aliases: Vec<String> = actions.iter().map(|action| action.alias.clone()).collect();
    let priorities: Vec<i32> = actions.iter().map(|action| action.priority).collect();
    sqlx::query!(
        "update required_actions a set priority = new.priority
         from unnest($2::text[], $3::int[]) as new (alias, priority)
         where a.realm_id = $1 and a.alias = new.alias",
        realm.0,
        &aliases,
        &priorities
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes a required action.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, alias: &str) -> Result<bool> {
    let realm = tx.realm();
    let done = sqlx::query!("delete from required_actions where realm_id = $1 and alias = $2", realm.0, alias)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}
