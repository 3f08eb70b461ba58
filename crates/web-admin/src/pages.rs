//! The pages, one file each or one folder for those that belong together.

mod home;
mod realms;

use crate::routes::Routes;

pub(crate) fn routes(routes: &mut Routes) {
    for declare in [home::routes, realms::routes] {
        declare(routes);
    }
}
