//! The realms that a person may look at.

use askama::Template;
use services::realms;
use web::percent_encoded;

use crate::{
    Console, Rule,
    frame::Frame,
    list::{Cell, Empty, List, PAGE, Query},
    refusal::Answer,
    routes::Routes,
};

pub(crate) fn routes(routes: &mut Routes) {
    routes.open("/realms", Rule::Authenticated, list);
}

#[derive(Template)]
#[template(path = "admin/realms/list.html")]
struct RealmsPage {
    frame: Frame,
    list: List,
}

async fn list(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let search = query.given("q");
    let found =
        realms::list(&console.services, &console.caller, search.as_deref(), query.first(), Some(PAGE + 1)).await?;
    let row = |(realm, _): &(model::realm::Realm, _)| {
        let state = match realm.enabled {
            true => Cell::Badge { text: "On", tone: "good" },
            false => Cell::Badge { text: "Off", tone: "plain" },
        };
        let path = format!("{}/realms/{}", console.base(), percent_encoded(&realm.name));
        let name = realm.settings.display_name.as_deref().unwrap_or_default();
        vec![Cell::link(path, &realm.name), Cell::text(name), state]
    };
    let empty = Empty { text: "No realm that you may see has a name that begins so.", action: None };
    let list = List::new(&query, "Realms", found.iter().map(row).collect(), empty)
        .columns(&query, &[("Name", None), ("Shown as", None), ("State", None)])
        .search(&query, "Beginning of a realm's name");
    console.show(&RealmsPage { frame: console.frame("Realms"), list })
}
