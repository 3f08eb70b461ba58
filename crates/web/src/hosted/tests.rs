//! Which address a request came to.

use actix_web::test::TestRequest;

use super::*;
use crate::{ForwardedHeader, TrustedProxies};

const USUAL: &str = "http://localhost:8080";

fn request(lines: &[(&'static str, &str)]) -> TestRequest {
    let request = TestRequest::default().peer_addr("10.0.0.1:1".parse().unwrap());
    lines.iter().fold(request, |request, line| request.append_header(*line))
}

fn behind(header: ForwardedHeader, lines: &[(&'static str, &str)]) -> Option<String> {
    let proxies = TrustedProxies::new(vec!["10.0.0.1".parse().unwrap()], header);
    address(&request(lines).app_data(Data::new(proxies)).to_http_request(), USUAL)
}

#[test]
fn the_host_decides() {
    for (host, expected) in [
        ("localhost:8180", "http://localhost:8180"),
        ("127.0.0.1:8180", "http://127.0.0.1:8180"),
        ("id_server:8080", "http://id_server:8080"),
        ("ID.Example.org", "http://id.example.org"),
        ("id.example.org:80", "http://id.example.org"),
        ("id.example.org:443", "http://id.example.org:443"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("[::1]", "http://[::1]"),
    ] {
        let found = address(&request(&[("host", host)]).to_http_request(), USUAL);
        assert_eq!(found.as_deref(), Some(expected), "{host}");
    }
}

#[test]
fn what_is_no_host_is_refused() {
    let long = "a".repeat(256);
    for host in [
        "",
        " ",
        ":80",
        "a b",
        "a/b",
        "a?b",
        "a#b",
        "a@b",
        "user:pw@a",
        "a\\b",
        "a%2fb",
        "a:b",
        "a:99999",
        "a:1:2",
        "[::1",
        "::1",
        "[fe80::1%eth0]",
        "a,b",
        "a\"b",
        "<a>",
        "1.2.3.400",
        "\u{e9}.example",
        &long,
    ] {
        assert_eq!(address(&request(&[("host", host)]).to_http_request(), USUAL), None, "{host}");
    }
    assert_eq!(address(&request(&[("host", "a"), ("host", "b")]).to_http_request(), USUAL), None);
    assert_eq!(address(&request(&[]).to_http_request(), USUAL), None);
    let old = request(&[]).version(Version::HTTP_10).to_http_request();
    assert_eq!(address(&old, USUAL).as_deref(), Some(USUAL));
}

#[test]
fn the_target_goes_before_the_header() {
    let request = request(&[("host", "other.example")]).uri("http://id.example.org:1/realms/a").to_http_request();
    assert_eq!(address(&request, USUAL).as_deref(), Some("http://id.example.org:1"));
}

#[test]
fn a_trusted_proxy_knows_scheme_host_and_port() {
    let x = |lines: &[(&'static str, &str)]| behind(ForwardedHeader::XForwarded, lines);
    let of = ("x-forwarded-for", "203.0.113.9");
    let host = ("host", "inner:8080");
    assert_eq!(x(&[of, host]).as_deref(), Some("http://inner:8080"));
    assert_eq!(x(&[of, host, ("x-forwarded-proto", "https")]).as_deref(), Some("https://inner:8080"));
    let named = [of, host, ("x-forwarded-proto", "https"), ("x-forwarded-host", "id.example.org")];
    assert_eq!(x(&named).as_deref(), Some("https://id.example.org"));
    let with_port = |port| x(&[&named[..], &[("x-forwarded-port", port)]].concat());
    assert_eq!(with_port("8443").as_deref(), Some("https://id.example.org:8443"));
    assert_eq!(with_port("443").as_deref(), Some("https://id.example.org"));
    assert_eq!(with_port("none").as_deref(), Some("https://id.example.org"));
    let own_port = [of, host, ("x-forwarded-host", "id.example.org:81"), ("x-forwarded-port", "82")];
    assert_eq!(x(&own_port).as_deref(), Some("http://id.example.org:81"));
    assert_eq!(x(&[of, host, ("x-forwarded-host", "a/b")]), None);
    let forwarded = ("forwarded", "for=203.0.113.9;proto=https;host=\"id.example.org:8443\"");
    let found = behind(ForwardedHeader::Forwarded, &[host, forwarded]);
    assert_eq!(found.as_deref(), Some("https://id.example.org:8443"));
}

/// Neither a stranger nor the header that the proxy passes on unread is believed, nor what a client said before it
/// reached the first trusted proxy.
#[test]
fn nobody_else_is_believed() {
    let forged = [
        ("host", "id.example.org"),
        ("x-forwarded-for", "10.0.0.1"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-port", "666"),
        ("forwarded", "for=10.0.0.1;proto=https;host=evil.example"),
    ];
    let stranger = request(&forged).to_http_request();
    assert_eq!(address(&stranger, USUAL).as_deref(), Some("http://id.example.org"));
    let unread = [forged[0], ("x-forwarded-host", "evil.example"), ("forwarded", "for=203.0.113.9")];
    assert_eq!(behind(ForwardedHeader::Forwarded, &unread).as_deref(), Some("http://id.example.org"));
    let appended = [
        ("host", "inner"),
        ("x-forwarded-for", "6.6.6.6, 203.0.113.9"),
        ("x-forwarded-proto", "http, https"),
        ("x-forwarded-host", "evil.example, id.example.org"),
    ];
    assert_eq!(behind(ForwardedHeader::XForwarded, &appended).as_deref(), Some("https://id.example.org"));
    let appended =
        [("host", "inner"), ("forwarded", "for=6.6.6.6;host=evil.example, for=203.0.113.9;host=id.example.org")];
    assert_eq!(behind(ForwardedHeader::Forwarded, &appended).as_deref(), Some("http://id.example.org"));
}
