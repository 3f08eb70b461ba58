//! Authentication flows, their executions and configurations. A realm's are few, and they only make sense together: they
//! are read together.

use model::{
    authentication::{AuthenticatorConfig, Execution, Flow},
    id::{AuthenticatorConfigId, ExecutionId, FlowId, RealmId},
};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{Error, Result, Tx, row};

/// All flows, executions and configurations of a realm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct All {
    /// Flows in the order of lists.
    pub flows: Vec<Flow>,
    /// Executions by priority.
    pub executions: Vec<Execution>,
    /// Configurations by alias.
    pub configs: Vec<AuthenticatorConfig>,
}

struct FlowRow {
    id: String,
    alias: String,
    description: Option<String>,
    kind: String,
    top_level: bool,
    built_in: bool,
    place: i32,
}

struct ExecutionRow {
    id: String,
    flow: String,
    authenticator: Option<String>,
    sub_flow: Option<String>,
    config: Option<String>,
    requirement: String,
    priority: i32,
}

fn word<T: std::str::FromStr>(table: &'static str, column: &'static str, text: &str) -> Result<T>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error| Error::Inconsistent { table, column, reason: format!("{text}: {error}") })
}

impl FlowRow {
    fn read(self) -> Result<Flow> {
        Ok(Flow {
            id: FlowId(self.id),
            alias: self.alias,
            description: self.description,
            kind: word("authentication_flows", "kind", &self.kind)?,
            top_level: self.top_level,
            built_in: self.built_in,
            place: self.place,
        })
    }
}

impl ExecutionRow {
    fn read(self) -> Result<Execution> {
        Ok(Execution {
            id: ExecutionId(self.id),
            flow: FlowId(self.flow),
            authenticator: self.authenticator,
            sub_flow: self.sub_flow.map(FlowId),
            config: self.config.map(AuthenticatorConfigId),
            requirement: word("authentication_executions", "requirement", &self.requirement)?,
            priority: self.priority,
        })
    }
}

/// Everything of a realm.
///
/// # Errors
/// If the database fails.
pub async fn all(conn: &mut PgConnection, realm: RealmId) -> Result<All> {
    let flows = sqlx::query_as!(
        FlowRow,
        "select id, alias, description, kind, top_level, built_in, place from authentication_flows
         where realm_id = $1 order by place, id",
        realm.0
    )
    .fetch_all(&mut *conn)
    .await?;
    let executions = sqlx::query_as!(
        ExecutionRow,
        "select id, flow, authenticator, sub_flow, config, requirement, priority from authentication_executions
         where realm_id = $1 order by priority, id",
        realm.0
    )
    .fetch_all(&mut *conn)
    .await?;
    let configs = sqlx::query!(
        "select id, alias, config from authenticator_configs where realm_id = $1 order by alias, id",
        realm.0
    )
    .fetch_all(conn)
    .await?;
    Ok(All {
        flows: flows.into_iter().map(FlowRow::read).collect::<Result<_>>()?,
        executions: executions.into_iter().map(ExecutionRow::read).collect::<Result<_>>()?,
        configs: configs
            .into_iter()
            .map(|found| {
                Ok(AuthenticatorConfig {
                    id: AuthenticatorConfigId(found.id),
                    alias: found.alias,
                    config: row::read("authenticator_configs", "config", found.config)?,
                })
            })
            .collect::<Result<_>>()?,
    })
}

/// Makes flows, executions and configurations, one statement for each kind of which there are any.
///
/// # Errors
/// A conflict on `authentication_flows_alias` if an alias is taken, on a primary key if an id is.
pub async fn insert(tx: &mut Tx, new: &All) -> Result<()> {
    insert_configs(tx, &new.configs).await?;
    insert_flows(tx, &new.flows).await?;
    insert_executions(tx, &new.executions).await
}

async fn insert_flows(tx: &mut Tx, flows: &[Flow]) -> Result<()> {
    if flows.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let ids: Vec<String> = flows.iter().map(|flow| flow.id.0.clone()).collect();
    let aliases: Vec<String> = flows.iter().map(|flow| flow.alias.clone()).collect();
    let descriptions: Vec<Option<String>> = flows.iter().map(|flow| flow.description.clone()).collect();
    let kinds: Vec<String> = flows.iter().map(|flow| flow.kind.as_str().to_owned()).collect();
    let top_levels: Vec<bool> = flows.iter().map(|flow| flow.top_level).collect();
    let built_ins: Vec<bool> = flows.iter().map(|flow| flow.built_in).collect();
    let places: Vec<i32> = flows.iter().map(|flow| flow.place).collect();
    sqlx::query!(
        "insert into authentication_flows (realm_id, id, alias, description, kind, top_level, built_in, place)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::boolean[], $8::int[])",
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
    Ok(())
}

pub(crate) async fn insert_executions(tx: &mut Tx, executions: &[Execution]) -> Result<()> {
    if executions.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let ids: Vec<String> = executions.iter().map(|one| one.id.0.clone()).collect();
    let flows: Vec<String> = executions.iter().map(|one| one.flow.0.clone()).collect();
    let authenticators: Vec<Option<String>> = executions.iter().map(|one| one.authenticator.clone()).collect();
    let sub_flows: Vec<Option<String>> =
        executions.iter().map(|one| one.sub_flow.as_ref().map(|flow| flow.0.clone())).collect();
    let configs: Vec<Option<String>> =
        executions.iter().map(|one| one.config.as_ref().map(|config| config.0.clone())).collect();
    let requirements: Vec<String> = executions.iter().map(|one| one.requirement.as_str().to_owned()).collect();
    let priorities: Vec<i32> = executions.iter().map(|one| one.priority).collect();
    sqlx::query!(
        "insert into authentication_executions
             (realm_id, id, flow, authenticator, sub_flow, config, requirement, priority)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[])",
        realm.0,
        &ids,
        &flows,
        &authenticators as &[Option<String>],
        &sub_flows as &[Option<String>],
        &configs as &[Option<String>],
        &requirements,
        &priorities
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn insert_configs(tx: &mut Tx, configs: &[AuthenticatorConfig]) -> Result<()> {
    if configs.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let ids: Vec<String> = configs.iter().map(|config| config.id.0.clone()).collect();
    let aliases: Vec<String> = configs.iter().map(|config| config.alias.clone()).collect();
    let settings: Vec<Value> = configs.iter().map(|config| row::write(&config.config)).collect();
    sqlx::query!(
        "insert into authenticator_configs (realm_id, id, alias, config)
         select $1, * from unnest($2::text[], $3::text[], $4::jsonb[])",
        realm.0,
        &ids,
        &aliases,
        &settings
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Saves a flow.
///
/// # Errors
/// A conflict on `authentication_flows_alias` if the alias is taken.
pub async fn update_flow(tx: &mut Tx, flow: &Flow) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "update authentication_flows set alias = $3, description = $4, kind = $5, top_level = $6
         where realm_id = $1 and id = $2",
        realm.0,
        flow.id.as_str(),
        flow.alias,
        flow.description,
        flow.kind.as_str(),
        flow.top_level
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes flows with their executions, and the executions in other flows that were these flows.
///
/// # Errors
/// If the database fails.
pub async fn delete_flows(tx: &mut Tx, flows: &[FlowId]) -> Result<()> {
    let realm = tx.realm();
    let ids: Vec<String> = flows.iter().map(|flow| flow.0.clone()).collect();
    sqlx::query!("delete from authentication_flows where realm_id = $1 and id = any($2)", realm.0, &ids)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Saves requirement, priority and configuration of executions, all in one statement.
///
/// # Errors
/// If the database fails.
pub async fn update_executions(tx: &mut Tx, executions: &[Execution]) -> Result<()> {
    let realm = tx.realm();
    let ids: Vec<String> = executions.iter().map(|one| one.id.0.clone()).collect();
    let configs: Vec<Option<String>> =
        executions.iter().map(|one| one.config.as_ref().map(|config| config.0.clone())).collect();
    let requirements: Vec<String> = executions.iter().map(|one| one.requirement.as_str().to_owned()).collect();
    let priorities: Vec<i32> = executions.iter().map(|one| one.priority).collect();
    sqlx::query!(
        "update authentication_executions e
         set config = new.config, requirement = new.requirement, priority = new.priority
         from unnest($2::text[], $3::text[], $4::text[], $5::int[]) as new (id, config, requirement, priority)
         where e.realm_id = $1 and e.id = new.id",
        realm.0,
        &ids,
        &configs as &[Option<String>],
        &requirements,
        &priorities
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes an execution.
///
/// # Errors
/// If the database fails.
pub async fn delete_execution(tx: &mut Tx, id: &ExecutionId) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!("delete from authentication_executions where realm_id = $1 and id = $2", realm.0, id.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Saves a configuration.
///
/// # Errors
/// If the database fails.
pub async fn update_config(tx: &mut Tx, config: &AuthenticatorConfig) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "update authenticator_configs set alias = $3, config = $4 where realm_id = $1 and id = $2",
        realm.0,
        config.id.as_str(),
        config.alias,
        row::write(&config.config)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes configurations; executions that had them have none then.
///
/// # Errors
/// If the database fails.
pub async fn delete_configs(tx: &mut Tx, configs: &[AuthenticatorConfigId]) -> Result<()> {
    if configs.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let ids: Vec<String> = configs.iter().map(|config| config.0.clone()).collect();
    sqlx::query!("delete from authenticator_configs where realm_id = $1 and id = any($2)", realm.0, &ids)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The aliases of flows.
///
/// # Errors
/// If the database fails.
pub async fn aliases(conn: &mut PgConnection, realm: RealmId, flows: &[FlowId]) -> Result<Vec<(FlowId, String)>> {
    let ids: Vec<String> = flows.iter().map(|flow| flow.0.clone()).collect();
    let found =
        sqlx::query!("select id, alias from authentication_flows where realm_id = $1 and id = any($2)", realm.0, &ids)
            .fetch_all(conn)
            .await?;
    Ok(found.into_iter().map(|row| (FlowId(row.id), row.alias)).collect())
}

/// Whether a client of the realm names this flow in its bindings.
///
/// # Errors
/// If the database fails.
pub async fn bound_by_client(conn: &mut PgConnection, realm: RealmId, flow: &FlowId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (
               select from clients c, jsonb_each_text(c.settings -> 'authenticationFlowBindingOverrides') as bound
               where c.realm_id = $1 and bound.value = $2
           ) as "bound!""#,
        realm.0,
        flow.as_str()
    )
    .fetch_one(conn)
    .await?)
}
