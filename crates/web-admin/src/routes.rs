//! The table of the console's addresses. Each declares the permissions of which a person needs at least one.

use ::web::door::Door;
use actix_web::{FromRequest, Handler, Resource, Responder, Scope, guard, http::Method, middleware::from_fn, web};
use model::permission::Permission;

use crate::{Console, Posted, pages, refusal, refused, session};

/// Who may open an address.
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
    /// Whoever is logged in: the service shows each what they may see.
    Authenticated,
}

/// An address as declared.
#[derive(Clone, Debug)]
pub struct Declared {
    /// `GET` for pages, `POST` for what changes something.
    pub method: Method,
    /// The path below `/admin/{home}/console`, with actix's `{names}`.
    pub path: String,
    /// Who may open it.
    pub rule: Rule,
}

/// What a handler of a page takes first: who asks.
pub trait Opens {}
/// What a handler of a form takes first: who asks, and the form, which comes from a page of ours.
pub trait Sends {}

impl Opens for (Console,) {}
impl<A> Opens for (Console, A) {}
impl<A, B> Opens for (Console, A, B) {}
impl Sends for (Posted,) {}
impl<A> Sends for (Posted, A) {}
impl<A, B> Sends for (Posted, A, B) {}

/// Collects addresses. A path with a literal segment comes before one with a name in its place.
pub struct Routes {
    declared: Vec<Declared>,
    resources: Vec<(String, Resource)>,
}

impl Routes {
    /// A page below `…/realms/{realm}`, for whoever holds one of these permissions.
    pub(crate) fn page<F, Args>(&mut self, path: &str, permissions: &'static [Permission], handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + Opens + 'static,
        F::Output: Responder + 'static,
    {
        self.open(&format!("/realms/{{realm}}{path}"), Rule::AnyOf(permissions), handler);
    }

    /// What a form below `…/realms/{realm}` is sent to, for whoever holds one of these permissions.
    pub(crate) fn form<F, Args>(&mut self, path: &str, permissions: &'static [Permission], handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + Sends + 'static,
        F::Output: Responder + 'static,
    {
        self.send(&format!("/realms/{{realm}}{path}"), Rule::AnyOf(permissions), handler);
    }

    /// A page at any path of the console.
    pub(crate) fn open<F, Args>(&mut self, path: &str, rule: Rule, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + Opens + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::GET, path, rule, handler);
    }

    /// What a form at any path of the console is sent to.
    pub(crate) fn send<F, Args>(&mut self, path: &str, rule: Rule, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + Sends + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::POST, path, rule, handler);
    }

    fn add<F, Args>(&mut self, method: Method, path: &str, rule: Rule, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        // The rule travels with the request, to be judged where the person is known: see `Console`.
        let with_rule = guard::fn_guard(move |context| {
            context.req_data_mut().insert(rule);
            true
        });
        let route = web::method(method.clone()).guard(with_rule).to(handler);
        self.declared.push(Declared { method, path: path.to_owned(), rule });
        match self.resources.iter().position(|(known, _)| known == path) {
            Some(at) => {
                let (known, resource) = self.resources.remove(at);
                self.resources.insert(at, (known, resource.route(route)));
            }
            None => self.resources.push((path.to_owned(), web::resource(path).route(route))),
        }
    }
}

fn table() -> Routes {
    let mut routes = Routes { declared: Vec::new(), resources: Vec::new() };
    session::routes(&mut routes);
    pages::routes(&mut routes);
    routes
}

/// Mounts the console on an application or on a scope without a prefix, before the Admin REST API.
pub fn routes(config: &mut web::ServiceConfig) {
    let ours = guard::fn_guard(|context| Door::of(context.head().uri.path()) == Door::Page);
    let scope = table()
        .resources
        .into_iter()
        .fold(Scope::new("/admin/{home}/console").guard(ours), |scope, (_, resource)| scope.service(resource));
    config.service(scope.default_service(web::to(refusal::not_found)).wrap(from_fn(refused::told)));
}

/// Every address with its rule, for tests and documentation.
#[must_use]
pub fn declared() -> Vec<Declared> {
    table().declared
}
