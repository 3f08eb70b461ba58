//! Components.

use actix_web::web::{Path, Query};
use model::{id::ComponentId, permission::Permission};
use representation::{ComponentRepresentation, ComponentTypeRepresentation};
use serde::Deserialize;
use services::{
    What,
    components::{self, kinds},
    provider_settings::property,
    store::components::Filter,
};

use crate::{
    Routes,
    answers::{Created, Json, NoContent, Versioned},
    bodies::Body,
    errors::{Answer, OrNotFound, Refusal},
    kit::{Admin, body, json, no_content, versioned},
    server_info::component_type,
};

const VIEW: &[Permission] = &[Permission::ViewRealm, Permission::ManageRealm];
const MANAGE: &[Permission] = &[Permission::ManageRealm];

pub(crate) fn routes(routes: &mut Routes) {
    routes.get("/components", VIEW, list);
    routes.post("/components", MANAGE, create);
    routes.get("/components/{component}", VIEW, get);
    routes.put("/components/{component}", MANAGE, update);
    routes.delete("/components/{component}", MANAGE, delete);
    routes.get("/components/{component}/sub-component-types", VIEW, types);
    routes.get("/client-registration-policy/providers", VIEW, registration_policies);
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListQuery {
    name: Option<String>,
    parent: Option<String>,
    provider_id: Option<String>,
    r#type: Option<String>,
}

/// Keycloak answers an unknown provider in the other family of errors.
fn refused(error: services::Error) -> Refusal {
    match error {
        services::Error::Refused(text) => Refusal::BadRequest(text),
        other => Refusal::Service(other),
    }
}

async fn list(admin: Admin, query: Query<ListQuery>) -> Answer<Json<Vec<ComponentRepresentation>>> {
    let query = query.into_inner();
    let filter = Filter {
        provider_type: query.r#type,
        parent_id: query.parent,
        name: query.name,
        provider_id: query.provider_id,
    };
    let components = components::list(&admin.services, &admin.caller, admin.realm()?, &filter).await?;
    json(&components.iter().map(ComponentRepresentation::from).collect::<Vec<_>>())
}

async fn create(admin: Admin, bytes: Body<ComponentRepresentation>) -> Answer<Created> {
    let component =
        components::create(&admin.services, &admin.caller, admin.realm()?, body(&bytes)?).await.map_err(refused)?;
    admin.created(&["components", component.id.as_str()])
}

async fn get(admin: Admin, path: Path<(String, ComponentId)>) -> Answer<Versioned<ComponentRepresentation>> {
    let component = components::get(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    versioned(&ComponentRepresentation::from(&component), &component)
}

async fn update(
    admin: Admin,
    path: Path<(String, ComponentId)>,
    bytes: Body<ComponentRepresentation>,
) -> Answer<NoContent> {
    components::update(&admin.services, &admin.caller, admin.realm()?, &path.1, body(&bytes)?)
        .await
        .map_err(refused)?;
    no_content()
}

async fn delete(admin: Admin, path: Path<(String, ComponentId)>) -> Answer<NoContent> {
    components::delete(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    no_content()
}

#[derive(Deserialize)]
struct TypesQuery {
    r#type: Option<String>,
}

/// The kinds of components that may belong to another one, or to the realm itself.
async fn types(
    admin: Admin,
    path: Path<(String, ComponentId)>,
    query: Query<TypesQuery>,
) -> Answer<Json<Vec<ComponentTypeRepresentation>>> {
    let (realm, id) = (admin.realm()?, &path.1);
    let of_realm = id.as_str() == realm.given_id || id.as_str() == realm.name;
    if !of_realm {
        components::get(&admin.services, &admin.caller, realm, id)
            .await
            .or_not_found(What::Component, "Could not find parent component")?;
    }
    let Some(of) = query.r#type.as_deref().filter(|of| !of.is_empty()) else {
        return Err(Refusal::BadRequest("must specify a subtype".to_owned()));
    };
    if of_realm || kinds::of(of).is_some() {
        return json(&kinds::of(of).unwrap_or_default().iter().map(component_type).collect::<Vec<_>>());
    }
    let within = components::kinds_within(&admin.services, &admin.caller, realm, id, Some(of)).await?;
    let shown = within.into_iter().map(|kind| ComponentTypeRepresentation {
        id: Some(kind.id.to_owned()),
        help_text: Some(kind.help.to_owned()),
        properties: Some(kind.settings.iter().map(property).collect()),
        ..ComponentTypeRepresentation::default()
    });
    json(&shown.collect::<Vec<_>>())
}

async fn registration_policies(_admin: Admin) -> Answer<Json<Vec<ComponentTypeRepresentation>>> {
    json(&kinds::REGISTRATION_POLICIES.iter().map(component_type).collect::<Vec<_>>())
}
