//! The user that a client acts as when it acts for itself.

use model::{
    MultiAttributes,
    client::Client,
    id::{ClientId, UserId},
    realm::Realm,
    user::User,
};
use store::Tx;

use crate::{Error, Result, Services};

/// Makes or removes the user of a client's service account, so that there is one exactly if the client has it enabled.
pub(super) async fn follow(
    services: &Services,
    tx: &mut Tx,
    realm: &Realm,
    client: &Client,
    had_account: bool,
) -> Result<()> {
    let present = match had_account {
        true => store::users::find_service_account(tx, realm.id, &client.id).await?,
        false => None,
    };
    match (client.settings.service_accounts_enabled, present) {
        (true, None) => make(services, tx, realm, client).await,
        (false, Some(user)) => {
            store::users::delete(tx, &user.id).await?;
            Ok(())
        }
        (true, Some(_)) | (false, None) => Ok(()),
    }
}

/// A user for a client to act as.
pub(crate) fn new(services: &Services, client: ClientId, client_id: &str) -> User {
    User {
        id: UserId(services.new_id()),
        username: format!("service-account-{}", client_id.to_lowercase()),
        email: None,
        email_verified: false,
        first_name: None,
        last_name: None,
        enabled: true,
        created: services.now(),
        not_before: 0,
        attributes: MultiAttributes::new(),
        required_actions: Vec::new(),
        service_account_of: Some(client),
    }
}

async fn make(services: &Services, tx: &mut Tx, realm: &Realm, client: &Client) -> Result<()> {
    use model::client_scope::ScopeAssignment;
    let user = new(services, client.id.clone(), &client.client_id);
    store::users::insert(tx, &user, false).await.map_err(|error| {
        Error::from(error).on_conflict("users_username", || {
            Error::Conflict(format!("A user with the name '{}' already exists", user.username))
        })
    })?;
    store::role_mappings::grant_user_roles(tx, &user.id, std::slice::from_ref(&realm.default_role)).await?;
    let scope = ["service_account".to_owned()];
    Ok(store::client_scopes::assign_by_name(tx, &client.id, &scope, ScopeAssignment::Default).await?)
}
