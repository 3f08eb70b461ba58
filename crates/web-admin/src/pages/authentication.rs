//! How people prove who they are: flows, required actions, password policy.

mod actions;
mod flows;
mod passwords;
mod steps;
mod tree;

use model::permission::Permission::{self, ManageRealm, ViewRealm};

use crate::{Console, routes::Routes, tabs::Tabs};

const LOOK: &[Permission] = &[ViewRealm, ManageRealm];
const CHANGE: &[Permission] = &[ManageRealm];

pub(crate) fn routes(routes: &mut Routes) {
    routes.page("/authentication", LOOK, flows::list);
    routes.form("/authentication/bind", CHANGE, flows::bind);
    routes.page("/authentication/flows/new", CHANGE, flows::new);
    routes.form("/authentication/flows/new", CHANGE, flows::create);
    routes.page("/authentication/flows/{flow}", LOOK, tree::show);
    routes.page("/authentication/flows/{flow}/copy", CHANGE, flows::ask_copy);
    routes.form("/authentication/flows/{flow}/copy", CHANGE, flows::copy);
    routes.page("/authentication/flows/{flow}/edit", CHANGE, flows::edit);
    routes.form("/authentication/flows/{flow}/edit", CHANGE, flows::save);
    routes.page("/authentication/flows/{flow}/delete", CHANGE, flows::ask_delete);
    routes.form("/authentication/flows/{flow}/delete", CHANGE, flows::delete);
    routes.page("/authentication/flows/{flow}/add", CHANGE, steps::choose);
    routes.form("/authentication/flows/{flow}/add", CHANGE, steps::add);
    routes.form("/authentication/flows/{flow}/requirement", CHANGE, steps::set_requirement);
    routes.form("/authentication/flows/{flow}/move", CHANGE, steps::shift);
    routes.page("/authentication/flows/{flow}/steps/{step}", LOOK, steps::settings);
    routes.form("/authentication/flows/{flow}/steps/{step}", CHANGE, steps::configure);
    routes.page("/authentication/flows/{flow}/steps/{step}/delete", CHANGE, steps::ask);
    routes.form("/authentication/flows/{flow}/steps/{step}/delete", CHANGE, steps::delete);
    routes.page("/authentication/required-actions", LOOK, actions::list);
    routes.form("/authentication/required-actions", CHANGE, actions::change);
    routes.page("/authentication/required-actions/{action}", LOOK, actions::settings);
    routes.form("/authentication/required-actions/{action}", CHANGE, actions::save);
    routes.page("/authentication/passwords", LOOK, passwords::show);
    routes.form("/authentication/passwords", CHANGE, passwords::save);
}

fn tabs(console: &Console) -> Tabs {
    let pages = [
        ("Flows", "/authentication"),
        ("Required actions", "/authentication/required-actions"),
        ("Password policy", "/authentication/passwords"),
    ];
    Tabs::new(console, "Authentication", &pages)
}

/// The path of a flow's page.
fn flow_path(console: &Console, flow: &str) -> String {
    console.path(&format!("/authentication/flows/{}", web::percent_encoded(flow)))
}
