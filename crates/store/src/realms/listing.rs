//! Pages of realms for people.

use model::id::RealmId;
use sqlx::PgConnection;

use crate::Result;

/// A realm in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRealm {
    /// Its name.
    pub name: String,
    /// What people see instead.
    pub display_name: Option<String>,
    /// May be used.
    pub enabled: bool,
}

/// Realms by name whose name holds `text`, in any case: all of them, or only those in `among`. The connection must plan
/// for each question, see [`Store::searching`](crate::Store::searching).
///
/// # Errors
/// If the database fails.
pub async fn listing(
    conn: &mut PgConnection,
    text: Option<&str>,
    among: Option<&[RealmId]>,
    descending: bool,
    first: i64,
    max: i64,
) -> Result<Vec<ListedRealm>> {
    let among: Option<Vec<_>> = among.map(|realms| realms.iter().map(|realm| realm.0).collect());
    // Names are walked in their index; the realms themselves are read for the page only.
    Ok(sqlx::query_as!(
        ListedRealm,
        r#"with page as materialized (
               select name from realms
               where ($1::text is null or strpos(lower(name), lower($1)) > 0)
                   and ($2::uuid[] is null or realm_id = any($2))
               order by case when $3 then name end desc, name offset $4 limit $5
           )
           select r.name, r.settings ->> 'displayName' as display_name, r.enabled
           from page p join realms r on r.name = p.name
           order by case when $3 then r.name end desc, r.name"#,
        text,
        among.as_deref() as Option<&[uuid::Uuid]>,
        descending,
        first,
        max
    )
    .fetch_all(conn)
    .await?)
}
