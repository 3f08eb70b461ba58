//! `/admin/realms` and `/admin/realms/{realm}`.

use actix_web::{http::Method, web::Query};
use model::{
    permission::{Permission, Permissions},
    realm::Realm,
};
use representation::RealmRepresentation;
use serde::Deserialize;
use services::realms;

use crate::{
    Routes,
    answers::{Json, NoContent, Versioned},
    bodies::Body,
    errors::Answer,
    kit::{Admin, Paging, body, json, no_content, versioned},
    routes::Rule,
};

pub(crate) fn routes(routes: &mut Routes) {
    routes.add(Method::GET, "/realms", Rule::Authenticated, list);
    routes.add(Method::GET, "/realms/{realm}", Rule::AnyPermission, get);
    routes.put("", &[Permission::ManageRealm], update);
    routes.delete("", &[Permission::ManageRealm], delete);
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListQuery {
    #[serde(default, deserialize_with = "crate::kit::switch")]
    brief_representation: Option<bool>,
    search: Option<String>,
    first: Option<i64>,
    max: Option<i64>,
}

/// Who may look into the realm sees its settings, who may only look for things in it sees a stub.
fn shown(realm: &Realm, held: Permissions, brief: bool) -> RealmRepresentation {
    if brief || !held.has_any(&[Permission::ViewRealm, Permission::ManageRealm]) {
        return RealmRepresentation::stub(realm);
    }
    RealmRepresentation { default_role: Some(realms::default_role(realm)), ..RealmRepresentation::of(realm) }
}

async fn list(admin: Admin, query: Query<ListQuery>) -> Answer<Json<Vec<RealmRepresentation>>> {
    let brief = query.brief_representation.unwrap_or(false);
    let paging = Paging::new(query.first, query.max);
    let search = query.search.as_deref().filter(|search| !search.is_empty());
    let realms = realms::list(&admin.services, &admin.caller, search, paging.first(), paging.max()).await?;
    json(&realms.iter().map(|(realm, held)| shown(realm, *held, brief)).collect::<Vec<_>>())
}

async fn get(admin: Admin) -> Answer<Versioned<RealmRepresentation>> {
    let realm = admin.realm()?;
    versioned(&shown(realm, admin.caller.permissions, false), realm)
}

async fn update(admin: Admin, bytes: Body<RealmRepresentation>) -> Answer<NoContent> {
    realms::update(&admin.services, &admin.caller, admin.realm()?, body(&bytes)?).await?;
    no_content()
}

async fn delete(admin: Admin) -> Answer<NoContent> {
    realms::delete(&admin.services, &admin.caller, admin.realm()?).await?;
    no_content()
}
