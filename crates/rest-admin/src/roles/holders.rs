//! The users and groups that were given a role.

use actix_web::{
    http::Method,
    web::{Path, Query},
};
use representation::{GroupRepresentation, UserRepresentation};
use services::roles::holders;

use super::{
    CLIENT_VIEW, Place, REALM_VIEW,
    query::{ListQuery, is_true},
};
use crate::{
    Routes,
    answers::Json,
    errors::Answer,
    groups::representations::{Form, flat, users as shown_users},
    kit::{Admin, json},
    routes::Rule,
    users::VIEW as VIEW_USERS,
};

/// How many are given where a request doesn't say.
const USUAL: Option<i64> = Some(100);

/// Whoever looks at the holders of a realm's role sees roles and users.
const OF_REALM_ROLE: Rule = Rule::Each(&[REALM_VIEW, VIEW_USERS]);
/// Whoever looks at the holders of a client's role sees clients and users.
const OF_CLIENT_ROLE: Rule = Rule::Each(&[CLIENT_VIEW, VIEW_USERS]);

pub(super) fn routes(routes: &mut Routes) {
    for (role, rule) in [("/roles/{role}", OF_REALM_ROLE), ("/clients/{client}/roles/{role}", OF_CLIENT_ROLE)] {
        routes.add(Method::GET, &format!("/realms/{{realm}}{role}/users"), rule, users);
        routes.add(Method::GET, &format!("/realms/{{realm}}{role}/groups"), rule, groups);
    }
}

async fn users(admin: Admin, place: Path<Place>, query: Query<ListQuery>) -> Answer<Json<Vec<UserRepresentation>>> {
    let (first, max) = query.page(USUAL);
    let address = place.address();
    let found = holders::users(&admin.services, &admin.caller, admin.realm()?, &address, first, max).await?;
    json(&shown_users(&found, is_true(query.brief_representation, false)))
}

async fn groups(admin: Admin, place: Path<Place>, query: Query<ListQuery>) -> Answer<Json<Vec<GroupRepresentation>>> {
    let form = Form::new(&admin.caller, is_true(query.brief_representation, true), true);
    let page = query.page(USUAL);
    let address = place.address();
    let found = holders::groups(&admin.services, &admin.caller, admin.realm()?, &address, !form.brief, page).await?;
    json(&flat(&found, &form))
}
