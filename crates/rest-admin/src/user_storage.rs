//! User stores outside of the realm, and the tests of directories and mail servers.

use actix_web::web::{Path, Query};
use model::{id::ComponentId, permission::Permission};
use representation::{LDAPCapabilityRepresentation, StringMap, TestLdapConnectionRepresentation, TextMap};
use serde::Deserialize;
use services::{mail, user_storage};

use crate::{
    Routes,
    answers::{Json, NoContent, OrFailed, OrNotImplemented},
    bodies::BodyOrForm,
    errors::Answer,
    kit::{Admin, json, no_content},
};

const NAME: &[Permission] = &[Permission::QueryUsers, Permission::ViewUsers, Permission::ManageUsers];
const MANAGE_USERS: &[Permission] = &[Permission::ManageUsers];
const MANAGE_REALM: &[Permission] = &[Permission::ManageRealm];

pub(crate) fn routes(routes: &mut Routes) {
    routes.get("/user-storage/{component}/name", NAME, name);
    routes.post("/user-storage/{component}/sync", MANAGE_USERS, synchronize);
    routes.post("/user-storage/{component}/remove-imported-users", MANAGE_USERS, forget_imported);
    routes.post("/user-storage/{component}/unlink-users", MANAGE_USERS, forget_imported);
    routes.post("/user-storage/{component}/mappers/{mapper}/sync", MANAGE_USERS, synchronize_mapper);
    routes.post("/testLDAPConnection", MANAGE_REALM, test_directory);
    routes.post("/ldap-server-capabilities", MANAGE_REALM, capabilities);
    routes.post("/testSMTPConnection", MANAGE_REALM, test_mail);
}

type ComponentPath = Path<(String, ComponentId)>;

async fn name(admin: Admin, path: ComponentPath) -> Answer<Json<StringMap>> {
    let name = user_storage::name(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    json(&StringMap::from([("id".to_owned(), path.1.0.clone()), ("name".to_owned(), name)]))
}

#[derive(Deserialize)]
struct Action {
    action: Option<String>,
}

async fn synchronize(admin: Admin, path: ComponentPath, query: Query<Action>) -> Answer<OrNotImplemented<NoContent>> {
    let action = query.action.as_deref();
    user_storage::synchronize(&admin.services, &admin.caller, admin.realm()?, &path.1, action).await?;
    Ok(no_content()?.into())
}

async fn forget_imported(admin: Admin, path: ComponentPath) -> Answer<NoContent> {
    user_storage::forget_imported(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    no_content()
}

async fn synchronize_mapper(
    admin: Admin,
    path: Path<(String, ComponentId, ComponentId)>,
) -> Answer<OrNotImplemented<NoContent>> {
    let (_, store, mapper) = path.into_inner();
    user_storage::synchronize_mapper(&admin.services, &admin.caller, admin.realm()?, &store, &mapper).await?;
    Ok(no_content()?.into())
}

type DirectoryBody = BodyOrForm<TestLdapConnectionRepresentation>;

async fn test_directory(admin: Admin, given: DirectoryBody) -> Answer<NoContent> {
    user_storage::test(&admin.services, &admin.caller, admin.realm()?, given.read()?).await?;
    no_content()
}

async fn capabilities(admin: Admin, given: DirectoryBody) -> Answer<Json<Vec<LDAPCapabilityRepresentation>>> {
    json(&user_storage::capabilities(&admin.services, &admin.caller, admin.realm()?, given.read()?).await?)
}

async fn test_mail(admin: Admin, given: BodyOrForm<TextMap>) -> Answer<OrFailed<NoContent>> {
    let TextMap(given) = given.read()?;
    mail::test(&admin.services, &admin.caller, admin.realm()?, &given).await?;
    Ok(no_content()?.into())
}
