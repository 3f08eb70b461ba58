//! Sessions, offline sessions (identity tokens among them) and consents.

use actix_web::web::{Path, Query};
use model::{
    clock::epoch_millis,
    id::{ClientId, SessionId, UserId},
    permission::Permission,
};
use representation::{GlobalRequestResult, GrantedConsent, StringMap, UserSessionRepresentation};
use serde::Deserialize;
use services::{
    What,
    consents::{self, Granted},
    sessions::{self, Offline},
};

use crate::{
    Routes,
    answers::{Json, NoContent},
    errors::{Answer, OrNotFound, Refusal},
    kit::{Admin, Count, Paging, count_of, json, no_content},
    roles::query::{Flag, is_true},
    users::{MANAGE, VIEW, user_in},
};

const VIEW_CLIENTS: &[Permission] = &[Permission::ViewClients, Permission::ManageClients];
const VIEW_REALM: &[Permission] = &[Permission::ViewRealm, Permission::ManageRealm];
const MANAGE_REALM: &[Permission] = &[Permission::ManageRealm];

/// How many sessions are given where a request doesn't say.
const USUAL: i64 = 100;

pub(crate) fn routes(routes: &mut Routes) {
    routes.get("/client-session-stats", VIEW_REALM, count_by_client);
    routes.get("/clients/{client}/session-count", VIEW_CLIENTS, count_of_client);
    routes.get("/clients/{client}/user-sessions", VIEW_CLIENTS, of_client);
    routes.get("/clients/{client}/offline-session-count", VIEW_CLIENTS, count_offline_of_client);
    routes.get("/clients/{client}/offline-sessions", VIEW_CLIENTS, offline_of_client);
    routes.post("/logout-all", MANAGE, logout_all);
    routes.post("/push-revocation", MANAGE_REALM, push_revocation);
    routes.delete("/sessions/{session}", MANAGE, remove);
    routes.get("/users/{user}/sessions", VIEW, of_user);
    routes.get("/users/{user}/offline-sessions/{client}", VIEW, offline_of_user);
    routes.post("/users/{user}/logout", MANAGE, logout);
    routes.get("/users/{user}/consents", VIEW, list_consents);
    routes.delete("/users/{user}/consents/{client}", MANAGE, revoke_consent);
}

fn client_in(path: Path<(String, String)>) -> ClientId {
    ClientId(path.into_inner().1)
}

fn shown(offline: &Offline) -> Vec<UserSessionRepresentation> {
    let sessions = offline.sessions.iter().map(UserSessionRepresentation::from);
    let tokens = offline
        .identity_tokens
        .iter()
        .map(|listed| UserSessionRepresentation::of_identity_token(&listed.token, &listed.username, &listed.client_id));
    sessions.chain(tokens).collect()
}

async fn count_by_client(admin: Admin) -> Answer<Json<Vec<StringMap>>> {
    let counts = sessions::count_by_client(&admin.services, &admin.caller, admin.realm()?).await?;
    let shown = counts.iter().map(|count| {
        let (active, offline) = (count.sessions.to_string(), count.offline.to_string());
        let facts = [("id", count.id.0.clone()), ("clientId", count.client_id.clone()), ("active", active)];
        facts.into_iter().chain([("offline", offline)]).map(|(name, text)| (name.to_owned(), text)).collect()
    });
    json(&shown.collect::<Vec<_>>())
}

async fn count_of_client(admin: Admin, path: Path<(String, String)>) -> Answer<Json<Count>> {
    let client = client_in(path);
    let count = sessions::count_of_client(&admin.services, &admin.caller, admin.realm()?, &client).await?;
    count_of(count)
}

async fn count_offline_of_client(admin: Admin, path: Path<(String, String)>) -> Answer<Json<Count>> {
    let (realm, client) = (admin.realm()?, client_in(path));
    let count = sessions::count_offline_of_client(&admin.services, &admin.caller, realm, &client).await?;
    count_of(count)
}

async fn of_client(
    admin: Admin,
    path: Path<(String, String)>,
    paging: Query<Paging>,
) -> Answer<Json<Vec<UserSessionRepresentation>>> {
    let (realm, client) = (admin.realm()?, client_in(path));
    let (first, max) = (paging.first(), paging.max_or(USUAL));
    let found = sessions::of_client(&admin.services, &admin.caller, realm, &client, first, max).await?;
    json(&found.iter().map(UserSessionRepresentation::from).collect::<Vec<_>>())
}

async fn offline_of_client(
    admin: Admin,
    path: Path<(String, String)>,
    paging: Query<Paging>,
) -> Answer<Json<Vec<UserSessionRepresentation>>> {
    let (realm, client) = (admin.realm()?, client_in(path));
    let (first, max) = (paging.first(), paging.max_or(USUAL));
    let found = sessions::offline_of_client(&admin.services, &admin.caller, realm, &client, first, max).await?;
    json(&shown(&found))
}

async fn logout_all(admin: Admin) -> Answer<Json<GlobalRequestResult>> {
    sessions::logout_all(&admin.services, &admin.caller, admin.realm()?).await?;
    json(&GlobalRequestResult::default())
}

/// Nobody has to be told about a realm's `notBefore`: it is read with every token.
async fn push_revocation(_admin: Admin) -> Answer<Json<GlobalRequestResult>> {
    json(&GlobalRequestResult::default())
}

/// Which kind of session is meant.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Which {
    is_offline: Option<Flag>,
}

async fn remove(admin: Admin, path: Path<(String, String)>, which: Query<Which>) -> Answer<NoContent> {
    let (realm, id) = (admin.realm()?, SessionId(path.into_inner().1));
    sessions::remove(&admin.services, &admin.caller, realm, &id, is_true(which.is_offline, false)).await?;
    no_content()
}

async fn of_user(admin: Admin, path: Path<(String, String)>) -> Answer<Json<Vec<UserSessionRepresentation>>> {
    let found = sessions::of_user(&admin.services, &admin.caller, admin.realm()?, &user_in(path)).await?;
    json(&found.iter().map(UserSessionRepresentation::from).collect::<Vec<_>>())
}

async fn offline_of_user(
    admin: Admin,
    path: Path<(String, String, String)>,
) -> Answer<Json<Vec<UserSessionRepresentation>>> {
    let (_, user, client) = path.into_inner();
    let (user, client) = (UserId(user), ClientId(client));
    let found = sessions::offline_of_user(&admin.services, &admin.caller, admin.realm()?, &user, &client)
        .await
        .or_not_found(What::Client, "Client not found")?;
    json(&shown(&found))
}

async fn logout(admin: Admin, path: Path<(String, String)>) -> Answer<NoContent> {
    sessions::logout(&admin.services, &admin.caller, admin.realm()?, &user_in(path)).await?;
    no_content()
}

/// A consent, with Keycloak's note about a client that goes on without the user.
fn shown_consent(granted: &Granted) -> GrantedConsent {
    let note = [("client", granted.client.as_str()), ("key", "Offline Token")];
    let note = || note.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let consent = granted.consent.as_ref();
    GrantedConsent {
        client_id: Some(granted.client_id.clone()),
        granted_client_scopes: Some(consent.map(|consent| consent.scopes.clone()).unwrap_or_default()),
        created_date: consent.map(|consent| epoch_millis(consent.created)),
        last_updated_date: consent.map(|consent| epoch_millis(consent.updated)),
        additional_grants: Some(granted.offline.then(note).into_iter().collect()),
    }
}

async fn list_consents(admin: Admin, path: Path<(String, String)>) -> Answer<Json<Vec<GrantedConsent>>> {
    let granted = consents::list(&admin.services, &admin.caller, admin.realm()?, &user_in(path)).await?;
    json(&granted.iter().map(shown_consent).collect::<Vec<_>>())
}

async fn revoke_consent(admin: Admin, path: Path<(String, String, String)>) -> Answer<NoContent> {
    let (_, user, client_id) = path.into_inner();
    let user = UserId(user);
    let revoked = consents::revoke(&admin.services, &admin.caller, admin.realm()?, &user, &client_id)
        .await
        .or_not_found(What::Client, "Client not found")?;
    if revoked { no_content() } else { Err(Refusal::NotFound("Consent nor offline token not found".into())) }
}
