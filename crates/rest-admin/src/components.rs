//! Components.

use actix_web::web::{Bytes, Path, Query};
use model::{id::ComponentId, permission::Permission};
use representation::{ComponentRepresentation, ComponentTypeRepresentation};
use serde::Deserialize;
use services::{components, provider_settings::property, store::components::Filter};

use crate::{
    Routes,
    errors::{Answer, Refusal},
    kit::{Admin, body, json, no_content},
};

const VIEW: &[Permission] = &[Permission::ViewRealm, Permission::ManageRealm];
const MANAGE: &[Permission] = &[Permission::ManageRealm];

pub(crate) fn routes(routes: &mut Routes) {
    routes.get("/components", VIEW, list);
    routes.post("/components", MANAGE, create);
    routes.get("/components/{component}", VIEW, get);
    routes.put("/components/{component}", MANAGE, update);
    routes.delete("/components/{component}", MANAGE, delete);
    routes.get("/components/{component}/sub-component-types", VIEW, sub_component_types);
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

async fn list(admin: Admin, query: Query<ListQuery>) -> Answer {
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

async fn create(admin: Admin, bytes: Bytes) -> Answer {
    let component =
        components::create(&admin.services, &admin.caller, admin.realm()?, body(&bytes)?).await.map_err(refused)?;
    admin.created(&["components", component.id.as_str()])
}

async fn get(admin: Admin, path: Path<(String, ComponentId)>) -> Answer {
    let component = components::get(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    json(&ComponentRepresentation::from(&component))
}

async fn update(admin: Admin, path: Path<(String, ComponentId)>, bytes: Bytes) -> Answer {
    components::update(&admin.services, &admin.caller, admin.realm()?, &path.1, body(&bytes)?)
        .await
        .map_err(refused)?;
    no_content()
}

async fn delete(admin: Admin, path: Path<(String, ComponentId)>) -> Answer {
    components::delete(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    no_content()
}

#[derive(Deserialize)]
struct TypeQuery {
    r#type: Option<String>,
}

async fn sub_component_types(admin: Admin, path: Path<(String, ComponentId)>, query: Query<TypeQuery>) -> Answer {
    let realm = admin.realm()?;
    let wanted = query.r#type.as_deref().filter(|wanted| !wanted.is_empty());
    let kinds = components::kinds_within(&admin.services, &admin.caller, realm, &path.1, wanted).await?;
    let shown = kinds.into_iter().map(|kind| ComponentTypeRepresentation {
        id: Some(kind.id.to_owned()),
        help_text: Some(kind.help.to_owned()),
        properties: Some(kind.settings.iter().map(property).collect()),
        ..ComponentTypeRepresentation::default()
    });
    json(&shown.collect::<Vec<_>>())
}
