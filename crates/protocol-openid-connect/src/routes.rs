//! The routes of this protocol, below `/realms`.

use actix_web::http::Method;
use actix_web::web::{ServiceConfig, get, method, post, resource};
use web::cors;

use crate::{certs, discovery, endpoint, logout, published_realm};

/// Mounts the routes on an application or on a scope without a prefix.
pub fn routes(config: &mut ServiceConfig) {
    let options = |methods| method(Method::OPTIONS).to(cors::options(methods));
    config
        .service(resource(["/realms/{realm}", "/realms/{realm}/"]).get(published_realm::get))
        .service(
            resource("/realms/{realm}/.well-known/openid-configuration")
                .route(get().to(discovery::get))
                .route(options("GET, OPTIONS")),
        )
        .service(
            resource("/realms/{realm}/.well-known/oauth-authorization-server")
                .route(get().to(discovery::get))
                .route(options("GET, OPTIONS")),
        )
        .service(
            resource("/realms/{realm}/protocol/openid-connect/certs")
                .route(get().to(certs::get))
                .route(options("GET, OPTIONS")),
        )
        .service(
            resource("/realms/{realm}/protocol/openid-connect/token")
                .route(post().to(endpoint::token))
                .route(options("POST, OPTIONS")),
        )
        .service(
            resource("/realms/{realm}/protocol/openid-connect/logout")
                .route(post().to(logout::post))
                .route(options("POST, OPTIONS")),
        );
}
