//! The services under the address that a request came to.

use std::{
    future::{Ready, ready},
    ops::Deref,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, error::ErrorInternalServerError, web::Data};
use services::Services;

/// The services as this request sees them: every address that they make begins with the public address of the request.
#[derive(Clone)]
pub struct Hosted(pub Services);

impl Deref for Hosted {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}

impl FromRequest for Hosted {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match request.app_data::<Data<Services>>() {
            Some(services) => Ok(Self(services.get_ref().clone())),
            None => Err(ErrorInternalServerError("the services are not mounted")),
        })
    }
}
