//! Clients: applications and registries. `tabs` is what stands around every page of one of them.

mod connect;
mod list;
pub(crate) mod posture;
mod removal;
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
    connect::routes(routes);
    removal::routes(routes);
    posture::routes(routes);
}
