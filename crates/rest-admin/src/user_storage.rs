//! User stores outside of the realm, and the tests of directories and mail servers.

use actix_web::{
    HttpRequest,
    http::header::CONTENT_TYPE,
    web::{Bytes, Path, Query},
};
use model::{id::ComponentId, permission::Permission};
use representation::{Representation, TextMap};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json as object;
use services::{mail, user_storage};

use crate::{
    Routes,
    errors::{Answer, Refusal},
    kit::{Admin, body, json, no_content},
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

async fn name(admin: Admin, path: ComponentPath) -> Answer {
    let name = user_storage::name(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    json(&object!({"id": path.1.as_str(), "name": name}))
}

#[derive(Deserialize)]
struct Action {
    action: Option<String>,
}

async fn synchronize(admin: Admin, path: ComponentPath, query: Query<Action>) -> Answer {
    let action = query.action.as_deref();
    user_storage::synchronize(&admin.services, &admin.caller, admin.realm()?, &path.1, action).await?;
    no_content()
}

async fn forget_imported(admin: Admin, path: ComponentPath) -> Answer {
    user_storage::forget_imported(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    no_content()
}

async fn synchronize_mapper(admin: Admin, path: Path<(String, ComponentId, ComponentId)>) -> Answer {
    let (_, store, mapper) = path.into_inner();
    user_storage::synchronize_mapper(&admin.services, &admin.caller, admin.realm()?, &store, &mapper).await?;
    no_content()
}

/// Reads settings that come as JSON or, from older clients, as a form.
fn settings<T: DeserializeOwned + Representation>(request: &HttpRequest, bytes: &Bytes) -> Result<T, Refusal> {
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !media_type.trim_start().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        return body(bytes);
    }
    let pairs = Query::<Vec<(String, String)>>::from_query(&String::from_utf8_lossy(bytes))
        .map_err(|error| {
            tracing::debug!(%error, "a form that can't be read");
            Refusal::BadRequest("HTTP 400 Bad Request".to_owned())
        })?
        .into_inner();
    let fields: serde_json::Map<_, _> = pairs.into_iter().map(|(name, value)| (name, value.into())).collect();
    body(&Bytes::from(serde_json::Value::Object(fields).to_string()))
}

async fn test_directory(admin: Admin, request: HttpRequest, bytes: Bytes) -> Answer {
    let given = settings(&request, &bytes)?;
    user_storage::test(&admin.services, &admin.caller, admin.realm()?, given).await?;
    no_content()
}

async fn capabilities(admin: Admin, request: HttpRequest, bytes: Bytes) -> Answer {
    let given = settings(&request, &bytes)?;
    json(&user_storage::capabilities(&admin.services, &admin.caller, admin.realm()?, given).await?)
}

async fn test_mail(admin: Admin, request: HttpRequest, bytes: Bytes) -> Answer {
    let TextMap(given) = settings(&request, &bytes)?;
    mail::test(&admin.services, &admin.caller, admin.realm()?, &given).await?;
    no_content()
}
