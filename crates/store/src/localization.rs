//! Texts of a realm by locale and key.

use std::collections::BTreeMap;

use model::{Attributes, id::RealmId};
use sqlx::PgConnection;

use crate::{Result, Tx};

/// The locales for which a realm has texts.
///
/// # Errors
/// If the database fails.
pub async fn locales(conn: &mut PgConnection, realm: RealmId) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        "select distinct locale from localization_texts where realm_id = $1 order by locale",
        realm.0
    )
    .fetch_all(conn)
    .await?)
}

/// The texts of some locales, or of all, by locale and key.
///
/// # Errors
/// If the database fails.
pub async fn texts(
    conn: &mut PgConnection,
    realm: RealmId,
    locales: Option<&[String]>,
) -> Result<BTreeMap<String, Attributes>> {
    let found = sqlx::query!(
        "select locale, key, text from localization_texts
         where realm_id = $1 and ($2::text[] is null or locale = any($2))",
        realm.0,
        locales as Option<&[String]>
    )
    .fetch_all(conn)
    .await?;
    let mut texts: BTreeMap<String, Attributes> = BTreeMap::new();
    for row in found {
        texts.entry(row.locale).or_default().insert(row.key, row.text);
    }
    Ok(texts)
}

/// One text.
///
/// # Errors
/// If the database fails.
pub async fn text(conn: &mut PgConnection, realm: RealmId, locale: &str, key: &str) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!(
        "select text from localization_texts where realm_id = $1 and locale = $2 and key = $3",
        realm.0,
        locale,
        key
    )
    .fetch_optional(conn)
    .await?)
}

/// How many texts a realm has.
///
/// # Errors
/// If the database fails.
pub async fn count(conn: &mut PgConnection, realm: RealmId) -> Result<i64> {
    Ok(sqlx::query_scalar!(r#"select count(*) as "count!" from localization_texts where realm_id = $1"#, realm.0)
        .fetch_one(conn)
        .await?)
}

/// Saves texts (locale, key, text), all in one statement.
///
/// # Errors
/// If the database fails.
pub async fn save(tx: &mut Tx, texts: &[(String, String, String)]) -> Result<()> {
    if texts.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let locales: Vec<String> = texts.iter().map(|(locale, _, _)| locale.clone()).collect();
    let keys: Vec<String> = texts.iter().map(|(_, key, _)| key.clone()).collect();
    let values: Vec<String> = texts.iter().map(|(_, _, text)| text.clone()).collect();
    sqlx::query!(
        "insert into localization_texts (realm_id, locale, key, text)
         select $1, * from unnest($2::text[], $3::text[], $4::text[])
         on conflict (realm_id, locale, key) do update set text = excluded.text",
        realm.0,
        &locales,
        &keys,
        &values
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes one text of a locale, or all.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, locale: &str, key: Option<&str>) -> Result<bool> {
    let realm = tx.realm();
    let done = sqlx::query!(
        "delete from localization_texts where realm_id = $1 and locale = $2 and ($3::text is null or key = $3)",
        realm.0,
        locale,
        key
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() > 0)
}
