//! Reverse proxies: which ones are believed, and what they say about the client.
//!
//! A header is believed only as far back as every hop is a trusted proxy, so a client can't choose its own address.

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::{FORWARDED, HeaderMap, HeaderName};
use model::network::Network;

/// The header in which a proxy names the client. Only one is read: a proxy that sets one passes the other on as the
/// client wrote it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For` and `X-Forwarded-Proto`.
    #[default]
    XForwarded,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// The reverse proxies that are believed. One value per server, as application data.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies {
    networks: Vec<Network>,
    header: ForwardedHeader,
}

/// What is known of the client behind a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its address.
    pub address: IpAddr,
    /// What a trusted proxy says of the client's own connection: over TLS or not. None if no trusted proxy said it.
    pub secure: Option<bool>,
}

impl TrustedProxies {
    /// Believes the proxies in `networks`, which name the client in `header`.
    #[must_use]
    pub fn new(networks: Vec<Network>, header: ForwardedHeader) -> Self {
        Self { networks, header }
    }

    /// Whether no proxy is believed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.networks.is_empty()
    }

    /// Whether this address is that of a trusted proxy.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(address))
    }

    /// The client behind a connection from `peer`: the last hop that is no trusted proxy.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Client {
        let mut client = Client { address: peer.to_canonical(), secure: None };
        if !self.contains(peer) {
            return client;
        }
        let hops = match self.header {
            ForwardedHeader::XForwarded => x_forwarded(headers),
            ForwardedHeader::Forwarded => forwarded(headers),
        };
        for hop in hops.into_iter().rev() {
            client.secure = hop.secure.or(client.secure);
            let Some(address) = hop.address else { break };
            client.address = address;
            if !self.contains(address) {
                break;
            }
        }
        client
    }
}

/// What one proxy says of the connection that it accepted. No address if it hides it or wrote something else.
struct Hop {
    address: Option<IpAddr>,
    secure: Option<bool>,
}

fn values<'headers>(headers: &'headers HeaderMap, name: &HeaderName) -> Vec<&'headers str> {
    headers.get_all(name).flat_map(|value| value.to_str().unwrap_or("").split(',')).map(str::trim).collect()
}

fn x_forwarded(headers: &HeaderMap) -> Vec<Hop> {
    let addresses = values(headers, &HeaderName::from_static("x-forwarded-for"));
    let protocols = values(headers, &HeaderName::from_static("x-forwarded-proto"));
    // Proxies that append to one of the two don't always append to the other; a lone value is said of every hop.
    let aligned = protocols.len() == addresses.len();
    let last = protocols.last().copied();
    let hops = addresses.iter().enumerate().map(|(at, address)| Hop {
        address: host(address),
        secure: (if aligned { protocols.get(at).copied() } else { last }).and_then(secure),
    });
    hops.collect()
}

fn forwarded(headers: &HeaderMap) -> Vec<Hop> {
    let hop = |element: &str| {
        let mut hop = Hop { address: None, secure: None };
        for pair in element.split(';') {
            let Some((name, value)) = pair.trim().split_once('=') else { continue };
            let value = value.trim().trim_matches('"');
            if name.eq_ignore_ascii_case("for") {
                hop.address = host(value);
            } else if name.eq_ignore_ascii_case("proto") {
                hop.secure = secure(value);
            }
        }
        hop
    };
    values(headers, &FORWARDED).into_iter().map(hop).collect()
}

fn secure(protocol: &str) -> Option<bool> {
    match protocol.to_ascii_lowercase().as_str() {
        "https" => Some(true),
        "http" => Some(false),
        _ => None,
    }
}

/// An address with or without a port, IPv6 with or without brackets.
fn host(text: &str) -> Option<IpAddr> {
    let address = text.parse::<IpAddr>().ok();
    let address = address.or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()));
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok();
    address.or_else(bracketed).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests;
