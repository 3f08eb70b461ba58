//! Clients, their secrets and their client scopes.

pub(crate) mod certificates;
mod descriptions;
mod evaluation;
mod nodes;

use actix_web::web::{Path, Query};
use model::{
    client_scope::ScopeAssignment,
    id::{ClientId, ClientScopeId},
    permission::Permission,
};
use representation::{ClientRepresentation, ClientScopeRepresentation, CredentialRepresentation, UserRepresentation};
use serde::Deserialize;
use services::{
    What, client_scopes,
    clients::{self, ClientView},
    store::clients::Filter,
};

use crate::{
    Routes,
    answers::{Created, Json, NoContent, Versioned},
    bodies::Body,
    client_scopes::brief,
    errors::{Answer, OrNotFound, Refusal},
    kit::{Admin, Paging, body, json, no_content, versioned},
};

const VIEW: &[Permission] = &[Permission::ViewClients, Permission::ManageClients];
const LIST: &[Permission] = &[Permission::ViewClients, Permission::ManageClients, Permission::QueryClients];
const MANAGE: &[Permission] = &[Permission::ManageClients];

pub(crate) fn routes(routes: &mut Routes) {
    routes.get("/clients", LIST, list);
    routes.post("/clients", MANAGE, create);
    routes.get("/clients/{client}", LIST, get);
    routes.put("/clients/{client}", MANAGE, update);
    routes.delete("/clients/{client}", MANAGE, delete);
    routes.get("/clients/{client}/client-secret", MANAGE, secret);
    routes.post("/clients/{client}/client-secret", MANAGE, regenerate_secret);
    routes.get("/clients/{client}/client-secret/rotated", MANAGE, rotated_secret);
    routes.delete("/clients/{client}/client-secret/rotated", MANAGE, invalidate_rotated_secret);
    routes.get("/clients/{client}/service-account-user", VIEW, service_account_user);
    routes.get("/clients/{client}/default-client-scopes", VIEW, default_scopes);
    routes.put("/clients/{client}/default-client-scopes/{scope}", MANAGE, add_default_scope);
    routes.delete("/clients/{client}/default-client-scopes/{scope}", MANAGE, remove_scope);
    routes.get("/clients/{client}/optional-client-scopes", VIEW, optional_scopes);
    routes.put("/clients/{client}/optional-client-scopes/{scope}", MANAGE, add_optional_scope);
    routes.delete("/clients/{client}/optional-client-scopes/{scope}", MANAGE, remove_scope);
    certificates::routes(routes);
    descriptions::routes(routes);
    evaluation::routes(routes);
    nodes::routes(routes);
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListQuery {
    client_id: Option<String>,
    #[serde(default, deserialize_with = "crate::kit::switch")]
    search: Option<bool>,
    q: Option<String>,
    first: Option<i64>,
    max: Option<i64>,
}

/// Reads Keycloak's attribute search: `key:value` pairs, separated by spaces; either may stand in double quotes.
pub(crate) fn attribute_search(text: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (key, after) = search_word(rest, true);
        let Some(after) = after.strip_prefix(':') else { break };
        let (value, after) = search_word(after, false);
        pairs.push((key, value));
        rest = after.trim_start();
    }
    pairs
}

fn search_word(text: &str, is_key: bool) -> (String, &str) {
    if let Some(quoted) = text.strip_prefix('"')
        && let Some((word, rest)) = quoted.split_once('"')
    {
        return (word.to_owned(), rest);
    }
    let end = text.find(|letter: char| letter.is_whitespace() || (is_key && letter == ':')).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    (word.to_owned(), rest)
}

fn shown(admin: &Admin, view: &ClientView) -> ClientRepresentation {
    let may = |permissions| admin.caller.may(permissions);
    if !may(VIEW) {
        return ClientRepresentation {
            id: Some(view.client.id.0.clone()),
            client_id: Some(view.client.client_id.clone()),
            ..ClientRepresentation::default()
        }
        .with_access(false, false);
    }
    let mut shown = ClientRepresentation::of(&view.client, &view.mappers).with_access(true, may(MANAGE));
    shown.secret = view.secret.as_ref().map(|secret| secret.expose().into());
    shown
}

async fn list(admin: Admin, query: Query<ListQuery>) -> Answer<Json<Vec<ClientRepresentation>>> {
    let query = query.into_inner();
    let paging = Paging::new(query.first, query.max);
    let filter = Filter {
        client_id: query.client_id,
        substring: query.search.unwrap_or(false),
        attributes: query.q.as_deref().map(attribute_search).unwrap_or_default().into_iter().collect(),
        first: paging.first(),
        max: paging.max(),
        ..Filter::default()
    };
    let clients = clients::list(&admin.services, &admin.caller, admin.realm()?, &filter).await?;
    json(&clients.iter().map(|client| shown(&admin, client)).collect::<Vec<_>>())
}

async fn create(admin: Admin, bytes: Body<ClientRepresentation>) -> Answer<Created> {
    let id = clients::create(&admin.services, &admin.caller, admin.realm()?, body(&bytes)?).await?;
    admin.created(&["clients", id.as_str()])
}

async fn get(admin: Admin, path: Path<(String, ClientId)>) -> Answer<Versioned<ClientRepresentation>> {
    let client = clients::get(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    versioned(&shown(&admin, &client), &clients::versioned(&client.client, &client.mappers))
}

async fn update(admin: Admin, path: Path<(String, ClientId)>, bytes: Body<ClientRepresentation>) -> Answer<NoContent> {
    clients::update(&admin.services, &admin.caller, admin.realm()?, &path.1, body(&bytes)?).await?;
    no_content()
}

async fn delete(admin: Admin, path: Path<(String, ClientId)>) -> Answer<NoContent> {
    clients::delete(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    no_content()
}

fn secret_answer(secret: &model::secret::Secret) -> Answer<Json<CredentialRepresentation>> {
    json(&CredentialRepresentation {
        r#type: Some("secret".to_owned()),
        value: Some(secret.expose().into()),
        ..CredentialRepresentation::default()
    })
}

async fn secret(admin: Admin, path: Path<(String, ClientId)>) -> Answer<Json<CredentialRepresentation>> {
    secret_answer(&clients::secret(&admin.services, &admin.caller, admin.realm()?, &path.1).await?)
}

async fn regenerate_secret(admin: Admin, path: Path<(String, ClientId)>) -> Answer<Json<CredentialRepresentation>> {
    secret_answer(&clients::regenerate_secret(&admin.services, &admin.caller, admin.realm()?, &path.1).await?)
}

/// A new secret replaces the old one at once: there is never another one beside it.
async fn rotated_secret(admin: Admin, path: Path<(String, ClientId)>) -> Answer<Json<CredentialRepresentation>> {
    clients::get(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    Err(Refusal::Service(services::Error::NotFound(What::RotatedSecret)))
}

async fn invalidate_rotated_secret(admin: Admin, path: Path<(String, ClientId)>) -> Answer<NoContent> {
    clients::get(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    no_content()
}

async fn service_account_user(admin: Admin, path: Path<(String, ClientId)>) -> Answer<Json<UserRepresentation>> {
    let user = clients::service_account_user(&admin.services, &admin.caller, admin.realm()?, &path.1).await.map_err(
        |error| match error {
            // Keycloak has this one in the other family of errors.
            services::Error::Refused(text) => Refusal::BadRequest(text),
            other => Refusal::Service(other),
        },
    )?;
    json(&UserRepresentation::from(&user))
}

async fn scopes_of(
    admin: &Admin,
    client: &ClientId,
    assignment: ScopeAssignment,
) -> Answer<Json<Vec<ClientScopeRepresentation>>> {
    let scopes = client_scopes::of_client(&admin.services, &admin.caller, admin.realm()?, client, assignment).await?;
    json(&scopes.iter().map(brief).collect::<Vec<_>>())
}

async fn default_scopes(admin: Admin, path: Path<(String, ClientId)>) -> Answer<Json<Vec<ClientScopeRepresentation>>> {
    scopes_of(&admin, &path.1, ScopeAssignment::Default).await
}

async fn optional_scopes(admin: Admin, path: Path<(String, ClientId)>) -> Answer<Json<Vec<ClientScopeRepresentation>>> {
    scopes_of(&admin, &path.1, ScopeAssignment::Optional).await
}

type ScopePath = Path<(String, ClientId, ClientScopeId)>;

async fn assign(admin: Admin, path: ScopePath, assignment: Option<ScopeAssignment>) -> Answer<NoContent> {
    let (_, client, scope) = path.into_inner();
    client_scopes::assign(&admin.services, &admin.caller, admin.realm()?, &client, &scope, assignment)
        .await
        .or_not_found(What::ClientScope, "Client scope not found")?;
    no_content()
}

async fn add_default_scope(admin: Admin, path: ScopePath) -> Answer<NoContent> {
    assign(admin, path, Some(ScopeAssignment::Default)).await
}

async fn add_optional_scope(admin: Admin, path: ScopePath) -> Answer<NoContent> {
    assign(admin, path, Some(ScopeAssignment::Optional)).await
}

async fn remove_scope(admin: Admin, path: ScopePath) -> Answer<NoContent> {
    assign(admin, path, None).await
}

#[cfg(test)]
mod tests {
    use super::attribute_search;

    #[test]
    fn attributes_are_searched_by_pairs() {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(attribute_search("a:b c:d"), [pair("a", "b"), pair("c", "d")]);
        assert_eq!(attribute_search(r#""a b":"c:d" e:f"#), [pair("a b", "c:d"), pair("e", "f")]);
        assert_eq!(attribute_search("url:http://x"), [pair("url", "http://x")]);
        assert!(attribute_search("nothing").is_empty());
    }
}
