//! Addresses of the routes that are declared, with things that are there in the places of names.

use reqwest::Method;
use rest_admin::routes::Declared;

use crate::http::support::{World, field, r};

/// Real ids in the places of names, so that handlers are reached.
pub async fn filled(world: &World, declared: &Declared) -> String {
    let mut path = declared.path.clone();
    for (name, value) in [
        ("realm", "acme"),
        ("role", "offline_access"),
        ("flow_alias", "browser"),
        ("action", "UPDATE_PASSWORD"),
        ("alias", "corp"),
    ] {
        path = path.replace(&format!("{{{name}}}"), value);
    }
    // Only what the path names is looked up: there are hundreds of routes.
    for (name, list) in [
        ("client", "/clients?clientId=registry"),
        ("role_id", "/roles?search=offline_access"),
        ("user", "/users"),
        ("group", "/groups"),
        ("scope", "/client-scopes"),
        ("component", "/components"),
        ("flow", "/authentication/flows"),
        ("execution", "/authentication/flows/browser/executions"),
    ] {
        let place = format!("{{{name}}}");
        if path.contains(&place) {
            let list = world.admin.read(&r(list)).await;
            path = path.replace(&place, field(&list, "id").first().copied().unwrap_or_default());
        }
    }
    while let Some((before, rest)) = path.split_once('{') {
        path = format!("{before}nothing{}", rest.split_once('}').unwrap().1);
    }
    path
}

/// The method of a route.
pub fn method(declared: &Declared) -> Method {
    Method::from_bytes(declared.method.as_str().as_bytes()).unwrap()
}
