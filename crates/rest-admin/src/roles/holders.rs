//! The users and groups that were given a role.

use actix_web::web::{Path, Query};
use model::permission::Permission;
use services::roles::holders;

use super::{
    Place,
    query::{ListQuery, is_true},
};
use crate::{
    Routes,
    errors::Answer,
    groups::representations::{Form, flat, users as shown_users},
    kit::{Admin, json},
};

/// How many are given where a request doesn't say.
const USUAL: Option<i64> = Some(100);

pub(super) fn routes(routes: &mut Routes, role: &str, view: &'static [Permission]) {
    routes.get(&format!("{role}/users"), view, users);
    routes.get(&format!("{role}/groups"), view, groups);
}

async fn users(admin: Admin, place: Path<Place>, query: Query<ListQuery>) -> Answer {
    let (first, max) = query.page(USUAL);
    let address = place.address();
    let found = holders::users(&admin.services, &admin.caller, admin.realm()?, &address, first, max).await?;
    json(&shown_users(&found, is_true(query.brief_representation, false)))
}

async fn groups(admin: Admin, place: Path<Place>, query: Query<ListQuery>) -> Answer {
    let form = Form::new(&admin.caller, is_true(query.brief_representation, true), true);
    let page = query.page(USUAL);
    let address = place.address();
    let found = holders::groups(&admin.services, &admin.caller, admin.realm()?, &address, !form.brief, page).await?;
    json(&flat(&found, &form))
}
