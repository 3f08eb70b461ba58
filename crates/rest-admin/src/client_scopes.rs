//! Client scopes and the realm's scopes for new clients.

use actix_web::web::Path;
use model::{
    client_scope::{ClientScope, ScopeAssignment},
    id::ClientScopeId,
    permission::Permission,
};
use representation::ClientScopeRepresentation;
use services::{What, client_scopes};

use crate::{
    Routes,
    answers::{Created, Json, NoContent, Versioned},
    bodies::Body,
    errors::{Answer, OrNotFound},
    kit::{Admin, body, json, no_content, versioned},
};

const VIEW: &[Permission] = &[Permission::ViewClients, Permission::ManageClients];
const MANAGE: &[Permission] = &[Permission::ManageClients];

/// Where client scopes are; the second one is the name that they had in the past, which Keycloak still answers to.
pub(crate) const PLACES: [&str; 2] = ["/client-scopes", "/client-templates"];

pub(crate) fn routes(routes: &mut Routes) {
    for scopes in PLACES {
        routes.get(scopes, VIEW, list);
        routes.post(scopes, MANAGE, create);
        routes.get(&format!("{scopes}/{{scope}}"), VIEW, get);
        routes.put(&format!("{scopes}/{{scope}}"), MANAGE, update);
        routes.delete(&format!("{scopes}/{{scope}}"), MANAGE, delete);
    }
    routes.get("/default-default-client-scopes", VIEW, default_defaults);
    routes.put("/default-default-client-scopes/{scope}", MANAGE, add_default_default);
    routes.delete("/default-default-client-scopes/{scope}", MANAGE, remove_default);
    routes.get("/default-optional-client-scopes", VIEW, default_optionals);
    routes.put("/default-optional-client-scopes/{scope}", MANAGE, add_default_optional);
    routes.delete("/default-optional-client-scopes/{scope}", MANAGE, remove_default);
}

/// A scope in a list of assignments: Keycloak shows its id and name.
pub(crate) fn brief(scope: &ClientScope) -> ClientScopeRepresentation {
    ClientScopeRepresentation {
        id: Some(scope.id.0.clone()),
        name: Some(scope.name.clone()),
        ..ClientScopeRepresentation::default()
    }
}

async fn list(admin: Admin) -> Answer<Json<Vec<ClientScopeRepresentation>>> {
    let scopes = client_scopes::list(&admin.services, &admin.caller, admin.realm()?).await?;
    json(&scopes.iter().map(|(scope, mappers)| ClientScopeRepresentation::of(scope, mappers)).collect::<Vec<_>>())
}

async fn create(admin: Admin, bytes: Body<ClientScopeRepresentation>) -> Answer<Created> {
    let scope = client_scopes::create(&admin.services, &admin.caller, admin.realm()?, body(&bytes)?).await?;
    admin.created(&["client-scopes", scope.id.as_str()])
}

async fn get(admin: Admin, path: Path<(String, ClientScopeId)>) -> Answer<Versioned<ClientScopeRepresentation>> {
    let (scope, mappers) = client_scopes::get(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    versioned(&ClientScopeRepresentation::of(&scope, &mappers), &scope)
}

async fn update(
    admin: Admin,
    path: Path<(String, ClientScopeId)>,
    bytes: Body<ClientScopeRepresentation>,
) -> Answer<NoContent> {
    client_scopes::update(&admin.services, &admin.caller, admin.realm()?, &path.1, body(&bytes)?).await?;
    no_content()
}

async fn delete(admin: Admin, path: Path<(String, ClientScopeId)>) -> Answer<NoContent> {
    client_scopes::delete(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    no_content()
}

async fn defaults(admin: Admin, assignment: ScopeAssignment) -> Answer<Json<Vec<ClientScopeRepresentation>>> {
    let scopes = client_scopes::defaults(&admin.services, &admin.caller, admin.realm()?, assignment).await?;
    json(&scopes.iter().map(brief).collect::<Vec<_>>())
}

async fn default_defaults(admin: Admin) -> Answer<Json<Vec<ClientScopeRepresentation>>> {
    defaults(admin, ScopeAssignment::Default).await
}

async fn default_optionals(admin: Admin) -> Answer<Json<Vec<ClientScopeRepresentation>>> {
    defaults(admin, ScopeAssignment::Optional).await
}

type ScopePath = Path<(String, ClientScopeId)>;

async fn set_default(admin: Admin, path: ScopePath, assignment: Option<ScopeAssignment>) -> Answer<NoContent> {
    client_scopes::set_default(&admin.services, &admin.caller, admin.realm()?, &path.1, assignment)
        .await
        .or_not_found(What::ClientScope, "Client scope not found")?;
    no_content()
}

async fn add_default_default(admin: Admin, path: ScopePath) -> Answer<NoContent> {
    set_default(admin, path, Some(ScopeAssignment::Default)).await
}

async fn add_default_optional(admin: Admin, path: ScopePath) -> Answer<NoContent> {
    set_default(admin, path, Some(ScopeAssignment::Optional)).await
}

async fn remove_default(admin: Admin, path: ScopePath) -> Answer<NoContent> {
    set_default(admin, path, None).await
}
