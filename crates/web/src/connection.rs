//! From where and how securely a request came.

use std::net::IpAddr;

use actix_web::{HttpRequest, http::header::USER_AGENT, web::Data};
use services::Origin;

use crate::forwarded::{Client, TrustedProxies};

/// The longest user agent that is kept, in bytes.
const MAX_USER_AGENT: usize = 255;

/// The client's address and program. The address is the peer's unless the peer is one of the [`TrustedProxies`] in the
/// application's data.
#[must_use]
pub fn origin(request: &HttpRequest) -> Origin {
    let user_agent =
        request.headers().get(USER_AGENT).map(|value| shortened(&String::from_utf8_lossy(value.as_bytes())));
    Origin { ip_address: client(request).map(|client| client.address.to_string()), user_agent }
}

/// Whether the client's own connection is over TLS: as a trusted proxy says, else as it came to us.
#[must_use]
pub fn is_secure(request: &HttpRequest) -> bool {
    client(request).and_then(|client| client.secure).unwrap_or_else(|| request.app_config().secure())
}

/// Whether the connection satisfies a realm's `sslRequired`: `none`, `external` (private addresses may go without) or
/// `all`. An unknown value is taken as `all`.
#[must_use]
pub fn satisfies(ssl_required: &str, request: &HttpRequest) -> bool {
    match ssl_required.to_ascii_lowercase().as_str() {
        "none" => true,
        "external" => is_secure(request) || client(request).is_none_or(|client| is_private(client.address)),
        _ => is_secure(request),
    }
}

/// What is known of the client. None where there is no connection.
pub(crate) fn client(request: &HttpRequest) -> Option<Client> {
    let peer = request.peer_addr()?.ip();
    Some(match request.app_data::<Data<TrustedProxies>>() {
        Some(proxies) => proxies.client(peer, request.headers()),
        None => Client::at(peer),
    })
}

/// Loopback, private (RFC 1918, RFC 4193) and link-local addresses.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local(),
    }
}

fn shortened(user_agent: &str) -> String {
    let mut text: String = user_agent.chars().filter(|letter| !letter.is_control()).collect();
    let end = (0..=MAX_USER_AGENT.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.truncate(end);
    text
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_user_agent_is_shortened_at_a_letter_and_cleaned() {
        assert_eq!(shortened("docker/28\t(linux)\u{7f}"), "docker/28(linux)");
        let long = shortened(&"\u{e9}".repeat(200));
        assert_eq!(long.len(), 254);
        assert_eq!(shortened(&"a".repeat(300)).len(), 255);
    }

    #[test]
    fn external_asks_public_addresses_for_tls() {
        let from = |peer: &str| TestRequest::default().peer_addr(peer.parse().unwrap()).to_http_request();
        for peer in ["127.0.0.1:1", "10.1.2.3:1", "192.168.0.1:1", "[::1]:1", "[fd00::1]:1"] {
            assert!(satisfies("external", &from(peer)), "{peer}");
            assert!(!satisfies("all", &from(peer)));
        }
        assert!(!satisfies("external", &from("203.0.113.1:1")));
        assert!(satisfies("NONE", &from("203.0.113.1:1")));
    }

    #[test]
    fn the_origin_follows_trusted_proxies() {
        let proxies = TrustedProxies::new(vec!["10.0.0.1".parse().unwrap()], crate::ForwardedHeader::XForwarded);
        let request = TestRequest::default()
            .peer_addr("10.0.0.1:1".parse().unwrap())
            .app_data(Data::new(proxies))
            .insert_header(("X-Forwarded-For", "203.0.113.1"))
            .insert_header(("X-Forwarded-Proto", "https"))
            .insert_header(("User-Agent", "skopeo/1.9"))
            .to_http_request();
        let origin = origin(&request);
        assert_eq!(origin.ip_address.as_deref(), Some("203.0.113.1"));
        assert_eq!(origin.user_agent.as_deref(), Some("skopeo/1.9"));
        assert!(satisfies("all", &request));
    }
}
