//! A mail server inside a test: it takes what it is told to take, and keeps it.

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use rustls::ServerConfig;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

use crate::localhost;

/// The name and the password that it takes.
pub const LOGIN: (&str, &str) = ("mailer", "s3cret");

/// A running mail server. It stops when it is dropped.
#[derive(Debug)]
pub struct MailServer {
    /// Its port on 127.0.0.1.
    pub port: u16,
    said: Arc<Mutex<Vec<String>>>,
    serving: JoinHandle<()>,
}

impl MailServer {
    /// Starts one that offers STARTTLS and a login.
    ///
    /// # Panics
    /// If that fails.
    pub async fn start() -> Self {
        Self::speaking(true, false).await
    }

    /// Starts one with TLS from the start.
    ///
    /// # Panics
    /// If that fails.
    pub async fn secure() -> Self {
        Self::speaking(false, true).await
    }

    /// Starts one that knows no TLS.
    ///
    /// # Panics
    /// If that fails.
    pub async fn plain() -> Self {
        Self::speaking(false, false).await
    }

    async fn speaking(start_tls: bool, secure: bool) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let said = Arc::new(Mutex::new(Vec::new()));
        let tls = TlsAcceptor::from(Arc::new(tls()));
        let all = Arc::clone(&said);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (said, tls) = (Arc::clone(&all), tls.clone());
                tokio::spawn(async move {
                    if secure {
                        if let Ok(stream) = tls.accept(stream).await {
                            converse(stream, &said, "250-AUTH PLAIN LOGIN", true).await;
                        }
                        return;
                    }
                    let offer = if start_tls { "250-STARTTLS" } else { "250-AUTH PLAIN LOGIN" };
                    if let Some(stream) = converse(stream, &said, offer, true).await
                        && let Ok(stream) = tls.accept(stream).await
                    {
                        converse(stream, &said, "250-AUTH PLAIN LOGIN", false).await;
                    }
                });
            }
        });
        Self { port, said, serving }
    }

    /// Everything that was said to it, line by line.
    ///
    /// # Panics
    /// If a conversation panicked.
    #[must_use]
    pub fn said(&self) -> Vec<String> {
        self.said.lock().expect("nobody panicked").clone()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn tls() -> ServerConfig {
    localhost::tls()
}

/// Speaks until the other side hangs up, or gives the stream back for TLS.
async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    said: &Mutex<Vec<String>>,
    offer: &str,
    greets: bool,
) -> Option<S> {
    let mut stream = BufReader::new(stream);
    if greets {
        stream.write_all(b"220 peer\r\n").await.ok()?;
    }
    let (mut in_data, mut line) = (false, String::new());
    loop {
        line.clear();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let text = line.trim_end().to_owned();
        said.lock().expect("nobody panicked").push(text.clone());
        let verb = text.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        let answer = match (in_data, verb.as_str()) {
            (true, ".") => {
                in_data = false;
                "250 taken".to_owned()
            }
            (true, _) => continue,
            (false, "EHLO") => format!("250-peer\r\n{offer}\r\n250 8BITMIME"),
            (false, "STARTTLS") => {
                stream.write_all(b"220 go on\r\n").await.ok()?;
                return Some(stream.into_inner());
            }
            (false, "AUTH") => {
                let (name, password) = LOGIN;
                let expected = STANDARD.encode(format!("\0{name}\0{password}"));
                if text.ends_with(&expected) { "235 welcome".to_owned() } else { "535 who are you".to_owned() }
            }
            (false, "DATA") => {
                in_data = true;
                "354 go on".to_owned()
            }
            (false, "QUIT") => "221 bye".to_owned(),
            (false, _) => "250 ok".to_owned(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
}
