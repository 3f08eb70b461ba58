//! The other side: sockets that count who connects, and names that stand for what a test says.

use std::{
    io::{ErrorKind, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    thread,
};

use openssl::{
    asn1::Asn1Time,
    bn::BigNum,
    ec::{EcGroup, EcKey},
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Private},
    x509::{
        X509, X509Builder, X509NameBuilder,
        extension::{BasicConstraints, SubjectAlternativeName},
    },
};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};

use super::*;
use crate::resolver::Names;

#[derive(Default)]
struct Seen {
    connections: usize,
    requests: Vec<String>,
}

/// A server on a port of 127.0.0.1 that gives everybody the same answer.
pub struct Peer {
    port: u16,
    seen: Arc<Mutex<Seen>>,
}

impl Peer {
    /// Answers with this status, these header lines and this body.
    pub fn answering(status: &str, headers: &str, body: &str) -> Self {
        let length =
            if headers.contains("chunked") { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        Self::saying(&format!("HTTP/1.1 {status}\r\n{headers}{length}\r\n{body}"))
    }

    /// Answers with these bytes.
    pub fn saying(answer: &str) -> Self {
        let answer = answer.to_owned();
        // What announces more than it holds ends with its connection.
        let once = !answer.contains("Content-Length") && !answer.ends_with("\r\n0\r\n\r\n");
        Self::serving(move |stream, seen| {
            let mut stream = stream;
            while let Some(request) = request(&mut stream) {
                seen.lock().unwrap().requests.push(request);
                if stream.write_all(answer.as_bytes()).is_err() || once {
                    return;
                }
            }
        })
    }

    /// Takes requests and never answers.
    pub fn silent() -> Self {
        Self::serving(|mut stream, _| while request(&mut stream).is_some() {})
    }

    /// Answers over TLS.
    pub fn with_tls(config: ServerConfig) -> Self {
        let config = Arc::new(config);
        Self::serving(move |stream, seen| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream);
            while let Some(request) = request(&mut stream) {
                seen.lock().unwrap().requests.push(request);
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
                if stream.write_all(answer).and_then(|()| stream.flush()).is_err() {
                    return;
                }
            }
        })
    }

    fn serving(serve: impl Fn(TcpStream, &Mutex<Seen>) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (serve, shared) = (Arc::new(serve), Arc::clone(&seen));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                shared.lock().unwrap().connections += 1;
                let (serve, shared) = (Arc::clone(&serve), Arc::clone(&shared));
                thread::spawn(move || serve(stream, &shared));
            }
        });
        Self { port, seen }
    }

    /// A port on which nobody listens.
    pub fn closed_port() -> u16 {
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
    }

    pub fn url(&self, scheme: &str, host: &str) -> String {
        format!("{scheme}://{host}:{}/path?query", self.port)
    }

    pub fn connections(&self) -> usize {
        self.seen.lock().unwrap().connections
    }

    pub fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().requests.clone()
    }
}

/// One request with its body. None at the end of the connection.
fn request(stream: &mut impl Read) -> Option<String> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    let wanted = |text: &str| {
        let lower = text.to_lowercase();
        let length = lower.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse().ok());
        Some(text.find("\r\n\r\n")? + 4 + length.unwrap_or(0))
    };
    loop {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        bytes.push(byte[0]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if wanted(&text) == Some(bytes.len()) {
            return Some(text);
        }
    }
}

/// Names that stand for these addresses, with spaces between them: at the first look-up for the first ones, and so on.
pub fn names<const COUNT: usize>(found: [Result<&'static str, ErrorKind>; COUNT]) -> Names {
    let found = Mutex::new(VecDeque::from(found));
    Arc::new(move |_| {
        let found = found.lock().unwrap().pop_front().expect("no further look-up");
        Box::pin(async move { Ok(found?.split_whitespace().map(|address| address.parse().unwrap()).collect()) })
    })
}

/// A certificate authority as PEM, and a server whose certificate for `name` it signed.
pub fn authority(name: &str) -> (Vec<u8>, ServerConfig) {
    let (root_key, server_key) = (key(), key());
    let mut root = certificate("Test Authority", "Test Authority", &root_key);
    root.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
    root.sign(&root_key, MessageDigest::sha256()).unwrap();
    let root: X509 = root.build();
    let mut server = certificate("Test Server", "Test Authority", &server_key);
    let names = SubjectAlternativeName::new().dns(name).build(&server.x509v3_context(Some(&root), None)).unwrap();
    server.append_extension(names).unwrap();
    server.sign(&root_key, MessageDigest::sha256()).unwrap();
    let chain = vec![CertificateDer::from(server.build().to_der().unwrap())];
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(server_key.private_key_to_pkcs8().unwrap()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    (root.to_pem().unwrap(), config)
}

fn key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

fn certificate(subject: &str, issuer: &str, key: &PKey<Private>) -> X509Builder {
    let name = |text: &str| {
        let mut name = X509NameBuilder::new().unwrap();
        name.append_entry_by_text("CN", text).unwrap();
        name.build()
    };
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder.set_serial_number(&BigNum::from_u32(1).unwrap().to_asn1_integer().unwrap()).unwrap();
    builder.set_subject_name(&name(subject)).unwrap();
    builder.set_issuer_name(&name(issuer)).unwrap();
    builder.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::days_from_now(1).unwrap()).unwrap();
    builder.set_pubkey(key).unwrap();
    builder
}
