//! What is believed of `Forwarded` and `X-Forwarded-For`.

use actix_web::http::header::HeaderValue;

use super::*;

fn proxies(networks: &[&str], header: ForwardedHeader) -> TrustedProxies {
    TrustedProxies::new(networks.iter().map(|network| network.parse().unwrap()).collect(), header)
}

fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in lines {
        map.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    }
    map
}

fn client(proxies: &TrustedProxies, peer: &str, lines: &[(&'static str, &str)]) -> (String, Option<bool>) {
    let client = proxies.client(peer.parse().unwrap(), &headers(lines));
    (client.address.to_string(), client.secure)
}

#[test]
fn a_stranger_is_believed_nothing() {
    let proxies = proxies(&["10.0.0.0/8"], ForwardedHeader::XForwarded);
    let lines = [("x-forwarded-for", "1.2.3.4"), ("x-forwarded-proto", "https")];
    assert_eq!(client(&proxies, "203.0.113.9", &lines), ("203.0.113.9".into(), None));
    assert_eq!(client(&TrustedProxies::default(), "10.0.0.1", &lines), ("10.0.0.1".into(), None));
}

#[test]
fn the_last_hop_that_is_no_proxy_is_the_client() {
    let proxies = proxies(&["10.0.0.0/8", "fd00::/8"], ForwardedHeader::XForwarded);
    let lines = [("x-forwarded-for", "6.6.6.6, 203.0.113.9, 10.1.1.1"), ("x-forwarded-proto", "https")];
    assert_eq!(client(&proxies, "10.0.0.1", &lines), ("203.0.113.9".into(), Some(true)));
    let lines = [("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "[2001:db8::1]:443")];
    assert_eq!(client(&proxies, "fd00::2", &lines), ("2001:db8::1".into(), None));
    assert_eq!(client(&proxies, "::ffff:10.0.0.1", &[("x-forwarded-for", "192.0.2.1:8443")]).0, "192.0.2.1");
}

#[test]
fn what_is_no_address_ends_the_walk() {
    let proxies = proxies(&["10.0.0.0/8"], ForwardedHeader::XForwarded);
    assert_eq!(client(&proxies, "10.0.0.1", &[("x-forwarded-for", "6.6.6.6, unknown")]).0, "10.0.0.1");
    assert_eq!(client(&proxies, "10.0.0.1", &[("x-forwarded-for", "")]).0, "10.0.0.1");
    assert_eq!(client(&proxies, "10.0.0.1", &[]).0, "10.0.0.1");
}

#[test]
fn only_the_configured_header_is_read() {
    let lines = [("x-forwarded-for", "6.6.6.6"), ("forwarded", "for=192.0.2.1;proto=https")];
    let of = |header| client(&proxies(&["10.0.0.1"], header), "10.0.0.1", &lines);
    assert_eq!(of(ForwardedHeader::XForwarded), ("6.6.6.6".into(), None));
    assert_eq!(of(ForwardedHeader::Forwarded), ("192.0.2.1".into(), Some(true)));
}

#[test]
fn the_examples_of_rfc_7239_section_4() {
    let proxies = proxies(&["198.51.100.17/32", "10.0.0.1"], ForwardedHeader::Forwarded);
    let of = |value: &str| client(&proxies, "10.0.0.1", &[("forwarded", value)]);
    assert_eq!(of("for=\"_gazonk\"").0, "10.0.0.1");
    assert_eq!(of("For=\"[2001:db8:cafe::17]:4711\"").0, "2001:db8:cafe::17");
    assert_eq!(of("for=192.0.2.60;proto=http;by=203.0.113.43"), ("192.0.2.60".into(), Some(false)));
    assert_eq!(of("for=192.0.2.43, for=198.51.100.17").0, "192.0.2.43");
}
