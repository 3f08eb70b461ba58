//! The pages, one file each or one folder for those that belong together.

mod events;
mod granting;
mod groups;
mod home;
mod realms;
mod roles;
mod search;
mod sessions;
mod users;
mod webhooks;

use crate::routes::Routes;

pub(crate) fn routes(routes: &mut Routes) {
    for declare in [
        home::routes,
        realms::routes,
        search::routes,
        users::routes,
        groups::routes,
        roles::routes,
        sessions::routes,
        events::routes,
        webhooks::routes,
    ] {
        declare(routes);
    }
}
