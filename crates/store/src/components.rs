//! Components: configured providers of a realm.

use model::{
    component::Component,
    id::{ComponentId, RealmId},
};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{Result, Tx, row};

struct Row {
    id: String,
    name: String,
    provider_id: String,
    provider_type: String,
    parent_id: String,
    sub_type: Option<String>,
    config: Value,
}

impl Row {
    fn read(self) -> Result<Component> {
        Ok(Component {
            id: ComponentId(self.id),
            name: self.name,
            provider_id: self.provider_id,
            provider_type: self.provider_type,
            parent_id: self.parent_id,
            sub_type: self.sub_type,
            config: row::read("components", "config", self.config)?,
        })
    }
}

/// What a list of components is narrowed to. Absent parts don't narrow.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only of this type.
    pub provider_type: Option<String>,
    /// Only of this parent.
    pub parent_id: Option<String>,
    /// Only of this name.
    pub name: Option<String>,
    /// Only of this implementation.
    pub provider_id: Option<String>,
}

/// Components by type and name.
///
/// # Errors
/// If the database fails.
pub async fn list(conn: &mut PgConnection, realm: RealmId, filter: &Filter) -> Result<Vec<Component>> {
    sqlx::query_as!(
        Row,
        "select id, name, provider_id, provider_type, parent_id, sub_type, config from components
         where realm_id = $1 and ($2::text is null or provider_type = $2) and ($3::text is null or parent_id = $3)
           and ($4::text is null or name = $4) and ($5::text is null or provider_id = $5)
         order by provider_type, name, id",
        realm.0,
        filter.provider_type.as_deref(),
        filter.parent_id.as_deref(),
        filter.name.as_deref(),
        filter.provider_id.as_deref()
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read)
    .collect()
}

/// The component of a type of which a realm has one or none, and the realm's generation (0 if it is gone), read at one
/// moment.
///
/// # Errors
/// If the database fails.
pub async fn only(conn: &mut PgConnection, realm: RealmId, provider_type: &str) -> Result<(Option<Component>, i64)> {
    let row = sqlx::query!(
        r#"select r.generation, c.id as "id?", c.name as "name?", c.provider_id as "provider_id?",
               c.parent_id as "parent_id?", c.sub_type, c.config as "config?"
           from realms r left join components c on c.realm_id = r.realm_id and c.provider_type = $2
           where r.realm_id = $1 order by c.id limit 1"#,
        realm.0,
        provider_type
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok((None, 0)) };
    let component = match (row.id, row.name, row.provider_id, row.parent_id, row.config) {
        (Some(id), Some(name), Some(provider_id), Some(parent_id), Some(config)) => {
            let provider_type = provider_type.to_owned();
            Some(Row { id, name, provider_id, provider_type, parent_id, sub_type: row.sub_type, config }.read()?)
        }
        _ => None,
    };
    Ok((component, row.generation))
}

/// The components of a type that have no key.
///
/// # Errors
/// If the database fails.
pub async fn without_key(conn: &mut PgConnection, realm: RealmId, provider_type: &str) -> Result<Vec<Component>> {
    sqlx::query_as!(
        Row,
        "select id, name, provider_id, provider_type, parent_id, sub_type, config from components c
         where realm_id = $1 and provider_type = $2
           and not exists (select from keys k where k.realm_id = c.realm_id and k.component = c.id)",
        realm.0,
        provider_type
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read)
    .collect()
}

/// The component with this id.
///
/// # Errors
/// If the database fails.
pub async fn find(conn: &mut PgConnection, realm: RealmId, id: &ComponentId) -> Result<Option<Component>> {
    sqlx::query_as!(
        Row,
        "select id, name, provider_id, provider_type, parent_id, sub_type, config from components
         where realm_id = $1 and id = $2",
        realm.0,
        id.as_str()
    )
    .fetch_optional(conn)
    .await?
    .map(Row::read)
    .transpose()
}

/// Makes a component.
///
/// # Errors
/// A conflict on `components_pkey` if the id is taken.
pub async fn insert(tx: &mut Tx, component: &Component) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "insert into components (realm_id, id, name, provider_id, provider_type, parent_id, sub_type, config)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        realm.0,
        component.id.as_str(),
        component.name,
        component.provider_id,
        component.provider_type,
        component.parent_id,
        component.sub_type,
        row::write(&component.config)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Makes components, all in one statement.
///
/// # Errors
/// A conflict on `components_pkey` if an id is taken.
pub async fn insert_all(tx: &mut Tx, components: &[Component]) -> Result<()> {
    if components.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let ids: Vec<String> = components.iter().map(|one| one.id.0.clone()).collect();
    let names: Vec<String> = components.iter().map(|one| one.name.clone()).collect();
    let providers: Vec<String> = components.iter().map(|one| one.provider_id.clone()).collect();
    let types: Vec<String> = components.iter().map(|one| one.provider_type.clone()).collect();
    let parents: Vec<String> = components.iter().map(|one| one.parent_id.clone()).collect();
    let sub_types: Vec<Option<String>> = components.iter().map(|one| one.sub_type.clone()).collect();
    let configs: Vec<Value> = components.iter().map(|one| row::write(&one.config)).collect();
    sqlx::query!(
        "insert into components (realm_id, id, name, provider_id, provider_type, parent_id, sub_type, config)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[])",
        realm.0,
        &ids,
        &names,
        &providers,
        &types,
        &parents,
        &sub_types as &[Option<String>],
        &configs
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes the components that belong to a component.
///
/// # Errors
/// If the database fails.
pub async fn delete_children(tx: &mut Tx, parent: &ComponentId) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!("delete from components where realm_id = $1 and parent_id = $2", realm.0, parent.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Saves a component's name and settings.
///
/// # Errors
/// If the database fails.
pub async fn update(tx: &mut Tx, component: &Component) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "update components set name = $3, config = $4 where realm_id = $1 and id = $2",
        realm.0,
        component.id.as_str(),
        component.name,
        row::write(&component.config)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes a component with the keys that it made.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, id: &ComponentId) -> Result<bool> {
    let realm = tx.realm();
    let done = sqlx::query!("delete from components where realm_id = $1 and id = $2", realm.0, id.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}
