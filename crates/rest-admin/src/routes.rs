//! The table of admin routes. Each declares the permissions of which a caller needs at least one.

use std::any::type_name;

use actix_web::{FromRequest, Handler, Resource, Responder, guard, http::Method, web};
use model::permission::Permission;

use crate::{
    authentication, brute_force, caches, client_policies, client_scopes, clients, components, console, docker, events,
    feature_off, federated_identities, groups, identity_providers, imports, initial_access, installation, keys,
    localization, mappers, openapi,
    openapi::{Describing, Gives, Takes},
    realms, role_mappings, roles, scope_mappings, server_info, sessions, user_storage, users, webhooks,
};

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Whoever holds one of these permissions on the realm in the path.
    AnyOf(&'static [Permission]),
    /// Whoever holds one permission of each of these sets.
    Each(&'static [&'static [Permission]]),
    /// Whoever holds any permission at all on the realm in the path.
    AnyPermission,
    /// Whoever may make realms.
    CreateRealm,
    /// Whoever has a good token: the service shows each what they may see.
    Authenticated,
}

/// A route as declared.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The method.
    pub method: Method,
    /// The path below `/admin`, with actix's `{names}`.
    pub path: String,
    /// Who may call it.
    pub rule: Rule,
    /// The handler's name.
    pub handler: &'static str,
    /// Adds what the handler takes and gives to its description.
    pub describe: fn(&mut Describing<'_>),
}

/// Collects routes. A path with a literal segment comes before one with a name in its place.
pub struct Routes {
    declared: Vec<Declared>,
    resources: Vec<(String, Resource)>,
}

impl Routes {
    fn new() -> Self {
        Self { declared: Vec::new(), resources: Vec::new() }
    }

    /// Adds a route below `/admin`.
    pub fn add<F, Args>(&mut self, method: Method, path: &str, rule: Rule, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + Takes + 'static,
        F::Output: Responder + Gives + 'static,
    {
        // The rule travels with the request, to be judged where the caller is known: see `kit::Admin`.
        let with_rule = guard::fn_guard(move |context| {
            context.req_data_mut().insert(rule);
            true
        });
        let route = web::method(method.clone()).guard(with_rule).to(handler);
        let describe = |describing: &mut Describing<'_>| {
            Args::describe(describing);
            F::Output::describe(describing);
        };
        let handler = type_name::<F>();
        self.declared.push(Declared { method, path: path.to_owned(), rule, handler, describe });
        match self.resources.iter().position(|(known, _)| known == path) {
            Some(at) => {
                let (known, resource) = self.resources.remove(at);
                self.resources.insert(at, (known, resource.route(route)));
            }
            None => self.resources.push((path.to_owned(), web::resource(path).route(route))),
        }
    }
}

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident $method:ident)*) => {
        impl Routes {$(
            $(#[$doc])*
            pub fn $name<F, Args>(&mut self, path: &str, permissions: &'static [Permission], handler: F)
            where
                F: Handler<Args>,
                Args: FromRequest + Takes + 'static,
                F::Output: Responder + Gives + 'static,
            {
                self.add(Method::$method, &format!("/realms/{{realm}}{path}"), Rule::AnyOf(permissions), handler);
            }
        )*}
    };
}

methods! {
    /// A route that reads, below `/admin/realms/{realm}`.
    get GET
    /// A route that creates or acts, below `/admin/realms/{realm}`.
    post POST
    /// A route that replaces or updates, below `/admin/realms/{realm}`.
    put PUT
    /// A route that removes, below `/admin/realms/{realm}`.
    delete DELETE
}

fn table() -> Routes {
    let mut routes = Routes::new();
    for declare in [
        openapi::routes,
        server_info::routes,
        realms::routes,
        imports::routes,
        clients::routes,
        initial_access::routes,
        client_scopes::routes,
        mappers::routes,
        docker::routes,
        installation::routes,
        roles::routes,
        users::routes,
        sessions::routes,
        groups::routes,
        role_mappings::routes,
        scope_mappings::routes,
        components::routes,
        keys::routes,
        events::routes,
        webhooks::routes,
        brute_force::routes,
        caches::routes,
        authentication::routes,
        identity_providers::routes,
        federated_identities::routes,
        user_storage::routes,
        localization::routes,
        client_policies::routes,
        console::routes,
        feature_off::routes,
    ] {
        declare(&mut routes);
    }
    routes
}

/// Mounts the admin API below the scope that it is given, usually `/admin`.
pub fn configure(config: &mut web::ServiceConfig) {
    for (_, resource) in table().resources {
        config.service(resource);
    }
}

/// Every route with its rule, for tests and documentation.
#[must_use]
pub fn declared() -> Vec<Declared> {
    table().declared
}
