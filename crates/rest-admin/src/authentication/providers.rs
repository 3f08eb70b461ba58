//! What flows can be made of.

use std::collections::BTreeMap;

use actix_web::web::Path;
use representation::{
    AuthenticatorConfigInfoRepresentation, AuthenticatorProviderRepresentation, ConfigPropertyRepresentation,
};
use services::{
    Error, What,
    authentication::authenticators::{self, Authenticator, Role},
    provider_settings::property,
};

use super::VIEW;
use crate::{
    Routes,
    answers::Json,
    errors::Answer,
    kit::{Admin, json},
};

pub fn routes(routes: &mut Routes) {
    routes.get("/authentication/authenticator-providers", VIEW, of_users);
    routes.get("/authentication/client-authenticator-providers", VIEW, of_clients);
    routes.get("/authentication/form-providers", VIEW, forms);
    routes.get("/authentication/form-action-providers", VIEW, form_actions);
    routes.get("/authentication/config-description/{authenticator}", VIEW, description);
    routes.get("/authentication/per-client-config-description", VIEW, per_client);
}

fn listed(authenticator: &Authenticator) -> AuthenticatorProviderRepresentation {
    AuthenticatorProviderRepresentation {
        id: Some(authenticator.id.to_owned()),
        description: Some(authenticator.help.to_owned()),
        display_name: Some(authenticator.name.to_owned()),
        supports_secret: match authenticator.role {
            Role::Client(secret) => Some(secret),
            Role::User | Role::Form | Role::FormAction => None,
        },
    }
}

fn list(of: impl Fn(Role) -> bool) -> Answer<Json<Vec<AuthenticatorProviderRepresentation>>> {
    json(&authenticators::all().filter(|one| of(one.role)).map(listed).collect::<Vec<_>>())
}

async fn of_users(_: Admin) -> Answer<Json<Vec<AuthenticatorProviderRepresentation>>> {
    list(|role| role == Role::User)
}

async fn of_clients(_: Admin) -> Answer<Json<Vec<AuthenticatorProviderRepresentation>>> {
    list(|role| matches!(role, Role::Client(_)))
}

async fn forms(_: Admin) -> Answer<Json<Vec<AuthenticatorProviderRepresentation>>> {
    list(|role| role == Role::Form)
}

async fn form_actions(_: Admin) -> Answer<Json<Vec<AuthenticatorProviderRepresentation>>> {
    list(|role| role == Role::FormAction)
}

async fn description(_: Admin, path: Path<(String, String)>) -> Answer<Json<AuthenticatorConfigInfoRepresentation>> {
    let authenticator = authenticators::find(&path.1).ok_or(Error::NotFound(What::Authenticator))?;
    json(&AuthenticatorConfigInfoRepresentation {
        name: Some(authenticator.name.to_owned()),
        provider_id: Some(authenticator.id.to_owned()),
        help_text: Some(authenticator.help.to_owned()),
        properties: Some(authenticator.settings.iter().map(property).collect()),
    })
}

/// What clients say for themselves about how they are identified: nothing, with any authenticator.
async fn per_client(_: Admin) -> Answer<Json<BTreeMap<&'static str, Vec<ConfigPropertyRepresentation>>>> {
    let of_clients = authenticators::all().filter(|one| matches!(one.role, Role::Client(_)));
    let properties = of_clients.map(|one| (one.id, Vec::<ConfigPropertyRepresentation>::new()));
    json(&properties.collect::<BTreeMap<_, _>>())
}
