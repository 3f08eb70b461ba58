//! HTTP servers around the wiring: the public one, and the one for monitoring.

use std::{net::TcpListener, num::NonZeroUsize, time::Duration};

use ::web::{refusal, request_id, security_headers};
use actix_web::{
    App, HttpServer,
    dev::Server,
    middleware::from_fn,
    web::{self, Data},
};
use metrics_exporter_prometheus::PrometheusHandle;
use rustls::ServerConfig;
use services::Services;

use crate::{
    health, metrics,
    wiring::{Site, configure},
};

/// How long a connection may wait for the next request.
const KEEP_ALIVE: Duration = Duration::from_secs(60);
/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Where and how to serve.
pub struct Listeners {
    /// Sockets without TLS.
    pub plain: Vec<TcpListener>,
    /// Sockets with TLS, and what it takes.
    pub tls: Option<(Vec<TcpListener>, ServerConfig)>,
}

/// Starts the public server. It handles no signals: stop it through its handle.
///
/// # Errors
/// If a socket can't be used.
pub fn serve(
    site: Site,
    listeners: Listeners,
    workers: NonZeroUsize,
    shutdown_timeout: Duration,
) -> std::io::Result<Server> {
    let mut server = HttpServer::new(move || App::new().configure(|config| configure(config, &site)))
        .workers(workers.get())
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEAD_TIMEOUT)
        .shutdown_timeout(shutdown_timeout.as_secs())
        .tcp_nodelay(true)
        .disable_signals();
    for listener in listeners.plain {
        server = server.listen(listener)?;
    }
    if let Some((sockets, config)) = listeners.tls {
        for listener in sockets {
            server = server.listen_rustls_0_23(listener, config.clone())?;
        }
    }
    Ok(server.run())
}

/// Starts the server for monitoring: `/metrics` and `/health`.
///
/// # Errors
/// If a socket can't be used.
pub fn serve_management(
    services: Services,
    recorder: PrometheusHandle,
    listeners: Vec<TcpListener>,
) -> std::io::Result<Server> {
    let mut server = HttpServer::new(move || {
        App::new()
            .app_data(Data::new(services.clone()))
            .app_data(Data::new(recorder.clone()))
            .wrap(from_fn(security_headers::added))
            .wrap(from_fn(request_id::identified))
            .configure(health::routes)
            .configure(metrics::routes)
            .default_service(web::to(refusal::not_found))
    })
    .workers(1)
    .shutdown_timeout(1)
    .disable_signals();
    for listener in listeners {
        server = server.listen(listener)?;
    }
    Ok(server.run())
}
