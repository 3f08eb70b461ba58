//! The pages of a login that is under way, below `/realms/{realm}/login-actions`.

mod action_token;
mod authenticate;
mod consent;
mod device;
mod gone;
mod required_action;
mod restart;
mod state;

use actix_web::web::{ServiceConfig, get, post, resource};

/// Mounts the routes on an application or on a scope without a prefix.
pub fn routes(config: &mut ServiceConfig) {
    let action = |path: &str| resource(format!("/realms/{{realm}}/login-actions/{path}"));
    config
        .service(action("authenticate").route(get().to(authenticate::get)).route(post().to(authenticate::post)))
        .service(
            action("required-action").route(get().to(required_action::get)).route(post().to(required_action::post)),
        )
        .service(action("consent").route(get().to(consent::get)).route(post().to(consent::post)))
        .service(action("action-token").route(get().to(action_token::get)).route(post().to(action_token::post)))
        .service(action("restart").route(get().to(restart::get)))
        .service(action("expired").route(get().to(gone::expired)))
        .service(
            resource(["/realms/{realm}/device", "/realms/{realm}/device/"])
                .route(get().to(device::get))
                .route(post().to(device::post)),
        )
        .service(resource("/realms/{realm}/theme/{file}").route(get().to(crate::theme::file)))
        .service(resource("/realms/{realm}/device/status").route(get().to(device::status)));
}
