//! `evaluate-scopes` of a client: what its tokens would hold.

use actix_web::{
    HttpRequest,
    http::Method,
    web::{Path, Query},
};
use model::id::{ClientId, UserId};
use representation::{ProtocolMapperEvaluationRepresentation, RoleRepresentation};
use serde::Deserialize;
use services::{
    What,
    access::LOOK_INTO,
    evaluation::{self, Example},
};
use url::form_urlencoded;

use super::VIEW;
use crate::{
    Routes,
    errors::{Answer, OrNotFound, Refusal},
    kit::{Admin, json},
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

async fn example(admin: Admin, client: &ClientId, asked: &Asked, what: Example<'_>) -> Answer {
    let Some(user) = asked.user_id.as_deref().filter(|user| !user.is_empty()) else {
        return Err(Refusal::NotFound("No userId provided"));
    };
    let (services, caller, realm) = (&admin.services, &admin.caller, admin.realm()?);
    let user = UserId(user.to_owned());
    let made = evaluation::example(services, caller, realm, client, &user, what, asked.scope.as_deref()).await;
    json(&made.or_not_found(What::User, "No user found")?)
}

async fn access_token(
    admin: Admin,
    path: Path<(String, ClientId)>,
    asked: Query<Asked>,
    request: HttpRequest,
) -> Answer {
    // It may come several times.
    let audiences: Vec<String> = form_urlencoded::parse(request.query_string().as_bytes())
        .filter(|(name, value)| name == "audience" && !value.is_empty())
        .map(|(_, value)| value.into_owned())
        .collect();
    let audiences: Vec<&str> = audiences.iter().map(String::as_str).collect();
    example(admin, &path.1, &asked, Example::AccessToken(&audiences)).await
}

async fn id_token(admin: Admin, path: Path<(String, ClientId)>, asked: Query<Asked>) -> Answer {
    example(admin, &path.1, &asked, Example::IdToken).await
}

async fn userinfo(admin: Admin, path: Path<(String, ClientId)>, asked: Query<Asked>) -> Answer {
    example(admin, &path.1, &asked, Example::UserInfo).await
}

async fn mappers(admin: Admin, path: Path<(String, ClientId)>, asked: Query<Asked>) -> Answer {
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

async fn roles(admin: Admin, path: ContainerPath, asked: Query<Asked>, granted: bool) -> Answer {
    let (_, client, container) = path.into_inner();
    let (realm, scope) = (admin.realm()?, asked.scope.as_deref().unwrap_or_default());
    let (services, caller) = (&admin.services, &admin.caller);
    let roles = evaluation::roles(services, caller, realm, &client, &container, scope, granted).await?;
    json(&roles.iter().map(|role| RoleRepresentation::brief(role, realm)).collect::<Vec<_>>())
}

async fn granted(admin: Admin, path: ContainerPath, asked: Query<Asked>) -> Answer {
    roles(admin, path, asked, true).await
}

async fn not_granted(admin: Admin, path: ContainerPath, asked: Query<Asked>) -> Answer {
    roles(admin, path, asked, false).await
}
