//! Keys of a realm. Private and secret parts come and go sealed.

use model::{
    id::{ComponentId, RealmId},
    key::{Key, KeyUse},
};
use sqlx::PgConnection;

use crate::{Error, Result};

/// All keys of a realm with their providers' settings, the highest priority first, and the realm's generation (0 if it
/// has no key).
///
/// # Errors
/// If the database fails.
pub async fn list(conn: &mut PgConnection, realm: RealmId) -> Result<(Vec<Key>, i64)> {
    let rows = sqlx::query!(
        r#"select k.kid, k.component, k.purpose, k.algorithm, k.sealed, k.public, k.certificate, k.created_at,
               c.provider_id as "provider_id?", r.generation,
               c.config #>> '{priority,0}' as priority,
               c.config #>> '{enabled,0}' as enabled,
               c.config #>> '{active,0}' as active
           from keys k
           left join components c on c.realm_id = k.realm_id and c.id = k.component
           join realms r on r.realm_id = k.realm_id
           where k.realm_id = $1
           order by k.created_at desc, k.kid"#,
        realm.0
    )
    .fetch_all(conn)
    .await?;
    let generation = rows.first().map_or(0, |row| row.generation);
    let mut keys = Vec::with_capacity(rows.len());
    for row in rows {
        let purpose = KeyUse::parse(&row.purpose).ok_or_else(|| Error::Inconsistent {
            table: "keys",
            column: "purpose",
            reason: row.purpose.clone(),
        })?;
        let is_on = |setting: Option<String>| setting.is_none_or(|setting| setting != "false");
        keys.push(Key {
            kid: row.kid,
            component: row.component.map(ComponentId),
            provider_id: row.provider_id.unwrap_or_default(),
            priority: row.priority.and_then(|priority| priority.parse().ok()).unwrap_or(0),
            enabled: is_on(row.enabled),
            active: is_on(row.active),
            purpose,
            algorithm: row.algorithm,
            sealed: row.sealed,
            public: row.public,
            certificate: row.certificate,
            created: row.created_at,
        });
    }
    // Rows come newest first, and the sort is stable: of two keys with one priority the newer one signs.
    keys.sort_by_key(|key| std::cmp::Reverse(key.priority));
    Ok((keys, generation))
}
