//! The routes of this protocol, below `/realms`.

use actix_web::http::Method;
use actix_web::web::{ServiceConfig, delete, get, method, post, put, resource};
use web::cors;

use crate::{
    authorize, certs, device, discovery, endpoint, introspect, logout, published_realm, registration, revoke, userinfo,
};

/// Mounts the routes on an application or on a scope without a prefix.
pub fn routes(config: &mut ServiceConfig) {
    let options = |methods| method(Method::OPTIONS).to(cors::options(methods));
    let protocol = |path: &str| resource(format!("/realms/{{realm}}/protocol/openid-connect/{path}"));
    config.service(resource(["/realms/{realm}", "/realms/{realm}/"]).get(published_realm::get));
    for path in [
        "/realms/{realm}/.well-known/openid-configuration",
        "/realms/{realm}/.well-known/oauth-authorization-server",
        // RFC 8414 section 3.1 puts the well-known part before the issuer's path.
        "/.well-known/oauth-authorization-server/realms/{realm}",
        "/.well-known/openid-configuration/realms/{realm}",
    ] {
        config.service(resource(path).route(get().to(discovery::get)).route(options("GET, OPTIONS")));
    }
    config
        .service(protocol("auth").route(get().to(authorize::get)).route(post().to(authorize::post)))
        .service(protocol("auth/device").route(post().to(device::post)))
        .service(protocol("ext/par/request").route(post().to(authorize::push)))
        .service(protocol("certs").route(get().to(certs::get)).route(options("GET, OPTIONS")))
        .service(protocol("token").route(post().to(endpoint::token)).route(options("POST, OPTIONS")))
        .service(protocol("token/introspect").route(post().to(introspect::post)).route(options("POST, OPTIONS")))
        .service(protocol("revoke").route(post().to(revoke::post)).route(options("POST, OPTIONS")))
        .service(
            protocol("userinfo")
                .route(get().to(userinfo::get))
                .route(post().to(userinfo::post))
                .route(options("GET, POST, OPTIONS")),
        )
        .service(
            resource("/realms/{realm}/clients-registrations/{provider}")
                .route(post().to(registration::register))
                .route(options("POST, OPTIONS")),
        )
        .service(
            resource("/realms/{realm}/clients-registrations/{provider}/{client}")
                .route(get().to(registration::view))
                .route(put().to(registration::update))
                .route(delete().to(registration::remove))
                .route(options("GET, PUT, DELETE, OPTIONS")),
        )
        .service(protocol("logout").route(post().to(logout::post)).route(options("POST, OPTIONS")));
}
