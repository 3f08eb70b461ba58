//! Protocol mappers below clients and below client scopes: the same routes for two owners.

use actix_web::web::Path;
use model::{
    id::{ClientId, ClientScopeId, MapperId},
    permission::Permission,
    protocol_mapper::{MapperOwner, ProtocolMapper},
};
use representation::ProtocolMapperRepresentation;
use serde::Deserialize;
use services::mappers;

use crate::{
    Routes,
    answers::{Created, Json, NoContent},
    bodies::Body,
    client_scopes,
    errors::Answer,
    kit::{Admin, body, json, no_content},
};

const VIEW: &[Permission] = &[Permission::ViewClients, Permission::ManageClients];
const MANAGE: &[Permission] = &[Permission::ManageClients];

/// The parts of the paths; exactly one of the owners is in each.
#[derive(Deserialize)]
struct Parts {
    client: Option<ClientId>,
    scope: Option<ClientScopeId>,
    mapper: Option<MapperId>,
    protocol: Option<String>,
}

impl Parts {
    fn owner(&self) -> MapperOwner {
        match (&self.client, &self.scope) {
            (Some(client), _) => MapperOwner::Client(client.clone()),
            (None, scope) => MapperOwner::ClientScope(scope.clone().unwrap_or_else(|| ClientScopeId::from(""))),
        }
    }

    fn mapper(&self) -> MapperId {
        self.mapper.clone().unwrap_or_else(|| MapperId::from(""))
    }
}

pub(crate) fn routes(routes: &mut Routes) {
    let scopes = client_scopes::PLACES.map(|place| format!("{place}/{{scope}}"));
    for owner in scopes.iter().map(String::as_str).chain(["/clients/{client}"]) {
        routes.post(&format!("{owner}/protocol-mappers/add-models"), MANAGE, create_many);
        routes.get(&format!("{owner}/protocol-mappers/models"), VIEW, list);
        routes.post(&format!("{owner}/protocol-mappers/models"), MANAGE, create);
        routes.get(&format!("{owner}/protocol-mappers/models/{{mapper}}"), VIEW, get);
        routes.put(&format!("{owner}/protocol-mappers/models/{{mapper}}"), MANAGE, update);
        routes.delete(&format!("{owner}/protocol-mappers/models/{{mapper}}"), MANAGE, delete);
        routes.get(&format!("{owner}/protocol-mappers/protocol/{{protocol}}"), VIEW, list);
    }
}

async fn list(admin: Admin, parts: Path<Parts>) -> Answer<Json<Vec<ProtocolMapperRepresentation>>> {
    let mappers = mappers::list(&admin.services, &admin.caller, admin.realm()?, &parts.owner()).await?;
    let wanted = |mapper: &&ProtocolMapper| parts.protocol.as_ref().is_none_or(|protocol| mapper.protocol == *protocol);
    json(&mappers.iter().filter(wanted).map(ProtocolMapperRepresentation::from).collect::<Vec<_>>())
}

async fn get(admin: Admin, parts: Path<Parts>) -> Answer<Json<ProtocolMapperRepresentation>> {
    let mapper = mappers::get(&admin.services, &admin.caller, admin.realm()?, &parts.owner(), &parts.mapper()).await?;
    json(&ProtocolMapperRepresentation::from(&mapper))
}

async fn create(admin: Admin, parts: Path<Parts>, bytes: Body<ProtocolMapperRepresentation>) -> Answer<Created> {
    let given = vec![body::<ProtocolMapperRepresentation>(&bytes)?];
    let owner = parts.owner();
    let made = mappers::create(&admin.services, &admin.caller, admin.realm()?, &owner, given).await?;
    let id = made.first().map(|mapper| mapper.id.as_str()).unwrap_or_default();
    let (kind, owner) = match &owner {
        MapperOwner::Client(client) => ("clients", client.as_str()),
        MapperOwner::ClientScope(scope) => ("client-scopes", scope.as_str()),
    };
    admin.created(&[kind, owner, "protocol-mappers", "models", id])
}

async fn create_many(
    admin: Admin,
    parts: Path<Parts>,
    bytes: Body<Vec<ProtocolMapperRepresentation>>,
) -> Answer<NoContent> {
    let given: Vec<ProtocolMapperRepresentation> = body(&bytes)?;
    mappers::create(&admin.services, &admin.caller, admin.realm()?, &parts.owner(), given).await?;
    no_content()
}

async fn update(admin: Admin, parts: Path<Parts>, bytes: Body<ProtocolMapperRepresentation>) -> Answer<NoContent> {
    let given = body(&bytes)?;
    mappers::update(&admin.services, &admin.caller, admin.realm()?, &parts.owner(), &parts.mapper(), given).await?;
    no_content()
}

async fn delete(admin: Admin, parts: Path<Parts>) -> Answer<NoContent> {
    mappers::delete(&admin.services, &admin.caller, admin.realm()?, &parts.owner(), &parts.mapper()).await?;
    no_content()
}
