//! The pages, one file each or one folder for those that belong together.

mod applications;
mod clients;
mod home;
mod overview;
mod realms;
mod refusals;
mod registry;
mod settings;

use crate::routes::Routes;

pub(crate) fn routes(routes: &mut Routes) {
    for declare in [
        home::routes,
        realms::routes,
        registry::routes,
        clients::routes,
        applications::routes,
        settings::routes,
        overview::routes,
        refusals::routes,
    ] {
        declare(routes);
    }
}
