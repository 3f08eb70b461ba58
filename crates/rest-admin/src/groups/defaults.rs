//! The groups that every new user joins.

use actix_web::web::Path;
use model::{id::GroupId, permission::Permission};
use representation::GroupRepresentation;
use services::groups::defaults;

use crate::{
    Routes,
    answers::{Json, NoContent},
    errors::Answer,
    kit::{Admin, json, no_content},
};

pub(super) fn routes(routes: &mut Routes) {
    routes.get("/default-groups", &[Permission::ViewRealm, Permission::ManageRealm], list);
    routes.put("/default-groups/{group}", &[Permission::ManageRealm], add);
    routes.delete("/default-groups/{group}", &[Permission::ManageRealm], remove);
}

async fn list(admin: Admin) -> Answer<Json<Vec<GroupRepresentation>>> {
    let found = defaults::list(&admin.services, &admin.caller, admin.realm()?).await?;
    let shown: Vec<_> = found.iter().map(|found| GroupRepresentation::reference(&found.group, &found.path)).collect();
    json(&shown)
}

async fn add(admin: Admin, path: Path<(String, String)>) -> Answer<NoContent> {
    let id = GroupId(path.into_inner().1);
    defaults::add(&admin.services, &admin.caller, admin.realm()?, &id).await?;
    no_content()
}

async fn remove(admin: Admin, path: Path<(String, String)>) -> Answer<NoContent> {
    let id = GroupId(path.into_inner().1);
    defaults::remove(&admin.services, &admin.caller, admin.realm()?, &id).await?;
    no_content()
}
