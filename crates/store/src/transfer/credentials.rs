//! Credentials of many users.

use model::{
    credential::Credential,
    id::{CredentialId, RealmId, UserId},
    secret::Secret,
};
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{Result, Tx};

/// Adds credentials to users, in the places that they name.
///
/// # Errors
/// A conflict on `credentials_pkey` if an id is taken, one for a missing row if a user is gone.
pub async fn insert(tx: &mut Tx, credentials: &[(UserId, Credential)]) -> Result<()> {
    if credentials.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let each = || credentials.iter().map(|(_, credential)| credential);
    let users: Vec<String> = credentials.iter().map(|(user, _)| user.0.clone()).collect();
    let ids: Vec<String> = each().map(|credential| credential.id.0.clone()).collect();
    let kinds: Vec<String> = each().map(|credential| credential.kind.clone()).collect();
    let labels: Vec<Option<String>> = each().map(|credential| credential.label.clone()).collect();
    let created: Vec<OffsetDateTime> = each().map(|credential| credential.created).collect();
    let data: Vec<String> = each().map(|credential| credential.credential_data.clone()).collect();
    let secrets: Vec<String> = each().map(|credential| credential.secret_data.expose().to_owned()).collect();
    let priorities: Vec<i32> = each().map(|credential| credential.priority).collect();
    sqlx::query!(
        "insert into credentials
             (realm_id, user_id, id, kind, label, created_at, credential_data, secret_data, priority)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[],
             $8::text[], $9::integer[])",
        realm.0,
        &users,
        &ids,
        &kinds,
        &labels as &[Option<String>],
        &created,
        &data,
        &secrets,
        &priorities
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// All credentials of these users in order, replaced passwords too.
///
/// # Errors
/// If the database fails.
pub async fn of_users(conn: &mut PgConnection, realm: RealmId, users: &[UserId]) -> Result<Vec<(UserId, Credential)>> {
    let users: Vec<String> = users.iter().map(|user| user.0.clone()).collect();
    let rows = sqlx::query!(
        "select user_id, id, kind, label, created_at, credential_data, secret_data, priority from credentials
         where realm_id = $1 and user_id = any($2) order by user_id, priority, created_at, id",
        realm.0,
        &users
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let credential = Credential {
                id: CredentialId(row.id),
                kind: row.kind,
                label: row.label,
                created: row.created_at,
                credential_data: row.credential_data,
                secret_data: Secret::new(row.secret_data),
                priority: row.priority,
            };
            (UserId(row.user_id), credential)
        })
        .collect())
}
