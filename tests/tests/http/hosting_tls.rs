//! TLS of our own, and what a socket is like.

use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    os::fd::BorrowedFd,
    time::{Duration, Instant},
};

use openssl::{
    ssl::{SslConnector, SslMethod, SslStream, SslVersion},
    x509::{X509, store::X509StoreBuilder},
};
use reqwest::Version;
use socket2::SockRef;
use tests::{Authority, Hosting, Program, TestServer, poll::until, process::free_port, program::Setup};
use web::PublicAddress;

use super::support::send;

/// What a client offers.
#[derive(Clone, Copy)]
struct Offer<'a> {
    versions: (SslVersion, SslVersion),
    /// Of TLS 1.2 and before.
    ciphers: &'a str,
    protocols: &'a [u8],
}

fn offer(versions: (SslVersion, SslVersion), ciphers: &str) -> Offer<'_> {
    Offer { versions, ciphers, protocols: &[] }
}

/// Everything that OpenSSL still has, however weak.
const EVERYTHING: &str = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";

fn connector(authority: &Authority, offer: Offer<'_>) -> SslConnector {
    let mut builder = SslConnector::builder(SslMethod::tls_client()).unwrap();
    let mut anchors = X509StoreBuilder::new().unwrap();
    anchors.add_cert(X509::from_pem(&authority.pem()).unwrap()).unwrap();
    builder.set_verify_cert_store(anchors.build()).unwrap();
    builder.set_min_proto_version(Some(offer.versions.0)).unwrap();
    builder.set_max_proto_version(Some(offer.versions.1)).unwrap();
    builder.set_cipher_list(offer.ciphers).unwrap();
    if !offer.protocols.is_empty() {
        builder.set_alpn_protos(offer.protocols).unwrap();
    }
    builder.build()
}

/// Shakes hands with a server on this port. None if it doesn't.
fn handshake(authority: &Authority, port: u16, offer: Offer<'_>) -> Option<SslStream<TcpStream>> {
    let stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    connector(authority, offer).connect("localhost", stream).ok()
}

/// The cipher suites of TLS 1.2 and before that this OpenSSL has.
fn suites() -> Vec<String> {
    let exchanges = ["ECDHE-ECDSA-", "ECDHE-RSA-", "DHE-RSA-", "AECDH-", "ADH-", ""];
    let ciphers = [
        "NULL-SHA",
        "NULL-SHA256",
        "RC4-SHA",
        "DES-CBC3-SHA",
        "AES128-SHA",
        "AES256-SHA",
        "AES128-SHA256",
        "AES256-SHA256",
        "AES256-SHA384",
        "AES128-CCM",
        "AES256-CCM",
        "AES128-CCM8",
        "AES256-CCM8",
        "AES128-GCM-SHA256",
        "AES256-GCM-SHA384",
        "CHACHA20-POLY1305",
        "CAMELLIA128-SHA",
        "CAMELLIA256-SHA",
        "CAMELLIA128-SHA256",
        "CAMELLIA256-SHA384",
        "ARIA128-GCM-SHA256",
        "ARIA256-GCM-SHA384",
    ];
    let names = exchanges.iter().flat_map(|exchange| ciphers.iter().map(move |cipher| format!("{exchange}{cipher}")));
    let known = |name: &String| {
        let mut builder = SslConnector::builder(SslMethod::tls_client()).unwrap();
        builder.set_cipher_list(&format!("{name}:@SECLEVEL=0")).is_ok()
    };
    names.filter(known).collect()
}

/// The real binary with a certificate, and its port with TLS.
async fn program(authority: &Authority) -> (Program, u16) {
    let (certificate, port) = (authority.issue(), free_port());
    let arguments = [
        "--https-port".to_owned(),
        port.to_string(),
        "--https-certificate-file".to_owned(),
        certificate.certificate.display().to_string(),
        "--https-certificate-key-file".to_owned(),
        certificate.key.display().to_string(),
    ];
    (Program::start(Setup { arguments: arguments.to_vec(), ..Setup::default() }).await, port)
}

#[tokio::test]
async fn only_tls_1_2_with_aead_and_tls_1_3_are_spoken() {
    let authority = Authority::new();
    let (_program, port) = program(&authority).await;
    for version in [SslVersion::TLS1, SslVersion::TLS1_1] {
        let old = offer((version, version), EVERYTHING);
        assert!(handshake(&authority, port, old).is_none(), "{version:?}");
    }
    let newest = handshake(&authority, port, offer((SslVersion::TLS1, SslVersion::TLS1_3), EVERYTHING)).unwrap();
    assert_eq!(newest.ssl().version_str(), "TLSv1.3");
    // every cipher suite that OpenSSL has, one by one
    let tls_1_2 = (SslVersion::TLS1_2, SslVersion::TLS1_2);
    let suites = suites();
    let accepts = |name: &String| {
        let ciphers = format!("{name}:@SECLEVEL=0");
        let stream = handshake(&authority, port, offer(tls_1_2, &ciphers))?;
        Some(stream.ssl().current_cipher().unwrap().name().to_owned())
    };
    let mut accepted: Vec<String> = suites.iter().filter_map(accepts).collect();
    accepted.sort();
    assert_eq!(
        accepted,
        ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"]
    );
    // among those that were refused
    for weak in ["AES128-SHA", "AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA"] {
        assert!(suites.iter().any(|suite| suite == weak), "{weak} was not tried");
    }
}

#[tokio::test]
async fn http_1_1_and_2_are_spoken_over_tls() {
    let authority = Authority::new();
    let (_program, port) = program(&authority).await;
    let chosen = |protocols: &'static [u8]| {
        let offer = Offer { versions: (SslVersion::TLS1_2, SslVersion::TLS1_3), ciphers: EVERYTHING, protocols };
        let stream = handshake(&authority, port, offer)?;
        Some(stream.ssl().selected_alpn_protocol().map(|protocol| String::from_utf8(protocol.to_vec()).unwrap()))
    };
    assert_eq!(chosen(b"\x02h2\x08http/1.1"), Some(Some("h2".to_owned())));
    assert_eq!(chosen(b"\x08http/1.1"), Some(Some("http/1.1".to_owned())));
    assert_eq!(chosen(b""), Some(None));
    let url = format!("https://localhost:{port}/health/live");
    let client = authority.http();
    for (version, request) in [(Version::HTTP_2, client.get(&url)), (Version::HTTP_11, http_1_1(&authority).get(&url))]
    {
        let answer = request.send().await.unwrap();
        assert_eq!((answer.version(), answer.status().as_u16()), (version, 200));
    }
    // who speaks without TLS hears nothing, and nobody else is harmed by it
    let mut plain = TcpStream::connect(("127.0.0.1", port)).unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "{}", String::from_utf8_lossy(&answer));
    assert_eq!(client.get(&url).send().await.unwrap().status().as_u16(), 200);
}

/// A browser keeps its connection of HTTP/2 for minutes, which is not to keep the server from its end.
#[tokio::test]
async fn an_open_connection_of_http_2_does_not_hold_up_the_end() {
    let authority = Authority::new();
    let (mut program, port) = program(&authority).await;
    let client = authority.http();
    let answer = client.get(format!("https://localhost:{port}/health/live")).send().await.unwrap();
    assert_eq!(answer.version(), Version::HTTP_2);
    let started = Instant::now();
    assert!(program.stop().success(), "{}", program.log());
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    drop(client);
}

fn http_1_1(authority: &Authority) -> reqwest::Client {
    let anchor = reqwest::Certificate::from_pem(&authority.pem()).unwrap();
    reqwest::Client::builder().no_proxy().add_root_certificate(anchor).http1_only().build().unwrap()
}

#[tokio::test]
async fn what_came_over_tls_is_known_by_an_https_address() {
    let authority = Authority::new();
    let hosting =
        Hosting { address: PublicAddress::OfRequest, certificate: Some(authority.issue()), ..Hosting::default() };
    let server = TestServer::hosted(hosting).await;
    let path = "/realms/master/.well-known/openid-configuration";
    let base = server.tls_url();
    for client in [authority.http(), http_1_1(&authority)] {
        let reply = send(client.get(format!("{base}{path}"))).await.expect(200);
        assert_eq!(reply.json()["issuer"], format!("{base}/realms/master"));
        // all development servers of this machine are called localhost
        assert_eq!(reply.header("strict-transport-security"), None);
        let by_address = base.replace("localhost", "127.0.0.1");
        let reply = send(client.get(format!("{by_address}{path}"))).await.expect(200);
        assert_eq!(reply.json()["issuer"], format!("{by_address}/realms/master"));
        assert!(reply.header("strict-transport-security").is_some());
    }
    let plain = send(tests::answer::http().get(format!("{}{path}", server.url()))).await.expect(200);
    assert_eq!(plain.json()["issuer"], format!("{}/realms/master", server.url()));
    assert_eq!(plain.header("strict-transport-security"), None);
}

/// The option on the socket that the server, in this process, took for this client. None if there is none yet.
fn nodelay(client: SocketAddr) -> Option<bool> {
    fs::read_dir("/proc/self/fd").unwrap().flatten().find_map(|entry| {
        let is_socket = fs::read_link(entry.path()).is_ok_and(|target| target.to_string_lossy().starts_with("socket:"));
        let number = entry.file_name().to_str()?.parse().ok().filter(|_| is_socket)?;
        #[expect(
            unsafe_code,
            reason = "a socket of another thread can only be borrowed by its number; it is only asked"
        )]
        // SAFETY: it was open a moment ago; if it no longer is, the questions below fail.
        let socket = unsafe { BorrowedFd::borrow_raw(number) };
        let socket = SockRef::from(&socket);
        let peer = socket.peer_addr().ok()?.as_socket();
        (peer == Some(client)).then(|| socket.tcp_nodelay().unwrap())
    })
}

/// Without it an answer in two parts would wait for the client's delayed acknowledgement, 40 ms.
#[tokio::test]
async fn accepted_sockets_do_not_wait_to_fill_segments() {
    let authority = Authority::new();
    let hosting = Hosting { certificate: Some(authority.issue()), ..Hosting::default() };
    let server = TestServer::hosted(hosting).await;
    // The default is the contrary, so a `true` is the server's doing.
    let pair = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let client = TcpStream::connect(pair.local_addr().unwrap()).unwrap();
    let (_accepted, _) = pair.accept().unwrap();
    assert_eq!(nodelay(client.local_addr().unwrap()), Some(false));
    let plain = TcpStream::connect(server.url().trim_start_matches("http://")).unwrap();
    set(&plain, "plain").await;
    let port = server.tls_url().rsplit(':').next().unwrap().parse().unwrap();
    for protocols in [&b"\x08http/1.1"[..], b"\x02h2"] {
        let offer = Offer { versions: (SslVersion::TLS1_3, SslVersion::TLS1_3), ciphers: EVERYTHING, protocols };
        let stream = handshake(&authority, port, offer).unwrap();
        assert_eq!(stream.ssl().selected_alpn_protocol(), Some(&protocols[1..]));
        set(stream.get_ref(), "TLS").await;
    }
}

async fn set(stream: &TcpStream, what: &str) {
    let client = stream.local_addr().unwrap();
    until(&format!("TCP_NODELAY, {what}"), 5, || async move { nodelay(client).filter(|set| *set) }).await;
}
