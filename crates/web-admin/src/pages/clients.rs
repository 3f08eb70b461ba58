//! Clients: applications and registries. `tabs` is what stands around every page of one of them.

mod connect;
mod credentials;
mod fields;
mod initial_access;
mod keys;
mod list;
pub(crate) mod posture;
mod preview;
mod registration_policies;
mod removal;
mod roles;
pub(crate) mod scopes;
mod service_account;
mod sessions;
mod settings;
pub(crate) mod tabs;

use model::permission::Permission::{self, *};

use crate::routes::Routes;

/// One of these is needed to see the names of clients.
const LIST: &[Permission] = &[ViewClients, ManageClients, QueryClients];
/// One of these is needed to look at a client.
pub(crate) const VIEW: &[Permission] = &[ViewClients, ManageClients];
/// Is needed to change one.
pub(crate) const MANAGE: &[Permission] = &[ManageClients];

pub(crate) fn routes(routes: &mut Routes) {
    list::routes(routes);
    // Before any client's id.
    initial_access::routes(routes);
    registration_policies::routes(routes);
    connect::routes(routes);
    credentials::routes(routes);
    keys::routes(routes);
    preview::routes(routes);
    roles::routes(routes);
    scopes::routes(routes);
    service_account::routes(routes);
    sessions::routes(routes);
    settings::routes(routes);
    removal::routes(routes);
    posture::routes(routes);
}
