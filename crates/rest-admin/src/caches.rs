//! `clear-…-cache`: what nodes have read before is read anew.

use model::permission::Permission;
use services::cache;

use crate::{
    Routes,
    answers::NoContent,
    errors::Answer,
    kit::{Admin, no_content},
};

const MANAGE: &[Permission] = &[Permission::ManageRealm];

pub(crate) fn routes(routes: &mut Routes) {
    routes.post("/clear-realm-cache", MANAGE, realm);
    routes.post("/clear-keys-cache", MANAGE, keys);
    routes.post("/clear-user-cache", MANAGE, nothing);
    routes.post("/clear-crl-cache", MANAGE, nothing);
}

async fn realm(admin: Admin) -> Answer<NoContent> {
    cache::clear_realm(&admin.services, &admin.caller, admin.realm()?).await?;
    no_content()
}

async fn keys(admin: Admin) -> Answer<NoContent> {
    cache::clear_client_keys(&admin.services, &admin.caller, admin.realm()?)?;
    no_content()
}

/// Users and lists of revoked certificates are never kept, so there is nothing left of them after this.
async fn nothing(admin: Admin) -> Answer<NoContent> {
    cache::require_manage(&admin.caller)?;
    no_content()
}
