//! Sockets to listen on.

use std::net::{SocketAddr, TcpListener};

use anyhow::{Context, bail};
use tokio::net::{TcpSocket, lookup_host};

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1_024;

/// Listens on every address of `host` (a name such as `localhost` may have two), all with the same port. Port 0 takes
/// a free one. `option` is named in the error.
///
/// # Errors
/// If the name has no address or none of them can be listened on.
pub async fn listen(host: &str, port: u16, option: &str) -> anyhow::Result<(Vec<TcpListener>, u16)> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let mut addresses: Vec<_> =
        lookup_host((host, port)).await.with_context(|| format!("--http-host: {host} has no address"))?.collect();
    addresses.sort_by_key(SocketAddr::is_ipv6);
    addresses.dedup();
    let (mut listeners, mut port) = (Vec::new(), port);
    let mut first_error = None;
    for mut address in addresses {
        address.set_port(port);
        match bind(address) {
            Ok(listener) => {
                port = listener.local_addr()?.port();
                listeners.push(listener);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                bail!("--{option}: something else listens on {address} already. Choose another port")
            }
            Err(error) => first_error = first_error.or(Some((address, error))),
        }
    }
    match (listeners.is_empty(), first_error) {
        (true, Some((address, error))) => bail!("--{option}: can't listen on {address}: {error}"),
        (true, None) => bail!("--http-host: {host} has no address"),
        // A machine without IPv6 can't listen on the second address of localhost; the first is enough.
        _ => Ok((listeners, port)),
    }
}

fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)?.into_std()
}
