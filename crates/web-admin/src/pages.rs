//! The pages, one file each or one folder for those that belong together.

mod applications;
mod clients;
mod home;
mod realms;
mod settings;

use crate::routes::Routes;

pub(crate) fn routes(routes: &mut Routes) {
    for declare in [home::routes, realms::routes, clients::routes, applications::routes, settings::routes] {
        declare(routes);
    }
}
