//! Authentication management: flows, executions, configurations, required actions, and what there is to choose from.

mod configs;
mod executions;
mod flows;
mod providers;
mod required_actions;

use model::permission::Permission;

use crate::Routes;

const VIEW: &[Permission] = &[Permission::ViewRealm, Permission::ManageRealm];
const MANAGE: &[Permission] = &[Permission::ManageRealm];

pub(crate) fn routes(routes: &mut Routes) {
    providers::routes(routes);
    flows::routes(routes);
    executions::routes(routes);
    configs::routes(routes);
    required_actions::routes(routes);
}
