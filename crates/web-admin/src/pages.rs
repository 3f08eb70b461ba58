//! The pages, one file each or one folder for those that belong together.

mod applications;
mod client_scopes;
mod clients;
mod home;
mod mappers;
mod owner;
mod realms;
mod role_picker;
mod scope_mappings;
mod settings;

use crate::routes::Routes;

pub(crate) fn routes(routes: &mut Routes) {
    for declare in [
        home::routes,
        realms::routes,
        clients::routes,
        client_scopes::routes,
        mappers::routes,
        scope_mappings::routes,
        applications::routes,
        settings::routes,
    ] {
        declare(routes);
    }
}
