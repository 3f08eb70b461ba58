//! `evaluate-scopes` of a client: what its tokens would hold.

use std::{
    convert::Infallible,
    future::{Ready, ready},
};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::Method,
    web::{Path, Query},
};
use model::id::{ClientId, UserId};
use representation::{Described, ProtocolMapperEvaluationRepresentation, RoleRepresentation, Schemas};
use serde::Deserialize;
use serde_json::Value;
use services::{
    What,
    access::LOOK_INTO,
    evaluation::{self, Example},
};
use url::form_urlencoded;

use super::VIEW;
use crate::{
    Routes,
    answers::Json,
    errors::{Answer, OrNotFound, Refusal},
    kit::{Admin, json},
    openapi::{Describing, Takes},
    routes::Rule,
};

pub(super) fn routes(routes: &mut Routes) {
    let path = "/clients/{client}/evaluate-scopes";
    let below = format!("/realms/{{realm}}{path}/generate-example");
    routes.add(Method::GET, &format!("{below}-access-token"), Rule::Each(LOOK_INTO), access_token);
    routes.add(Method::GET, &format!("{below}-id-token"), Rule::Each(LOOK_INTO), id_token);
    routes.add(Method::GET, &format!("{below}-userinfo"), Rule::Each(LOOK_INTO), userinfo);
    routes.get(&format!("{path}/protocol-mappers"), VIEW, mappers);
    routes.get(&format!("{path}/scope-mappings/{{container}}/granted"), VIEW, granted);
    routes.get(&format!("{path}/scope-mappings/{{container}}/not-granted"), VIEW, not_granted);
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    scope: Option<String>,
    user_id: Option<String>,
}

async fn example(admin: Admin, client: &ClientId, asked: &Asked, what: Example<'_>) -> Answer<Json<Value>> {
    let Some(user) = asked.user_id.as_deref().filter(|user| !user.is_empty()) else {
        return Err(Refusal::NotFound("No userId provided".into()));
    };
    let (services, caller, realm) = (&admin.services, &admin.caller, admin.realm()?);
    let user = UserId(user.to_owned());
    let made = evaluation::example(services, caller, realm, client, &user, what, asked.scope.as_deref()).await;
    json(&made.or_not_found(What::User, "No user found")?)
}

/// The audiences that a query asks for: it may come several times.
struct Audiences(Vec<String>);

impl FromRequest for Audiences {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pairs = form_urlencoded::parse(request.query_string().as_bytes());
        let given = pairs.filter(|(name, value)| name == "audience" && !value.is_empty());
        ready(Ok(Self(given.map(|(_, value)| value.into_owned()).collect())))
    }
}

impl Takes for Audiences {
    fn describe(describing: &mut Describing<'_>) {
        describing.asks("audience", Vec::<String>::schema(&mut Schemas::default()));
    }
}

async fn access_token(
    admin: Admin,
    path: Path<(String, ClientId)>,
    asked: Query<Asked>,
    Audiences(audiences): Audiences,
) -> Answer<Json<Value>> {
    let audiences: Vec<&str> = audiences.iter().map(String::as_str).collect();
    example(admin, &path.1, &asked, Example::AccessToken(&audiences)).await
}

async fn id_token(admin: Admin, path: Path<(String, ClientId)>, asked: Query<Asked>) -> Answer<Json<Value>> {
    example(admin, &path.1, &asked, Example::IdToken).await
}

async fn userinfo(admin: Admin, path: Path<(String, ClientId)>, asked: Query<Asked>) -> Answer<Json<Value>> {
    example(admin, &path.1, &asked, Example::UserInfo).await
}

async fn mappers(
    admin: Admin,
    path: Path<(String, ClientId)>,
    asked: Query<Asked>,
) -> Answer<Json<Vec<ProtocolMapperEvaluationRepresentation>>> {
    let scope = asked.scope.as_deref().unwrap_or_default();
    let applying = evaluation::mappers(&admin.services, &admin.caller, admin.realm()?, &path.1, scope).await?;
    let shown = applying.into_iter().map(|one| ProtocolMapperEvaluationRepresentation {
        mapper_id: Some(one.mapper.id.0),
        mapper_name: Some(one.mapper.name),
        container_id: Some(one.container),
        container_name: Some(one.container_name),
        container_type: Some(if one.of_scope { "client-scope" } else { "client" }.to_owned()),
        protocol_mapper: Some(one.mapper.kind),
    });
    json(&shown.collect::<Vec<_>>())
}

type ContainerPath = Path<(String, ClientId, String)>;

async fn roles(
    admin: Admin,
    path: ContainerPath,
    asked: Query<Asked>,
    granted: bool,
) -> Answer<Json<Vec<RoleRepresentation>>> {
    let (_, client, container) = path.into_inner();
    let (realm, scope) = (admin.realm()?, asked.scope.as_deref().unwrap_or_default());
    let (services, caller) = (&admin.services, &admin.caller);
    let roles = evaluation::roles(services, caller, realm, &client, &container, scope, granted).await?;
    json(&roles.iter().map(|role| RoleRepresentation::brief(role, realm)).collect::<Vec<_>>())
}

async fn granted(admin: Admin, path: ContainerPath, asked: Query<Asked>) -> Answer<Json<Vec<RoleRepresentation>>> {
    roles(admin, path, asked, true).await
}

async fn not_granted(admin: Admin, path: ContainerPath, asked: Query<Asked>) -> Answer<Json<Vec<RoleRepresentation>>> {
    roles(admin, path, asked, false).await
}
