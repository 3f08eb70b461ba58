//! Ready-made configurations for the other side of a client: a registry's, an application's.

use model::{id::ClientId, permission::Permission, realm::Realm};
use protocol::{InstallationContext, InstallationFile};

use crate::{Caller, Error, Result, Services, What, cache, clients, error::Found};

/// Makes the installation `provider` of a client.
///
/// # Errors
/// `NotFound` for the client or the provider, `Refused` with the reason if it can't be made, or `Forbidden` without
/// `view-clients` or `manage-clients`.
pub async fn make(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientId,
    provider: &str,
) -> Result<InstallationFile> {
    caller.require(&[Permission::ViewClients, Permission::ManageClients])?;
    let client = store::clients::find(&mut *services.store.read().await?, realm.id, id).await?.found(What::Client)?;
    let protocol = services.protocols.get(&client.protocol).found(What::Installation)?;
    let keys = cache::keys(services, realm).await?;
    let now = services.now().unix_timestamp();
    // Who may not see the secret, or a client without one, gets the file with a hint in its place.
    let secret = clients::secret(services, caller, realm, id).await.ok();
    let context = InstallationContext {
        realm,
        client: &client,
        client_secret: secret.as_ref(),
        public_url: services.public_url(),
        registry_bundle: keys.registry_bundle(),
        registry_jwks: &keys.registry_jwks().to_string(),
        localhost_certificate: &|| keys.localhost_certificate(now).map_err(|error| error.to_string()),
    };
    protocol.installation(provider, &context).found(What::Installation)?.map_err(Error::Refused)
}
