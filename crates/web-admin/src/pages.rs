//! The pages, one file each or one folder for those that belong together.

mod applications;
mod authentication;
mod client_scopes;
mod clients;
mod events;
mod granting;
mod groups;
mod home;
mod identity_providers;
mod keys;
mod mappers;
mod new_realm;
mod overview;
mod owner;
mod providers;
mod realms;
mod refusals;
mod registry;
mod role_picker;
mod roles;
mod scope_mappings;
mod search;
mod sessions;
mod settings;
mod transfer;
mod user_federation;
mod users;
mod webhooks;

use crate::routes::Routes;

pub(crate) fn routes(routes: &mut Routes) {
    // One a line, so that changes at once don't collide.
    #[rustfmt::skip]
    let all = [
        home::routes,
        new_realm::routes,
        realms::routes,
        registry::routes,
        clients::routes,
        client_scopes::routes,
        mappers::routes,
        scope_mappings::routes,
        applications::routes,
        settings::routes,
        overview::routes,
        refusals::routes,
        authentication::routes,
        identity_providers::routes,
        user_federation::routes,
        keys::routes,
        transfer::routes,
        search::routes,
        users::routes,
        groups::routes,
        roles::routes,
        sessions::routes,
        events::routes,
        webhooks::routes,
    ];
    for declare in all {
        declare(routes);
    }
}
