//! Roles of realms and clients, addressed by name or by id.

mod composites;
mod holders;
pub(crate) mod query;

use actix_web::web::{Path, Query};
use model::{
    id::{ClientId, RoleId},
    permission::Permission,
    role::RoleContainer,
};
use representation::RoleRepresentation;
use serde::Deserialize;
use services::roles::{self, Address};

use crate::{
    Routes,
    answers::{Created, Json, NoContent, Versioned},
    bodies::Body,
    errors::{Answer, Refusal},
    kit::{Admin, body, json, no_content, versioned},
};
use query::{ListQuery, is_true};

const REALM_VIEW: &[Permission] = &[Permission::ViewRealm, Permission::ManageRealm];
const REALM_MANAGE: &[Permission] = &[Permission::ManageRealm];
const CLIENT_VIEW: &[Permission] = &[Permission::ViewClients, Permission::ManageClients];
const CLIENT_MANAGE: &[Permission] = &[Permission::ManageClients];
/// Which of these a caller needs depends on where the role is defined: the service looks.
const EITHER_VIEW: &[Permission] =
    &[Permission::ViewRealm, Permission::ManageRealm, Permission::ViewClients, Permission::ManageClients];
const EITHER_MANAGE: &[Permission] = &[Permission::ManageRealm, Permission::ManageClients];

/// The parts of a path that say which role, or whose roles, a request is about.
#[derive(Debug, Deserialize)]
struct Place {
    client: Option<String>,
    role: Option<String>,
    role_id: Option<String>,
    part_client: Option<String>,
}

impl Place {
    fn container(&self) -> RoleContainer {
        match &self.client {
            None => RoleContainer::Realm,
            Some(client) => RoleContainer::Client(ClientId(client.clone())),
        }
    }

    fn address(&self) -> Address {
        match &self.role_id {
            Some(id) => Address::Id(RoleId(id.clone())),
            None => Address::Name(self.container(), self.role.clone().unwrap_or_default()),
        }
    }
}

pub(crate) fn routes(routes: &mut Routes) {
    for (path, view, manage) in
        [("/roles", REALM_VIEW, REALM_MANAGE), ("/clients/{client}/roles", CLIENT_VIEW, CLIENT_MANAGE)]
    {
        routes.get(path, view, list);
        routes.post(path, manage, create);
    }
    holders::routes(routes);
    for (path, view, manage) in [
        ("/roles/{role}", REALM_VIEW, REALM_MANAGE),
        ("/clients/{client}/roles/{role}", CLIENT_VIEW, CLIENT_MANAGE),
        ("/roles-by-id/{role_id}", EITHER_VIEW, EITHER_MANAGE),
    ] {
        composites::routes(routes, path, view, manage);
        routes.get(path, view, get);
        routes.put(path, manage, update);
        routes.delete(path, manage, delete);
    }
}

async fn list(admin: Admin, place: Path<Place>, query: Query<ListQuery>) -> Answer<Json<Vec<RoleRepresentation>>> {
    let Admin { services, caller, .. } = &admin;
    let realm = admin.realm()?;
    let (first, max) = query.page_if_whole();
    let found = roles::list(services, caller, realm, &place.container(), query.search(), first, max).await?;
    let shown =
        if is_true(query.brief_representation, true) { RoleRepresentation::brief } else { RoleRepresentation::full };
    json(&found.iter().map(|role| shown(role, realm)).collect::<Vec<_>>())
}

async fn create(admin: Admin, place: Path<Place>, bytes: Body<RoleRepresentation>) -> Answer<Created> {
    let given: RoleRepresentation = body(&bytes)?;
    if given.name.as_ref().is_none_or(|name| name.trim().is_empty()) {
        return Err(Refusal::BadRequest("role has no name".to_owned()));
    }
    let role = roles::create(&admin.services, &admin.caller, admin.realm()?, place.container(), given).await?;
    match &place.client {
        None => admin.created(&["roles", &role.name]),
        Some(client) => admin.created(&["clients", client, "roles", &role.name]),
    }
}

async fn get(admin: Admin, place: Path<Place>) -> Answer<Versioned<RoleRepresentation>> {
    let realm = admin.realm()?;
    let role = roles::get(&admin.services, &admin.caller, realm, &place.address()).await?;
    versioned(&RoleRepresentation::full(&role, realm), &role)
}

async fn update(admin: Admin, place: Path<Place>, bytes: Body<RoleRepresentation>) -> Answer<NoContent> {
    roles::update(&admin.services, &admin.caller, admin.realm()?, &place.address(), body(&bytes)?).await?;
    no_content()
}

async fn delete(admin: Admin, place: Path<Place>) -> Answer<NoContent> {
    roles::delete(&admin.services, &admin.caller, admin.realm()?, &place.address()).await?;
    no_content()
}

#[cfg(test)]
mod tests {
    use actix_web::{App, test, web};

    use super::*;

    #[actix_web::test]
    async fn a_path_says_which_role_is_meant() {
        async fn echo(place: Path<Place>) -> String {
            format!("{:?} {:?}", place.address(), place.part_client)
        }
        let app = test::init_service(
            App::new()
                .route("/{realm}/roles/{role}", web::get().to(echo))
                .route("/{realm}/clients/{client}/roles/{role}/composites/clients/{part_client}", web::get().to(echo))
                .route("/{realm}/roles-by-id/{role_id}", web::get().to(echo)),
        )
        .await;
        for (path, expected) in [
            ("/r/roles/a%2Fb%20c", r#"Name(Realm, "a/b c") None"#),
            ("/r/clients/one/roles/x/composites/clients/two", r#"Name(Client(ClientId("one")), "x") Some("two")"#),
            ("/r/roles-by-id/7", r#"Id(RoleId("7")) None"#),
        ] {
            let request = test::TestRequest::get().uri(path).to_request();
            assert_eq!(test::call_and_read_body(&app, request).await, expected);
        }
    }
}
