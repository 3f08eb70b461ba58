//! Accounts that users have at identity providers. Whoever logs in there is to be the user here, so only those who may
//! do as much as the user link them.

use std::collections::{HashMap, HashSet};

use model::{event::Operation, id::UserId, identity_provider::FederatedIdentity, permission::Permission, realm::Realm};
use representation::FederatedIdentityRepresentation;
use store::{PgConnection, Tx};

use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    administrators::require_covers_user,
    error::OnConflict,
    import_report::ImportReport,
    realms::given_name,
    users,
};

const MANAGE: &[Permission] = &[Permission::ManageUsers];
const VIEW: &[Permission] = &[Permission::ViewUsers, Permission::ManageUsers];

fn shown(identity: &FederatedIdentity) -> FederatedIdentityRepresentation {
    FederatedIdentityRepresentation {
        identity_provider: Some(identity.provider.clone()),
        user_id: Some(identity.account.clone()),
        user_name: identity.account_name.clone(),
    }
}

/// The accounts of a user at the identity providers that the realm has.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-users` or `manage-users`.
pub async fn list(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    user: &UserId,
) -> Result<Vec<FederatedIdentityRepresentation>> {
    caller.require(VIEW)?;
    let mut conn = services.store.read().await?;
    users::existing(&mut conn, realm, user).await?;
    let found = store::federated_identities::of_user(&mut conn, realm.id, user).await?;
    Ok(found.iter().map(shown).collect())
}

fn read(provider: &str, given: FederatedIdentityRepresentation) -> Result<FederatedIdentity> {
    Ok(FederatedIdentity {
        provider: given_name("identityProvider", provider.to_owned())?,
        account: given_name("userId", given.user_id.unwrap_or_default())?,
        account_name: given.user_name.map(|name| given_name("userName", name)).transpose()?,
    })
}

/// Links a user to an account at an identity provider.
///
/// # Errors
/// `NotFound`, `Conflict` if the user or the account is linked already, `Invalid`, or `Forbidden` without `manage-users`
/// or if the user may do more than the caller.
pub async fn link(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    user: &UserId,
    provider: &str,
    given: FederatedIdentityRepresentation,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    users::locked(&mut tx, user).await?;
    require_covers_user(&mut tx, caller, realm, user).await?;
    let identity = read(provider, given)?;
    let shown = shown(&identity);
    store::federated_identities::insert(&mut tx, &[(user.clone(), identity)])
        .await
        .on_conflict("federated_identities_pkey", || "User is already linked with provider".to_owned())
        .map_err(|error| {
            let text = "The account is already linked to another user";
            error.on_conflict("federated_identities_account", || Error::Conflict(text.to_owned()))
        })?;
    record(services, &mut tx, caller, realm, Operation::Create, (user, provider), Some(&shown)).await?;
    services.commit(tx).await
}

/// Unlinks a user from the account at an identity provider.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-users` or if the user may do more than the caller.
pub async fn unlink(services: &Services, caller: &Caller, realm: &Realm, user: &UserId, provider: &str) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    users::locked(&mut tx, user).await?;
    require_covers_user(&mut tx, caller, realm, user).await?;
    if !store::federated_identities::delete(&mut tx, user, provider).await? {
        return Err(Error::NotFound(What::FederatedIdentity));
    }
    record(services, &mut tx, caller, realm, Operation::Delete, (user, provider), None).await?;
    services.commit(tx).await
}

async fn record(
    services: &Services,
    tx: &mut Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    (user, provider): (&UserId, &str),
    shown: Option<&FederatedIdentityRepresentation>,
) -> Result<()> {
    let path = format!("users/{user}/federated-identity/{provider}");
    let resource = Resource { kind: "USER", path: &path };
    admin_events::record(services, tx, caller, realm, operation, resource, shown).await
}

/// Links users of an import to their accounts, all in one statement. `path` names a user in the report.
///
/// # Errors
/// If the database fails.
pub(crate) async fn import(
    tx: &mut Tx,
    given: Vec<(UserId, String, Vec<FederatedIdentityRepresentation>)>,
    report: &mut ImportReport,
) -> Result<()> {
    let mut links = Vec::new();
    let (mut of_users, mut accounts) = (HashSet::new(), HashSet::new());
    for (user, path, identities) in given {
        for (index, identity) in identities.into_iter().enumerate() {
            let path = format!("{path}.federatedIdentities[{index}]");
            let provider = identity.identity_provider.clone().unwrap_or_default();
            match read(&provider, identity) {
                Ok(identity)
                    if !of_users.insert((user.clone(), provider.clone()))
                        || !accounts.insert((provider, identity.account.clone())) =>
                {
                    report.note(path, "left out: the user or the account is linked already");
                }
                Ok(identity) => links.push((user.clone(), identity)),
                Err(error) => report.note(path, format!("left out: {error}")),
            }
        }
    }
    Ok(store::federated_identities::insert(tx, &links).await?)
}

/// The accounts of users, for an export.
///
/// # Errors
/// If the database fails.
pub(crate) async fn export(
    conn: &mut PgConnection,
    realm: &Realm,
    users: &[UserId],
) -> Result<HashMap<UserId, Vec<FederatedIdentityRepresentation>>> {
    let mut found: HashMap<UserId, Vec<FederatedIdentityRepresentation>> = HashMap::new();
    for (user, identity) in store::federated_identities::of_users(conn, realm.id, users).await? {
        found.entry(user).or_default().push(shown(&identity));
    }
    Ok(found)
}
