//! Finding groups: by path, by name, by attribute, by their place in the tree.

use model::{
    MultiAttributes,
    id::{GroupId, RealmId},
};
use sqlx::PgConnection;

use super::{GroupInTree, Row, select_groups};
use crate::{Result, row};

/// What a name must be like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameMatch<'a> {
    /// The text.
    pub text: &'a str,
    /// It is the whole name, letter by letter; otherwise a part of it, whatever the case.
    pub exact: bool,
}

/// What is looked for in the whole tree.
#[derive(Clone, Debug)]
pub enum Wanted<'a> {
    /// Groups of this name.
    Name(NameMatch<'a>),
    /// Groups that have all these attributes with all these values.
    Attributes(&'a MultiAttributes),
}

/// The group at the end of this way down, given as names from the top.
///
/// # Errors
/// If the database fails.
pub async fn by_path(conn: &mut PgConnection, realm: RealmId, path: &[String]) -> Result<Option<GroupInTree>> {
    select_groups!(
        "with recursive down as (
             select id, 1 as level from groups where realm_id = $1 and parent is null and name = ($2::text[])[1]
             union all
             select g.id, down.level + 1 from down
             join groups g on g.realm_id = $1 and g.parent = down.id and g.name = ($2::text[])[down.level + 1]
         )",
        "where g.realm_id = $1 and g.id = (select id from down where level = cardinality($2::text[]))",
        realm.0,
        path
    )
    .fetch_optional(conn)
    .await?
    .map(Row::read)
    .transpose()
}

/// The groups directly below `parent` (none: the top of the tree), by name.
///
/// # Errors
/// If the database fails.
pub async fn children(
    conn: &mut PgConnection,
    realm: RealmId,
    parent: Option<&GroupId>,
    name: Option<NameMatch<'_>>,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<GroupInTree>> {
    let (text, exact) = (name.map(|name| name.text), name.is_some_and(|name| name.exact));
    let rows = match parent {
        None => {
            select_groups!(
                "",
                "where g.realm_id = $1 and g.parent is null
                   and ($2::text is null or g.name = $2 or (not $3 and strpos(lower(g.name), lower($2)) > 0))
                 order by g.name offset $4 limit $5",
                realm.0,
                text,
                exact,
                first,
                max
            )
            .fetch_all(conn)
            .await?
        }
        Some(parent) => {
            select_groups!(
                "",
                "where g.realm_id = $1 and g.parent = $6
                   and ($2::text is null or g.name = $2 or (not $3 and strpos(lower(g.name), lower($2)) > 0))
                 order by g.name offset $4 limit $5",
                realm.0,
                text,
                exact,
                first,
                max,
                parent.as_str()
            )
            .fetch_all(conn)
            .await?
        }
    };
    Row::read_all(rows)
}

/// The groups anywhere in the tree that are wanted, by name; with all groups above them if `with_ancestors`.
///
/// # Errors
/// If the database fails.
pub async fn anywhere(
    conn: &mut PgConnection,
    realm: RealmId,
    wanted: &Wanted<'_>,
    with_ancestors: bool,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<GroupInTree>> {
    let (text, exact, attributes) = match wanted {
        Wanted::Name(name) => (Some(name.text), name.exact, None),
        Wanted::Attributes(attributes) => (None, false, Some(row::write(attributes))),
    };
    let rows = select_groups!(
        "with recursive found as (
             select f.id, f.parent from groups f
             where f.realm_id = $1
               and ($2::text is null or f.name = $2 or (not $3 and strpos(lower(f.name), lower($2)) > 0))
               and ($4::jsonb is null or f.attributes @> $4)
             order by f.name, f.id offset $5 limit $6
         ),
         shown as (
             select id, parent from found
             union
             select above.id, above.parent from shown
             join groups above on above.realm_id = $1 and above.id = shown.parent
             where $7
         )",
        "where g.realm_id = $1 and g.id in (select id from shown) order by g.name, g.id",
        realm.0,
        text,
        exact,
        attributes,
        first,
        max,
        with_ancestors
    )
    .fetch_all(conn)
    .await?;
    Row::read_all(rows)
}

/// How many groups there are whose name contains `search` (none: any name); only those at the top if `top`.
///
/// # Errors
/// If the database fails.
pub async fn count(conn: &mut PgConnection, realm: RealmId, search: Option<&str>, top: bool) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!" from groups
           where realm_id = $1 and (not $3 or parent is null)
             and ($2::text is null or strpos(lower(name), lower($2)) > 0)"#,
        realm.0,
        search,
        top
    )
    .fetch_one(conn)
    .await?)
}
