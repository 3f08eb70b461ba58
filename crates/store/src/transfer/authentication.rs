//! Flows with their executions, configurations of authenticators, and required actions.

use model::authentication::{AuthenticatorConfig, Flow, RequiredAction};
use serde_json::Value;

use crate::{
    Result, Tx,
    authentication::{All, insert_executions},
    row,
    transfer::same_things,
};

/// Saves flows and configurations. The executions of these flows become exactly the given ones.
///
/// # Errors
/// A conflict on `authentication_flows_pkey` or `authenticator_configs_pkey` if an id is another thing's.
pub async fn put(tx: &mut Tx, given: &All) -> Result<()> {
    put_configs(tx, &given.configs).await?;
    put_flows(tx, &given.flows).await?;
    let realm = tx.realm();
    let flows: Vec<String> = given.flows.iter().map(|flow| flow.id.0.clone()).collect();
    sqlx::query!("delete from authentication_executions where realm_id = $1 and flow = any($2)", realm.0, &flows)
        .execute(&mut **tx)
        .await?;
    insert_executions(tx, &given.executions).await
}

async fn put_flows(tx: &mut Tx, flows: &[Flow]) -> Result<()> {
    let realm = tx.realm();
    let ids: Vec<String> = flows.iter().map(|flow| flow.id.0.clone()).collect();
    let aliases: Vec<String> = flows.iter().map(|flow| flow.alias.clone()).collect();
    let descriptions: Vec<Option<String>> = flows.iter().map(|flow| flow.description.clone()).collect();
    let kinds: Vec<String> = flows.iter().map(|flow| flow.kind.as_str().to_owned()).collect();
    let top_levels: Vec<bool> = flows.iter().map(|flow| flow.top_level).collect();
    let built_ins: Vec<bool> = flows.iter().map(|flow| flow.built_in).collect();
    let places: Vec<i32> = flows.iter().map(|flow| flow.place).collect();
    let done = sqlx::query!(
        "insert into authentication_flows (realm_id, id, alias, description, kind, top_level, built_in, place)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::boolean[], $8::int[])
         on conflict (realm_id, id) do update set description = excluded.description, kind = excluded.kind,
             top_level = excluded.top_level, built_in = excluded.built_in, place = excluded.place
         where authentication_flows.alias = excluded.alias",
        realm.0,
        &ids,
        &aliases,
        &descriptions as &[Option<String>],
        &kinds,
        &top_levels,
        &built_ins,
        &places
    )
    .execute(&mut **tx)
    .await?;
    same_things("authentication_flows_pkey", done.rows_affected(), flows.len())
}

async fn put_configs(tx: &mut Tx, configs: &[AuthenticatorConfig]) -> Result<()> {
    let realm = tx.realm();
    let ids: Vec<String> = configs.iter().map(|config| config.id.0.clone()).collect();
    let aliases: Vec<String> = configs.iter().map(|config| config.alias.clone()).collect();
    let settings: Vec<Value> = configs.iter().map(|config| row::write(&config.config)).collect();
    let done = sqlx::query!(
        "insert into authenticator_configs (realm_id, id, alias, config)
         select $1, * from unnest($2::text[], $3::text[], $4::jsonb[])
         on conflict (realm_id, id) do update set config = excluded.config
         where authenticator_configs.alias = excluded.alias",
        realm.0,
        &ids,
        &aliases,
        &settings
    )
    .execute(&mut **tx)
    .await?;
    same_things("authenticator_configs_pkey", done.rows_affected(), configs.len())
}

/// Saves required actions.
///
/// # Errors
/// If the database fails.
pub async fn put_required_actions(tx: &mut Tx, actions: &[RequiredAction]) -> Result<()> {
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
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::boolean[], $6::boolean[], $7::int[], $8::jsonb[])
         on conflict (realm_id, alias) do update set provider_id = excluded.provider_id, name = excluded.name,
             enabled = excluded.enabled, default_action = excluded.default_action, priority = excluded.priority,
             config = excluded.config",
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
