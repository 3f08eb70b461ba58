//! The services under the address that a request came to.
//!
//! Issuers, links and `Location` headers begin with the server's public address. In production it is fixed, and nothing
//! in a request changes it. A development server without a fixed one is called by many names (`localhost`,
//! `127.0.0.1`, a container's name), so there it is the address that the request came to.

use std::ops::Deref;

use actix_web::{
    Error, FromRequest, HttpMessage, HttpRequest,
    body::{EitherBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::ErrorInternalServerError,
    http::{StatusCode, Version, header::HOST},
    middleware::Next,
    web::Data,
};
use services::Services;
use url::Url;

use crate::{connection, door::Door, refusal};

/// The longest host and port that is read, in bytes: the longest name in the DNS with a port.
const MAX_HOST: usize = 255;

/// Where the public address comes from. One value per server, as application data; without one it is fixed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PublicAddress {
    /// From the server's options: that of [`Services::public_url`].
    #[default]
    Fixed,
    /// From each request. For development only: whoever sends a request chooses the issuer of its answer.
    OfRequest,
}

/// The services as this request sees them: every address that they make begins with the public address of the request.
#[derive(Clone)]
pub struct Hosted(pub Services);

impl Hosted {
    /// The services as this request sees them. None where nothing is mounted.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Option<Self> {
        let of_request = request.extensions().get::<Self>().cloned();
        of_request.or_else(|| Some(Self(request.app_data::<Data<Services>>()?.get_ref().clone())))
    }
}

impl Deref for Hosted {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}

impl FromRequest for Hosted {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Self::of(request).ok_or_else(|| ErrorInternalServerError("the services are not mounted")))
    }
}

/// Middleware that finds the public address of requests where it isn't fixed, and refuses those that have none.
///
/// # Errors
/// As the services within.
pub async fn addressed(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    let of_request = request.app_data::<Data<PublicAddress>>().is_some_and(|from| ***from == PublicAddress::OfRequest);
    let services =
        request.app_data::<Data<Services>>().filter(|_| of_request).map(|services| services.get_ref().clone());
    if let Some(services) = services {
        match address(request.request(), services.public_url()) {
            Some(address) => drop(request.extensions_mut().insert(Hosted(services.at(&address)))),
            None => {
                drop(request.take_payload());
                let text =
                    "The request doesn't say by which host name the server was called, or the name is malformed.";
                let answer = refusal::answer(Door::of(request.path()), StatusCode::BAD_REQUEST, text);
                return Ok(request.into_response(answer).map_into_right_body());
            }
        }
    }
    Ok(next.call(request).await?.map_into_left_body())
}

/// The address that the client called, as scheme, host and port. A trusted proxy knows it better than we do.
fn address(request: &HttpRequest, usual: &str) -> Option<String> {
    let client = connection::client(request);
    let secure = connection::is_secure(request);
    let (said, port) = client.map_or((None, None), |client| (client.host, client.port));
    let host = match said {
        Some(host) => host,
        None => match own_host(request) {
            Some(host) => host.to_owned(),
            // Only HTTP/1.0 knows requests without a host (RFC 9112, section 3.2).
            None if request.version() == Version::HTTP_10 && !request.headers().contains_key(HOST) => {
                return Some(usual.to_owned());
            }
            None => return None,
        },
    };
    origin(if secure { "https" } else { "http" }, &host, port)
}

/// The host in the request's target (HTTP/2, and the absolute form of HTTP/1.1), else that of its one `Host` header.
fn own_host(request: &HttpRequest) -> Option<&str> {
    if let Some(authority) = request.uri().authority() {
        return Some(authority.as_str());
    }
    let mut values = request.headers().get_all(HOST);
    match (values.next(), values.next()) {
        (Some(host), None) => host.to_str().ok(),
        // Two of them are two opinions on who is asked.
        _ => None,
    }
}

/// The origin with this host, which may hold a port. None if it isn't `host` or `host:port`.
fn origin(scheme: &str, host: &str, port: Option<u16>) -> Option<String> {
    // Letters outside of these would end the host for the parser of URLs, or be rewritten by it.
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    if host.is_empty() || host.len() > MAX_HOST || !host.bytes().all(sound) {
        return None;
    }
    let mut url = Url::parse(&format!("{scheme}://{host}/")).ok()?;
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| !port.contains(']'));
    if let Some(port) = port.filter(|_| !has_port) {
        url.set_port(Some(port)).ok()?;
    }
    Some(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests;
