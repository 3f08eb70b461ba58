//! User stores outside of the realm, such as LDAP directories.

mod edit;
mod kinds;
mod mappers;

use model::{
    component::{Component, USER_STORAGE_PROVIDER},
    permission::Permission::{self, ManageRealm, ViewRealm},
};
use services::{components, store::components::Filter};
use web::percent_encoded;

use crate::{
    Console,
    list::{Cell, Empty, List, Query},
    pages::providers::ListPage,
    refusal::Answer,
    routes::Routes,
};

const LOOK: &[Permission] = &[ViewRealm, ManageRealm];
const CHANGE: &[Permission] = &[ManageRealm];

pub(crate) fn routes(routes: &mut Routes) {
    routes.page("/user-federation", LOOK, list);
    routes.page("/user-federation/new", CHANGE, edit::new);
    routes.form("/user-federation/new", CHANGE, edit::create);
    routes.page("/user-federation/{store}", LOOK, edit::show);
    routes.form("/user-federation/{store}", CHANGE, edit::save);
    routes.page("/user-federation/{store}/delete", CHANGE, edit::ask);
    routes.form("/user-federation/{store}/delete", CHANGE, edit::delete);
    routes.page("/user-federation/{store}/mappers/new", CHANGE, mappers::choose);
    routes.form("/user-federation/{store}/mappers/new", CHANGE, mappers::create);
    routes.page("/user-federation/{store}/mappers/{mapper}", LOOK, mappers::show);
    routes.form("/user-federation/{store}/mappers/{mapper}", CHANGE, mappers::save);
    routes.form("/user-federation/{store}/mappers/{mapper}/delete", CHANGE, mappers::delete);
}

fn path(console: &Console, id: &str) -> String {
    console.path(&format!("/user-federation/{}", percent_encoded(id)))
}

/// What is said wherever user stores are set up.
const HONEST: &str = "The server does not look users up in a directory yet: what is set up here is checked, kept and exported, \
                      and the directory can be tried out.";

async fn list(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let filter = Filter { provider_type: Some(USER_STORAGE_PROVIDER.to_owned()), ..Filter::default() };
    let found = components::list(&console.services, &console.caller, console.realm()?, &filter).await?;
    let row = |store: &Component| {
        let state = match store.setting("enabled") {
            Some("false") => Cell::Badge { text: "Off", tone: "plain" },
            _ => Cell::Badge { text: "On", tone: "good" },
        };
        let address = store.setting("connectionUrl").unwrap_or_default();
        vec![
            Cell::link(path(&console, &store.id.0), &store.name),
            Cell::text(&store.provider_id),
            Cell::code(address),
            state,
        ]
    };
    let add = console.may(CHANGE).then(|| (console.path("/user-federation/new"), "Add an LDAP directory"));
    let empty = Empty { text: "All users of this realm are kept in it.", action: add.clone() };
    let mut list = List::new(&query, "User stores", Vec::new(), empty)
        .columns(&query, &[("Name", None), ("Kind", None), ("Address", None), ("State", None)]);
    list.rows = found.iter().map(row).collect();
    let about =
        "Users of a directory, such as LDAP or Active Directory, log in with the passwords that they have there.";
    console.show(&ListPage { frame: console.frame("User federation"), about, honest: HONEST, add, list })
}
