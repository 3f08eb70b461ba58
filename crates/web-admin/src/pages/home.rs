//! The console's first page leads to where a person most likely wants to go.

use actix_web::{HttpResponse, http::header::LOCATION};
use services::realms;
use web::percent_encoded;

use crate::{
    Console, Rule,
    refusal::{Answer, Refusal},
    routes::Routes,
};

pub(crate) fn routes(routes: &mut Routes) {
    routes.open("", Rule::Authenticated, home);
    routes.open("/", Rule::Authenticated, home);
}

/// To the only realm that there is for this person, else to the list of them.
async fn home(console: Console) -> Answer {
    let seen = realms::list(&console.services, &console.caller, None, 0, Some(2)).await.map_err(Refusal::Service)?;
    let path = match seen.as_slice() {
        [(only, _)] => format!("{}/realms/{}", console.base(), percent_encoded(&only.name)),
        _ => format!("{}/realms", console.base()),
    };
    console.dressed(HttpResponse::SeeOther().insert_header((LOCATION, path)).finish())
}
