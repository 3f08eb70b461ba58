//! Connections that speak no HTTP: to the same addresses only, and read to a bound too.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::{
    client::{CONNECT_TIMEOUT, Client},
    policy::AddressPolicy,
    refused::Refused,
};

/// The longest name of a host, in bytes.
const MAX_HOST: usize = 255;
/// How much is read from one connection, in bytes.
const MAX_READ: usize = 1_024 * 1_024;

/// A connection that ends after a bound.
#[derive(Debug)]
pub struct Bounded<S> {
    stream: S,
    left: usize,
}

impl<S> Bounded<S> {
    /// A connection of which no more than the bound is read.
    pub fn new(stream: S) -> Self {
        Self { stream, left: MAX_READ }
    }

    /// The connection itself.
    pub fn stream(&self) -> &S {
        &self.stream
    }

    /// The connection itself, by move.
    pub fn into_inner(self) -> S {
        self.stream
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Bounded<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.left == 0 {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::FileTooLarge, "the other side says too much")));
        }
        let mut part = buffer.take(self.left);
        let read = Pin::new(&mut self.stream).poll_read(context, &mut part);
        let count = part.filled().len();
        buffer.advance(count);
        self.left -= count;
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Bounded<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl Client {
    /// Connects to a host if `policy` allows it. `encrypted`: TLS will say who answers, so public addresses are allowed
    /// too.
    pub(crate) async fn connect(
        &self,
        host: &str,
        port: u16,
        policy: &AddressPolicy,
        encrypted: bool,
    ) -> Result<TcpStream, Refused> {
        let is_host =
            |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | ':' | '[' | ']');
        if host.is_empty() || host.len() > MAX_HOST || !host.chars().all(is_host) || port == 0 {
            return Err(Refused::NoAddress);
        }
        let filter = policy.filter_for(encrypted);
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let found = match host.parse::<IpAddr>() {
            Ok(address) => vec![address],
            Err(_) => self.look_up(host).await.map_err(|error| {
                tracing::debug!(%error, "a host name has no address");
                Refused::UnknownHost
            })?,
        };
        let mut refused = Refused::UnknownHost;
        for address in found {
            if let Err(reason) = filter.check(address) {
                refused = reason;
                continue;
            }
            match timeout(CONNECT_TIMEOUT, TcpStream::connect(SocketAddr::new(address, port))).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => {
                    tracing::debug!(%error, "nobody takes a connection of ours");
                    refused = Refused::NoConnection;
                }
                Err(_) => refused = Refused::TimedOut,
            }
        }
        Err(refused)
    }

    /// TLS on a connection, by the same trust anchors as all requests.
    pub(crate) async fn secure<S>(&self, host: &str, stream: S) -> Result<TlsStream<S>, Refused>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let name = ServerName::try_from(host).map_err(|error| {
            tracing::debug!(%error, "a host name that no certificate can have");
            Refused::NoAddress
        })?;
        let connector = TlsConnector::from(Arc::new(self.tls().clone()));
        connector.connect(name, stream).await.map_err(|error| {
            tracing::debug!(%error, "TLS failed");
            Refused::NoConnection
        })
    }
}
