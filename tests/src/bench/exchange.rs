//! What TCP alone gives: the same load against a server that answers whatever it is sent with the same bytes.

use std::{
    net::{Ipv4Addr, SocketAddr},
    thread,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime::Builder,
    sync::oneshot,
};

use super::{
    limit::Limit,
    load::{self, Repeated},
    message,
    usage::Processes,
};

/// Answers of this length, head and all, to a short `GET`, on so many connections.
///
/// # Panics
/// If there is no port.
pub async fn measure(answer_length: usize, connections: usize, length: Duration) -> Limit {
    let (bound, address) = oneshot::channel();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_io().build().expect("a runtime");
        runtime.block_on(async {
            tokio::select! {
                () = serve(answer(answer_length), bound) => {}
                _ = stopped => {}
            }
        });
    });
    let address = address.await.expect("a port");
    // Both ends are threads of this program, so that its own time is the time of both.
    let here = Processes { server: std::process::id(), postmaster: None };
    let clients = Repeated::clients(&[message::get("/", "")], connections, "");
    let measured = load::run(clients, address, length, &here).await;
    drop(stop);
    server.join().expect("a thread that ends");
    Limit { rate: measured.rate, busy: measured.busy.load }
}

fn answer(length: usize) -> Vec<u8> {
    let head = |body: usize| format!("HTTP/1.1 200 OK\r\nContent-Length: {body}\r\n\r\n");
    let body = length.saturating_sub(head(length).len());
    let mut answer = head(body).into_bytes();
    answer.resize(answer.len() + body, b' ');
    answer
}

async fn serve(answer: Vec<u8>, bound: oneshot::Sender<SocketAddr>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
    let _ = bound.send(listener.local_addr().expect("an address"));
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        tokio::spawn(reply(stream, answer.clone()));
    }
}

async fn reply(mut stream: TcpStream, answer: Vec<u8>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    // A request of ours comes in one piece and the next one only after the answer.
    let mut request = [0; 4_096];
    while stream.read(&mut request).await? > 0 {
        stream.write_all(&answer).await?;
    }
    Ok(())
}
