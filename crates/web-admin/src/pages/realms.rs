//! The realms that a person may look at: the way from one to another.

use askama::Template;
use services::{listing::Listed, realms};
use web::percent_encoded;

use crate::{
    Console, Rule,
    frame::Frame,
    list::{Cell, Empty, List, Query},
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
    let found: Listed<realms::ListedRealm> =
        realms::page(&console.services, &console.caller, search.as_deref(), query.direction(), query.asked()).await?;
    let row = |realm: realms::ListedRealm| {
        let state = match realm.enabled {
            true => Cell::Badge { text: "On", tone: "good" },
            false => Cell::Badge { text: "Off", tone: "plain" },
        };
        let path = format!("{}/realms/{}", console.base(), percent_encoded(&realm.name));
        let name = realm.display_name.as_deref().unwrap_or_default();
        vec![Cell::link(path, &realm.name), Cell::text(name), state]
    };
    let empty = Empty {
        text: "There is no realm that you may administer. Ask for a role of its administrators.",
        action: None,
    };
    let list = List::of(&query, "Realms", found.map(row), empty)
        .columns(&query, &[("Name", Some("name")), ("Shown as", None), ("State", None)])
        .search(&query, "A part of a realm's name");
    console.show(&RealmsPage { frame: console.frame("Realms"), list })
}
