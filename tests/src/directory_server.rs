//! An LDAP directory inside a test (RFC 4511): it knows one name, and says what it can do.

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// The name and the password that it takes.
pub const LOGIN: (&str, &str) = ("cn=reader,dc=example,dc=org", "s3cret");
/// The extension that it says it has.
pub const EXTENSION: &str = "1.3.6.1.4.1.4203.1.11.1";

/// A running directory. It stops when it is dropped.
#[derive(Debug)]
pub struct DirectoryServer {
    /// Its port on 127.0.0.1.
    pub port: u16,
    binds: Arc<Mutex<usize>>,
    serving: JoinHandle<()>,
}

impl DirectoryServer {
    /// Starts one.
    ///
    /// # Panics
    /// If that fails.
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let binds = Arc::new(Mutex::new(0));
        let counted = Arc::clone(&binds);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let counted = Arc::clone(&counted);
                tokio::spawn(async move { converse(stream, &counted).await });
            }
        });
        Self { port, binds, serving }
    }

    /// How often somebody tried to log in.
    ///
    /// # Panics
    /// If a conversation panicked.
    #[must_use]
    pub fn binds(&self) -> usize {
        *self.binds.lock().expect("nobody panicked")
    }
}

impl Drop for DirectoryServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// A value in BER, of less than 128 bytes.
fn ber(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).ok().filter(|length| *length < 128).expect("a short value");
    [&[tag, length], content].concat()
}

fn message(id: u8, operation: Vec<u8>) -> Vec<u8> {
    ber(0x30, &[ber(0x02, &[id]), operation].concat())
}

/// A result with this code.
fn result(tag: u8, code: u8) -> Vec<u8> {
    ber(tag, &[ber(0x0a, &[code]), ber(0x04, b""), ber(0x04, b"")].concat())
}

async fn converse(mut stream: TcpStream, binds: &Mutex<usize>) -> Option<()> {
    loop {
        let mut head = [0; 2];
        stream.read_exact(&mut head).await.ok()?;
        // Everything that is asked here is short.
        let mut body = vec![0; usize::from(head[1])];
        stream.read_exact(&mut body).await.ok()?;
        let (id, operation) = (body[2], body[3]);
        let holds = |text: &str| body.windows(text.len()).any(|window| window == text.as_bytes());
        let answer = match operation {
            0x60 => {
                *binds.lock().expect("nobody panicked") += 1;
                let code = if holds(LOGIN.0) && holds(LOGIN.1) { 0 } else { 49 };
                message(id, result(0x61, code))
            }
            0x63 => {
                let values = ber(0x31, &ber(0x04, EXTENSION.as_bytes()));
                let attribute = ber(0x30, &[ber(0x04, b"supportedExtension"), values].concat());
                let entry = ber(0x64, &[ber(0x04, b""), ber(0x30, &attribute)].concat());
                [message(id, entry), message(id, result(0x65, 0))].concat()
            }
            // unbind
            0x42 => return Some(()),
            // StartTLS and whatever else: a protocol error
            _ => message(id, result(0x78, 2)),
        };
        stream.write_all(&answer).await.ok()?;
    }
}
