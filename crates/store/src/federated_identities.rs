//! Accounts that users have at identity providers.

use model::{
    id::{RealmId, UserId},
    identity_provider::FederatedIdentity,
};
use sqlx::PgConnection;

use crate::{Result, Tx};

/// The accounts of a user at the identity providers that the realm has, by provider.
///
/// # Errors
/// If the database fails.
pub async fn of_user(conn: &mut PgConnection, realm: RealmId, user: &UserId) -> Result<Vec<FederatedIdentity>> {
    Ok(sqlx::query_as!(
        FederatedIdentity,
        "select f.provider, f.account, f.account_name from federated_identities f
         join identity_providers p on p.realm_id = f.realm_id and p.alias = f.provider
         where f.realm_id = $1 and f.user_id = $2 order by f.provider",
        realm.0,
        user.as_str()
    )
    .fetch_all(conn)
    .await?)
}

/// The accounts of several users, those at providers that the realm doesn't have included, for an export.
///
/// # Errors
/// If the database fails.
pub async fn of_users(
    conn: &mut PgConnection,
    realm: RealmId,
    users: &[UserId],
) -> Result<Vec<(UserId, FederatedIdentity)>> {
    let ids: Vec<String> = users.iter().map(|user| user.0.clone()).collect();
    let found = sqlx::query!(
        "select user_id, provider, account, account_name from federated_identities
         where realm_id = $1 and user_id = any($2) order by user_id, provider",
        realm.0,
        &ids
    )
    .fetch_all(conn)
    .await?;
    Ok(found
        .into_iter()
        .map(|row| {
            let identity =
                FederatedIdentity { provider: row.provider, account: row.account, account_name: row.account_name };
            (UserId(row.user_id), identity)
        })
        .collect())
}

/// Links users to accounts, all in one statement.
///
/// # Errors
/// A conflict on `federated_identities_pkey` if a user is linked with the provider already, on
/// `federated_identities_account` if the account is linked to another user.
pub async fn insert(tx: &mut Tx, links: &[(UserId, FederatedIdentity)]) -> Result<()> {
    if links.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let users: Vec<String> = links.iter().map(|(user, _)| user.0.clone()).collect();
    let providers: Vec<String> = links.iter().map(|(_, link)| link.provider.clone()).collect();
    let accounts: Vec<String> = links.iter().map(|(_, link)| link.account.clone()).collect();
    let names: Vec<Option<String>> = links.iter().map(|(_, link)| link.account_name.clone()).collect();
    sqlx::query!(
        "insert into federated_identities (realm_id, user_id, provider, account, account_name)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[])",
        realm.0,
        &users,
        &providers,
        &accounts,
        &names as &[Option<String>]
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Unlinks a user from the account at a provider.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, user: &UserId, provider: &str) -> Result<bool> {
    let realm = tx.realm();
    let done = sqlx::query!(
        "delete from federated_identities where realm_id = $1 and user_id = $2 and provider = $3",
        realm.0,
        user.as_str(),
        provider
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() > 0)
}
