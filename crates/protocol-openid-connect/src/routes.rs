//! The routes of this protocol, below `/realms`.

use actix_web::web::{ServiceConfig, delete, get, method, post, put, resource};
use actix_web::{HttpResponse, http::Method};
use serde_json::json;
use web::cors;

use crate::{
    authorize, certs, device, discovery, endpoint, introspect, login_status, logout, published_realm, registration,
    revoke, userinfo,
};

/// Authorization services and UMA are off: Keycloak's answer for that.
async fn authorization_services_off() -> HttpResponse {
    HttpResponse::NotImplemented().json(json!({"error": "Feature not enabled"}))
}

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
        .service(
            protocol("logout")
                .route(get().to(logout::get))
                .route(post().to(logout::post))
                .route(options("GET, POST, OPTIONS")),
        )
        .service(resource("/realms/{realm}/authz/{rest:.*}").to(authorization_services_off))
        .service(protocol("logout/logout-confirm").route(post().to(logout::confirmed)))
        .service(protocol("login-status-iframe.html").route(get().to(login_status::frame)))
        .service(protocol("login-status-iframe.html/init").route(get().to(login_status::init)))
        .service(protocol("3p-cookies/step1.html").route(get().to(login_status::probe_set)))
        .service(protocol("3p-cookies/step2.html").route(get().to(login_status::probe_read)));
}
