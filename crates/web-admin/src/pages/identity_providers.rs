//! Identity providers of a realm: where people have accounts already.

mod edit;
mod kinds;
mod mappers;

use model::permission::Permission::{self, ManageIdentityProviders, ViewIdentityProviders};
use representation::IdentityProviderRepresentation;
use services::identity_providers::{self, Query as Wanted};
use web::percent_encoded;

use crate::{
    Console,
    list::{Cell, Empty, List, PAGE, Query},
    pages::providers::ListPage,
    refusal::Answer,
    routes::Routes,
};

const LOOK: &[Permission] = &[ViewIdentityProviders, ManageIdentityProviders];
const CHANGE: &[Permission] = &[ManageIdentityProviders];

pub(crate) fn routes(routes: &mut Routes) {
    routes.page("/identity-providers", LOOK, list);
    routes.page("/identity-providers/new", CHANGE, edit::choose);
    routes.form("/identity-providers/new", CHANGE, edit::create);
    routes.page("/identity-providers/{alias}", LOOK, edit::show);
    routes.form("/identity-providers/{alias}", CHANGE, edit::save);
    routes.page("/identity-providers/{alias}/delete", CHANGE, edit::ask);
    routes.form("/identity-providers/{alias}/delete", CHANGE, edit::delete);
    routes.page("/identity-providers/{alias}/mappers/new", CHANGE, mappers::choose);
    routes.form("/identity-providers/{alias}/mappers/new", CHANGE, mappers::create);
    routes.page("/identity-providers/{alias}/mappers/{mapper}", LOOK, mappers::show);
    routes.form("/identity-providers/{alias}/mappers/{mapper}", CHANGE, mappers::save);
    routes.form("/identity-providers/{alias}/mappers/{mapper}/delete", CHANGE, mappers::delete);
}

/// The path of a provider.
fn path(console: &Console, alias: &str) -> String {
    console.path(&format!("/identity-providers/{}", percent_encoded(alias)))
}

/// What is said wherever identity providers are set up.
const HONEST: &str = "No login goes through an identity provider yet: what is set up here is checked, kept and exported, and \
                      offered on the login page as soon as the server does it.";

async fn list(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let wanted = Wanted {
        search: query.given("q").map(|text| format!("*{text}*")),
        purpose: None,
        first: query.first(),
        max: Some(PAGE + 1),
    };
    let found = identity_providers::list(&console.services, &console.caller, console.realm()?, &wanted).await?;
    let row = |provider: &IdentityProviderRepresentation| {
        let alias = provider.alias.as_deref().unwrap_or_default();
        let state = match provider.enabled {
            Some(true) => Cell::Badge { text: "On", tone: "good" },
            _ => Cell::Badge { text: "Off", tone: "plain" },
        };
        vec![
            Cell::link(path(&console, alias), alias),
            Cell::text(provider.display_name.as_deref().unwrap_or_default()),
            Cell::text(kinds::name(provider.provider_id.as_deref().unwrap_or_default())),
            state,
        ]
    };
    let add = console.may(CHANGE).then(|| (console.path("/identity-providers/new"), "Add an identity provider"));
    let empty = Empty { text: "Nobody logs in with an account from elsewhere.", action: add.clone() };
    let list = List::new(&query, "Identity providers", found.iter().map(row).collect(), empty)
        .columns(&query, &[("Alias", None), ("Shown as", None), ("Kind", None), ("State", None)])
        .search(&query, "Part of an alias or a name");
    let about = "People who have an account elsewhere, at their company or at GitHub, log in with that one.";
    console.show(&ListPage { frame: console.frame("Identity providers"), about, honest: HONEST, add, list })
}
