//! Groups and their tree. Finding groups in it is in [`search`], their roles in [`roles`], their users in [`members`].

pub mod defaults;
pub mod members;
pub mod roles;
pub mod search;

use model::{
    group::Group,
    id::{GroupId, RealmId},
};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{Result, Tx, row};

pub use defaults::default_groups;

/// A group with its place in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupInTree {
    /// The group.
    pub group: Group,
    /// The names on the way down to it, the last one its own.
    pub path: Vec<String>,
    /// How many groups are directly below it.
    pub sub_groups: i64,
}

/// A group as it is stored, with what is computed.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) parent: Option<String>,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) attributes: Value,
    pub(crate) path: Vec<String>,
    pub(crate) sub_groups: i64,
}

impl Row {
    pub(crate) fn read(self) -> Result<GroupInTree> {
        let group = Group {
            id: GroupId(self.id),
            parent: self.parent.map(GroupId),
            name: self.name,
            description: self.description,
            attributes: row::read("groups", "attributes", self.attributes)?,
        };
        Ok(GroupInTree { group, path: self.path, sub_groups: self.sub_groups })
    }

    pub(crate) fn read_all(rows: Vec<Self>) -> Result<Vec<GroupInTree>> {
        rows.into_iter().map(Self::read).collect()
    }
}

/// Selects groups: what precedes the selection (`with …`), what follows `from groups g`, and the arguments.
macro_rules! select_groups {
    ($with:literal, $rest:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            $crate::groups::Row,
            $with
                + r#" select g.id, g.parent, g.name, g.description, g.attributes,
                     array(
                         with recursive up (name, parent, height) as (
                             select g.name, g.parent, 0
                             union all
                             select above.name, above.parent, up.height + 1
                             from up join groups above on above.realm_id = g.realm_id and above.id = up.parent
                         )
                         select up.name from up order by up.height desc
                     ) as "path!",
                     (
                         select count(*) from groups below where below.realm_id = g.realm_id and below.parent = g.id
                     ) as "sub_groups!"
                 from groups g "#
                + $rest
            $(, $argument)*
        )
    };
}
pub(crate) use select_groups;

/// The group with this id.
///
/// # Errors
/// If the database fails.
pub async fn find(conn: &mut PgConnection, realm: RealmId, id: &GroupId) -> Result<Option<GroupInTree>> {
    select_groups!("", "where g.realm_id = $1 and g.id = $2", realm.0, id.as_str())
        .fetch_optional(conn)
        .await?
        .map(Row::read)
        .transpose()
}

/// Reads a group and keeps others from changing it until the transaction ends.
///
/// # Errors
/// If the database fails.
pub async fn lock(tx: &mut Tx, id: &GroupId) -> Result<Option<GroupInTree>> {
    let realm = tx.realm();
    select_groups!("", "where g.realm_id = $1 and g.id = $2 for no key update of g", realm.0, id.as_str())
        .fetch_optional(&mut **tx)
        .await?
        .map(Row::read)
        .transpose()
}

/// Whether `group` is `above` or somewhere below it.
///
/// # Errors
/// If the database fails.
pub async fn is_within(conn: &mut PgConnection, realm: RealmId, group: &GroupId, above: &GroupId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"with recursive up as (
               select id, parent from groups where realm_id = $1 and id = $2
               union
               select g.id, g.parent from up join groups g on g.realm_id = $1 and g.id = up.parent
           )
           select exists (select from up where id = $3) as "within!""#,
        realm.0,
        group.as_str(),
        above.as_str()
    )
    .fetch_one(conn)
    .await?)
}

/// How many levels a group and what is below it fill: 1 for a group without subgroups, 0 if there is no such group.
///
/// # Errors
/// If the database fails.
pub async fn height(conn: &mut PgConnection, realm: RealmId, group: &GroupId) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"with recursive down as (
               select id, 1::bigint as level from groups where realm_id = $1 and id = $2
               union all
               select g.id, down.level + 1 from down join groups g on g.realm_id = $1 and g.parent = down.id
           )
           select coalesce(max(level), 0) as "height!" from down"#,
        realm.0,
        group.as_str()
    )
    .fetch_one(conn)
    .await?)
}

/// Makes a group.
///
/// # Errors
/// A conflict `groups_name` if a sibling has its name; one for a missing row if its parent is gone.
pub async fn insert(tx: &mut Tx, group: &Group) -> Result<()> {
    insert_all(tx, std::slice::from_ref(group)).await
}

/// Makes several groups at once; a parent may be among them.
///
/// # Errors
/// As of [`insert`].
pub async fn insert_all(tx: &mut Tx, groups: &[Group]) -> Result<()> {
    if groups.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let ids: Vec<String> = groups.iter().map(|group| group.id.0.clone()).collect();
    let parents: Vec<Option<String>> =
        groups.iter().map(|group| group.parent.as_ref().map(|parent| parent.0.clone())).collect();
    let names: Vec<String> = groups.iter().map(|group| group.name.clone()).collect();
    let descriptions: Vec<Option<String>> = groups.iter().map(|group| group.description.clone()).collect();
    let attributes: Vec<Value> = groups.iter().map(|group| row::write(&group.attributes)).collect();
    sqlx::query!(
        "insert into groups (realm_id, id, parent, name, description, attributes)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[])",
        realm.0,
        &ids,
        &parents as &[Option<String>],
        &names,
        &descriptions as &[Option<String>],
        &attributes
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Saves a group: its place, name, description and attributes. False if it is gone.
///
/// The caller sees to it that no group comes to be below itself.
///
/// # Errors
/// As of [`insert`].
pub async fn update(tx: &mut Tx, group: &Group) -> Result<bool> {
    let realm = tx.realm();
    let done = sqlx::query!(
        "update groups set parent = $3, name = $4, description = $5, attributes = $6
         where realm_id = $1 and id = $2",
        realm.0,
        group.id.as_str(),
        group.parent.as_ref().map(GroupId::as_str),
        group.name,
        group.description,
        row::write(&group.attributes)
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Removes a group with everything below it. False if it was gone already.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, id: &GroupId) -> Result<bool> {
    let realm = tx.realm();
    let done = sqlx::query!("delete from groups where realm_id = $1 and id = $2", realm.0, id.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}
