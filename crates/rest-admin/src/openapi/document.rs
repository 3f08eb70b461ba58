//! The whole document.

use actix_web::http::Method;
use model::permission::Permission;
use representation::{Described, ErrorMessage, ErrorText, KEYCLOAK_VERSION, OAuthError, SchemaRef, Schemas};
use utoipa::openapi::{
    Components, Content, HttpMethod, Info, OpenApi, PathItem, Paths, Ref, RefOr, Required, Response,
    SecurityRequirement,
    path::{Operation, ParameterIn},
    schema::AnyOfBuilder,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use super::{Describing, JSON, text};
use crate::{
    routes::{Declared, Rule},
    versions,
};

const ABOUT: &str = "Every operation of this server's Admin API, which is Keycloak's. It is made of the table of routes that \
     the server answers by. Schemas say what is answered, and what to send: beside that, null means \"not said\", and \
     booleans, numbers and texts are taken in each other's form where the meaning is plain (`\"true\"`, `\"5\"`). Other \
     properties than those named are refused. Every address answers `OPTIONS` as browsers ask before a request.";

/// The name of how callers say who they are.
const TOKEN: &str = "accessToken";

/// A refusal that operations share: the status, a name, what it means, and its form.
type Shared = (&'static str, &'static str, &'static str, fn(&mut Schemas) -> SchemaRef);

const REFUSALS: &[Shared] = &[
    ("400", "Refused", "Something in the request can't be read, or a rule doesn't allow it.", any_error),
    ("401", "NotAuthenticated", "There is no access token, or none that is good.", ErrorText::schema),
    ("403", "NotAllowed", "The caller lacks the permission.", ErrorText::schema),
    ("404", "NotFound", "Something that the address or the body names is not there.", any_error),
    ("409", "Conflict", "Something else has the name already.", ErrorMessage::schema),
    ("412", "NotAsSeen", "It is another version by now than `If-Match` names.", ErrorText::schema),
    ("413", "TooLarge", "The body is too large.", ErrorText::schema),
    ("503", "Busy", "The server is busy, or its database can't be reached. Ask again in a moment.", OAuthError::schema),
];

fn any_error(schemas: &mut Schemas) -> SchemaRef {
    let of = [ErrorText::schema(schemas), ErrorMessage::schema(schemas), OAuthError::schema(schemas)];
    of.into_iter().fold(AnyOfBuilder::new(), AnyOfBuilder::item).into()
}

/// Describes these routes.
#[must_use]
pub fn document(routes: &[Declared]) -> OpenApi {
    let mut schemas = Schemas::default();
    let mut components = Components::default();
    for (_, name, meaning, schema) in REFUSALS {
        let mut refusal = Response::new(*meaning);
        refusal.content.insert(JSON.to_owned(), RefOr::T(Content::new(Some(schema(&mut schemas)))));
        components.responses.insert((*name).to_owned(), RefOr::T(refusal));
    }
    let mut paths = Paths::new();
    for route in routes {
        let (path, _) = template(&route.path);
        let item = PathItem::new(method(&route.method), operation(route, &mut schemas));
        paths.paths.entry(path).or_default().merge_operations(item);
    }
    components.schemas = schemas.into_inner().into_iter().map(|(name, of)| (name.to_owned(), RefOr::T(of))).collect();
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    components.add_security_scheme(TOKEN, SecurityScheme::Http(token));
    let mut info = Info::new("Portcullis Admin API", KEYCLOAK_VERSION);
    info.description = Some(ABOUT.to_owned());
    let mut document = OpenApi::new(info, paths);
    document.components = Some(components);
    document.security = Some(vec![SecurityRequirement::new(TOKEN, Vec::<String>::new())]);
    document
}

/// The table knows no other methods than these.
fn method(method: &Method) -> HttpMethod {
    match *method {
        Method::POST => HttpMethod::Post,
        Method::PUT => HttpMethod::Put,
        Method::DELETE => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

fn operation(route: &Declared, schemas: &mut Schemas) -> Operation {
    let mut describing = Describing { operation: Operation::new(), schemas };
    let (path, names) = template(&route.path);
    for name in &names {
        describing.parameter(name, ParameterIn::Path, Required::True, text().into());
    }
    let may_be_stale = [Method::PUT, Method::DELETE].contains(&route.method) && versions::are_at(&route.path);
    if may_be_stale {
        describing.parameter("If-Match", ParameterIn::Header, Required::False, text().into());
    }
    (route.describe)(&mut describing);
    let mut operation = describing.operation;
    let has_body = operation.request_body.is_some();
    for (status, name, ..) in REFUSALS {
        let can_be = match *status {
            "404" => !names.is_empty(),
            "409" => route.method != Method::GET,
            "412" => may_be_stale,
            "413" => has_body,
            _ => true,
        };
        if can_be {
            let refusal = RefOr::Ref(Ref::from_response_name(*name));
            operation.responses.responses.entry((*status).to_owned()).or_insert(refusal);
        }
    }
    operation.operation_id = Some(id(&route.method, &path));
    operation.summary = Some(summary(route.handler));
    operation.tags = route.handler.split("::").nth(1).map(|module| vec![module.replace('_', " ")]);
    operation.description = Some(needs(route.rule));
    operation
}

/// A path with the names alone in braces, and those names.
fn template(path: &str) -> (String, Vec<String>) {
    let (mut template, mut names) = ("/admin".to_owned(), Vec::new());
    for (at, piece) in path.split(['{', '}']).enumerate() {
        // Every second piece stands in braces.
        if at % 2 == 0 {
            template.push_str(piece);
        } else {
            let name = piece.split(':').next().unwrap_or(piece);
            template.push_str(&format!("{{{name}}}"));
            names.push(name.to_owned());
        }
    }
    (template, names)
}

/// A name for programs, unlike that of all others.
fn id(method: &Method, path: &str) -> String {
    let words = path.trim_start_matches("/admin/").split(|letter: char| !letter.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty()).map(str::to_lowercase);
    std::iter::once(method.as_str().to_lowercase()).chain(words).collect::<Vec<_>>().join("_")
}

/// What a handler is called, as words.
fn summary(handler: &str) -> String {
    handler.split("::").skip(1).map(|part| part.replace('_', " ")).collect::<Vec<_>>().join(": ")
}

fn needs(rule: Rule) -> String {
    let list = |of: &[Permission]| of.iter().map(|one| format!("`{}`", one.as_str())).collect::<Vec<_>>().join(", ");
    match rule {
        Rule::AnyOf(permissions) => format!("For whoever holds one of {} on the realm.", list(permissions)),
        Rule::Each(sets) => {
            let sets: Vec<_> = sets.iter().map(|set| format!("one of {}", list(set))).collect();
            format!("For whoever holds {} on the realm.", sets.join(", and "))
        }
        Rule::AnyPermission => "For whoever holds any permission on the realm.".to_owned(),
        Rule::CreateRealm => "For whoever may make realms.".to_owned(),
        Rule::Authenticated => "For whoever has a good token; each sees what they may.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::{declared, openapi::query::UNKNOWN};

    /// Every operation of a document with its method and path.
    fn operations(document: &Value) -> Vec<(String, String, &Value)> {
        let paths = document["paths"].as_object().unwrap();
        let of_path = |(path, item): (&String, &'_ Value)| -> Vec<(String, String)> {
            item.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())).collect()
        };
        let all: Vec<_> = paths.iter().flat_map(of_path).collect();
        all.into_iter()
            .map(|(method, path)| {
                let operation = &document["paths"][&path][method.to_lowercase()];
                (method, path, operation)
            })
            .collect()
    }

    #[test]
    fn every_route_is_in_the_document_and_nothing_else() {
        let routes = declared();
        let document = serde_json::to_value(document(&routes)).unwrap();
        let described: BTreeSet<_> =
            operations(&document).into_iter().map(|(method, path, _)| (method, path)).collect();
        let mounted: BTreeSet<_> =
            routes.iter().map(|route| (route.method.to_string(), template(&route.path).0)).collect();
        assert_eq!(described, mounted);
        assert_eq!(mounted.len(), routes.len(), "a route that is declared twice");
    }

    #[test]
    fn every_operation_says_what_can_become_of_it() {
        let document = serde_json::to_value(document(&declared())).unwrap();
        let mut ids = BTreeSet::new();
        for (method, path, operation) in operations(&document) {
            assert!(ids.insert(operation["operationId"].to_string()), "{path}");
            let statuses: Vec<_> = operation["responses"].as_object().unwrap().keys().map(String::as_str).collect();
            for usual in ["400", "401", "403", "503"] {
                assert!(statuses.contains(&usual), "{method} {path}: {statuses:?}");
            }
            assert!(!operation["parameters"].to_string().contains(UNKNOWN), "{method} {path}: its query is no struct");
            let in_path = path.matches('{').count();
            let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
            assert_eq!(parameters.iter().filter(|one| one["in"] == "path").count(), in_path, "{path}");
            let outcome = statuses.iter().any(|status| status.starts_with('2') || *status == "501");
            assert!(outcome || path.contains("/organizations"), "{method} {path}: {statuses:?}");
        }
    }

    #[test]
    fn what_is_versioned_says_its_version() {
        let document = serde_json::to_value(document(&declared())).unwrap();
        for (method, path, operation) in operations(&document) {
            let versioned = versions::are_at(path.trim_start_matches("/admin"));
            let responses = &operation["responses"];
            match method.as_str() {
                "GET" => assert_eq!(responses["200"]["headers"]["etag"].is_object(), versioned, "{path}"),
                _ => assert_eq!(responses["412"].is_object(), versioned, "{method} {path}"),
            }
        }
    }

    /// Whatever is referred to is there, and the document stays of a size that can be read at once.
    #[test]
    fn references_lead_somewhere() {
        let document = serde_json::to_value(document(&declared())).unwrap();
        let text = document.to_string();
        for part in text.split("\"$ref\":\"#").skip(1) {
            let pointer = part.split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
        assert!(text.len() < 1024 * 1024, "{} bytes", text.len());
    }
}
