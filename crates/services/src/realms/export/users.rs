//! Users as an export has them: with everything that hangs on them, in a constant number of statements for a page.

use std::collections::HashMap;

use model::{
    clock::epoch_millis,
    id::{ClientId, GroupId, UserId},
    realm::Realm,
    user::User,
};
use representation::{CredentialRepresentation, SecretText, UserConsentRepresentation, UserRepresentation};
use store::{PgConnection, transfer};

use super::{Secrets, by_place, text};
use crate::{Result, Services, credentials, federated_identities};

/// Users as an export has them.
pub(crate) async fn users(
    services: &Services,
    conn: &mut PgConnection,
    realm: &Realm,
    paths: &HashMap<GroupId, Vec<String>>,
    users: Vec<User>,
    secrets: Secrets,
) -> Result<Vec<UserRepresentation>> {
    let ids: Vec<UserId> = users.iter().map(|user| user.id.clone()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let clients = transfer::names::clients(conn, realm.id).await?;
    let clients: HashMap<ClientId, String> = clients.into_iter().map(|(id, name, _)| (id, name)).collect();
    let mut roles = grouped(transfer::users::roles(conn, realm.id, &ids).await?);
    let mut groups = grouped(transfer::users::groups(conn, realm.id, &ids).await?);
    let consents = transfer::users::consents(conn, realm.id, &ids).await?;
    let mut consents = grouped(consents.into_iter().map(|consent| (consent.user.clone(), consent)).collect());
    let mut identities = federated_identities::export(conn, realm, &ids).await?;
    let mut kept = match secrets {
        Secrets::Shown => grouped(transfer::credentials::of_users(conn, realm.id, &ids).await?),
        Secrets::Masked => HashMap::new(),
    };
    users
        .into_iter()
        .map(|user| {
            let (realm_roles, client_roles) = by_place(roles.remove(&user.id).unwrap_or_default());
            let mut joined: Vec<String> = groups
                .remove(&user.id)
                .unwrap_or_default()
                .iter()
                .filter_map(|group| paths.get(group))
                .map(|path| text(path))
                .collect();
            joined.sort_unstable();
            let consents =
                consents.remove(&user.id).unwrap_or_default().into_iter().map(|consent| UserConsentRepresentation {
                    client_id: clients.get(&consent.client).cloned(),
                    granted_client_scopes: Some(consent.scopes),
                    created_date: Some(epoch_millis(consent.created)),
                    last_updated_date: Some(epoch_millis(consent.updated)),
                    granted_realm_roles: None,
                });
            let consents: Vec<_> = consents.collect();
            let own = kept.remove(&user.id).unwrap_or_default();
            let own = own.iter().map(|credential| -> Result<CredentialRepresentation> {
                let secret = credentials::import::opened(services, realm.id, credential)?;
                let secret_data = Some(SecretText::new(secret.expose().to_owned()));
                Ok(CredentialRepresentation { secret_data, ..CredentialRepresentation::from(credential) })
            });
            Ok(UserRepresentation {
                service_account_client_id: user.service_account_of.as_ref().and_then(|id| clients.get(id)).cloned(),
                credentials: match secrets {
                    Secrets::Shown => Some(own.collect::<Result<Vec<_>>>()?),
                    Secrets::Masked => None,
                },
                realm_roles: Some(realm_roles),
                client_roles: (!client_roles.is_empty()).then_some(client_roles),
                federated_identities: identities.remove(&user.id),
                client_consents: (!consents.is_empty()).then_some(consents),
                groups: Some(joined),
                ..UserRepresentation::from(&user)
            })
        })
        .collect()
}

fn grouped<T>(pairs: Vec<(UserId, T)>) -> HashMap<UserId, Vec<T>> {
    let mut by_user: HashMap<UserId, Vec<T>> = HashMap::new();
    for (user, value) in pairs {
        by_user.entry(user).or_default().push(value);
    }
    by_user
}
