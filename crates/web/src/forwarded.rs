//! Reverse proxies: which ones are believed, and what they say about the client and what it called.
//!
//! A header is believed only as far back as every hop is a trusted proxy, so a client can't choose its own address.

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::{FORWARDED, HeaderMap, HeaderName};
use model::network::Network;

/// The header in which a proxy names the client. Only one is read: a proxy that sets one passes the other on as the
/// client wrote it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`, `X-Forwarded-Proto`, `X-Forwarded-Host` and `X-Forwarded-Port`.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its address.
    pub address: IpAddr,
    /// What a trusted proxy says of the client's own connection: over TLS or not. None if no trusted proxy said it.
    pub secure: Option<bool>,
    /// The host, perhaps with a port, that the client called, as a trusted proxy wrote it.
    pub host: Option<String>,
    /// The port that the client called, if a trusted proxy tells it apart from the host.
    pub port: Option<u16>,
}

impl Client {
    /// A client of which nothing is known but its address.
    #[must_use]
    pub fn at(address: IpAddr) -> Self {
        Self { address: address.to_canonical(), secure: None, host: None, port: None }
    }
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
        let mut client = Client::at(peer);
        if !self.contains(peer) {
            return client;
        }
        let hops = match self.header {
            ForwardedHeader::XForwarded => x_forwarded(headers),
            ForwardedHeader::Forwarded => forwarded(headers),
        };
        for hop in hops.into_iter().rev() {
            client.secure = hop.secure.or(client.secure);
            client.host = hop.host.map(str::to_owned).or(client.host);
            client.port = hop.port.or(client.port);
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
#[derive(Default)]
struct Hop<'headers> {
    address: Option<IpAddr>,
    secure: Option<bool>,
    host: Option<&'headers str>,
    port: Option<u16>,
}

fn values<'headers>(headers: &'headers HeaderMap, name: &HeaderName) -> Vec<&'headers str> {
    headers.get_all(name).flat_map(|value| value.to_str().unwrap_or("").split(',')).map(str::trim).collect()
}

fn x_forwarded(headers: &HeaderMap) -> Vec<Hop<'_>> {
    let [addresses, protocols, hosts, ports] =
        ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port"]
            .map(|name| values(headers, &HeaderName::from_static(name)));
    let count = addresses.len();
    let hops = addresses.iter().enumerate().map(|(at, address)| Hop {
        address: host(address),
        secure: said(&protocols, at, count).and_then(secure),
        host: said(&hosts, at, count),
        port: said(&ports, at, count).and_then(|port| port.parse().ok()),
    });
    hops.collect()
}

/// What is said of the hop at this place. Proxies that append to one header don't always append to the others; then the
/// last value, which is that of the proxy next to us, is said of every hop.
fn said<'headers>(values: &[&'headers str], at: usize, hops: usize) -> Option<&'headers str> {
    let value = if values.len() == hops { values.get(at) } else { values.last() };
    value.copied().filter(|value| !value.is_empty())
}

fn forwarded(headers: &HeaderMap) -> Vec<Hop<'_>> {
    values(headers, &FORWARDED).into_iter().map(forwarded_element).collect()
}

/// A `forwarded-element` of RFC 7239, section 4.
fn forwarded_element(element: &str) -> Hop<'_> {
    let mut hop = Hop::default();
    for pair in element.split(';') {
        let Some((name, value)) = pair.trim().split_once('=') else { continue };
        let value = value.trim().trim_matches('"');
        if name.eq_ignore_ascii_case("for") {
            hop.address = host(value);
        } else if name.eq_ignore_ascii_case("proto") {
            hop.secure = secure(value);
        } else if name.eq_ignore_ascii_case("host") {
            hop.host = Some(value).filter(|host| !host.is_empty());
        }
    }
    hop
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
