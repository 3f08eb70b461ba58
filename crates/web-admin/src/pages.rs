//! The pages, one file each or one folder for those that belong together.

mod authentication;
mod home;
mod identity_providers;
mod keys;
mod new_realm;
mod realms;
mod settings;
mod transfer;
mod user_federation;

use crate::routes::Routes;

pub(crate) fn routes(routes: &mut Routes) {
    for declare in [home::routes, new_realm::routes, realms::routes, settings::routes, keys::routes, transfer::routes] {
        declare(routes);
    }
}
