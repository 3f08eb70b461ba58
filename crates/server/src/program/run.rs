//! The commands.

use std::{future::Future, path::Path};

use actix_web::{
    dev::{Server, ServerHandle},
    rt::{self, System},
};
use anyhow::Context;
use metrics_exporter_prometheus::PrometheusHandle;
use services::{
    Services,
    bootstrap::{self, FirstAdministrator},
    password_hashing::PasswordHashing,
};
use store::Store;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
    time::{Duration, timeout},
};
use web::PublicAddress;

use super::greeting;
use crate::{
    database::{self, Location},
    http::{Listeners, serve as serve_http, serve_management},
    in_flight::InFlight,
    listen::listen,
    machine, metrics,
    options::{Command, Options},
    sealing_key, tls,
    wiring::{Parts, Site, assemble},
};

/// How long the connections to the database may take to end.
const CLOSE: Duration = Duration::from_secs(5);

/// Runs `work` with the database, which it gets as soon as it is there and its schema is up to date, and puts everything
/// away after it.
pub fn with_database<T, F: Future<Output = anyhow::Result<T>>>(
    options: &Options,
    work: impl FnOnce(Store) -> F,
) -> anyhow::Result<T> {
    with_opened(options, async |location| location.open(options.database_connections).await, work)
}

/// As [`with_database`], for a command that only looks: nothing is changed, the schema neither.
pub fn with_database_read_only<T, F: Future<Output = anyhow::Result<T>>>(
    options: &Options,
    work: impl FnOnce(Store) -> F,
) -> anyhow::Result<T> {
    with_opened(options, async |location| location.open_read_only(options.database_connections).await, work)
}

fn with_opened<T, F: Future<Output = anyhow::Result<T>>>(
    options: &Options,
    open: impl AsyncFnOnce(&Location) -> anyhow::Result<Store>,
    work: impl FnOnce(Store) -> F,
) -> anyhow::Result<T> {
    // From the main thread and before the runtime: PostgreSQL's life hangs on the thread that started it.
    let location = database::locate(options)?;
    let result = System::new().block_on(async {
        let store = open(&location).await?;
        let result = work(store.clone()).await;
        if timeout(CLOSE, store.close()).await.is_err() {
            tracing::warn!("some connections to the database did not end in time");
        }
        result
    });
    Location::stop(location);
    result
}

/// The services of a command or a server, and what takes its events.
pub fn services(
    options: &Options,
    store: Store,
    public_url: String,
) -> anyhow::Result<(Services, services::events::Receiver)> {
    let (clock, random) = machine::clock_and_random();
    Ok(assemble(Parts {
        store,
        clock,
        random,
        sealing: sealing_key::load(&options.sealing_key)?,
        passwords: PasswordHashing::start(options.hashing_threads.get(), options.hashing_queue),
        public_url,
        outgoing: outgoing_client(options.outgoing_trust.as_deref())?,
    }))
}

fn outgoing_client(trust: Option<&Path>) -> anyhow::Result<outgoing::Client> {
    let Some(path) = trust else { return Ok(outgoing::Client::new(None)?) };
    let client =
        std::fs::read(path).map_err(anyhow::Error::from).and_then(|pem| Ok(outgoing::Client::new(Some(&pem))?));
    client.with_context(|| format!("--outgoing-trust-file: {} can't be used", path.display()))
}

fn first_administrator(options: &Options) -> FirstAdministrator {
    FirstAdministrator {
        username: Some(options.bootstrap_admin.username.clone()),
        password: options.bootstrap_admin.password.clone(),
    }
}

/// `migrate`.
pub fn migrate(options: &Options) -> anyhow::Result<()> {
    // Opening it has migrated it.
    with_database(options, async |_| {
        tracing::info!("the database schema is up to date");
        Ok(())
    })
}

/// `bootstrap-admin`.
pub fn bootstrap_admin(options: &Options) -> anyhow::Result<()> {
    with_database(options, async |store| {
        let public_url = options.hostname.clone().unwrap_or_default();
        // The receiver stays: making an administrator records no login event, and must not fail if it ever does.
        let (services, _events) = services(options, store, public_url)?;
        let first = first_administrator(options);
        let made = match bootstrap::ensure(&services, first.clone()).await? {
            Some(made) => made,
            None => bootstrap::add_administrator(&services, first)
                .await
                .context("--bootstrap-admin-username: the administrator can't be made")?,
        };
        greeting::administrator(&made);
        Ok(())
    })
}

/// `start` and `start-dev`.
pub fn serve(options: &Options) -> anyhow::Result<()> {
    let recorder = metrics::install()?;
    with_database(options, async |store| {
        let (plain, port) = match options.http_port {
            Some(port) => {
                let (listeners, port) = listen(&options.http_host, port, "http-port").await?;
                (listeners, Some(port))
            }
            None => (Vec::new(), None),
        };
        let tls = match &options.certificate {
            Some(certificate) => {
                let (listeners, port) = listen(&options.http_host, options.https_port, "https-port").await?;
                tracing::info!(port, "listening with TLS");
                Some((listeners, tls::config(certificate)?))
            }
            None => None,
        };
        let public_url = options
            .hostname
            .clone()
            .unwrap_or_else(|| format!("http://localhost:{}", port.unwrap_or(options.https_port)));
        let (services, events) = services(options, store, public_url.clone())?;
        let (stop_jobs, stopping) = watch::channel(false);
        let jobs = jobs::start(&services, events, options.keys_ahead, stopping).await?;
        let made = bootstrap::ensure(&services, first_administrator(options)).await?;
        let address = if options.hostname.is_some() { PublicAddress::Fixed } else { PublicAddress::OfRequest };
        let in_flight = InFlight::default();
        let (proxies, counted) = (options.proxies.clone(), in_flight.clone());
        let site = Site { services: services.clone(), address, proxies, in_flight: counted };
        let server = serve_http(site, Listeners { plain, tls }, options.workers, options.shutdown_timeout)?;
        let management = management(options, &services, recorder).await?;
        if let Some(made) = &made {
            greeting::administrator(made);
        }
        if options.command == Command::StartDev {
            let username = made.as_ref().map_or(options.bootstrap_admin.username.as_str(), |made| &made.username);
            greeting::development(&public_url, username, &options.data_dir);
        }
        tracing::info!(%public_url, port, "ready");
        let served = until_stopped(server, &in_flight).await;
        if let Some(management) = management {
            management.stop(false).await;
        }
        // After the last request, so that every event that was waited for is written.
        stop_jobs.send_replace(true);
        jobs.join().await;
        tracing::info!("stopped");
        served
    })
}

/// Starts the server for monitoring. Where nobody asked for its port, a development server goes without if the port
/// is taken.
async fn management(
    options: &Options,
    services: &Services,
    recorder: PrometheusHandle,
) -> anyhow::Result<Option<ServerHandle>> {
    let Some(port) = options.management_port else { return Ok(None) };
    let listeners = match listen(&options.http_host, port, "management-port").await {
        Ok((listeners, _)) => listeners,
        Err(error) if options.command == Command::StartDev && !options.management_port_given => {
            tracing::warn!("no metrics: {error:#}, or --management-port off");
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let server = serve_management(services.clone(), recorder, listeners)?;
    let handle = server.handle();
    rt::spawn(server);
    Ok(Some(handle))
}

/// Runs the server until a signal asks it to stop and the requests in flight are answered. A second signal ends it at
/// once.
async fn until_stopped(server: Server, in_flight: &InFlight) -> anyhow::Result<()> {
    let handle = server.handle();
    let mut server = std::pin::pin!(server);
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        result = &mut server => return Ok(result?),
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping: requests in flight are finished first");
    let stopping = async { tokio::join!(handle.stop(true), &mut server).1 };
    tokio::select! {
        result = stopping => Ok(result?),
        () = in_flight.none_left() => Ok(()),
        _ = terminate.recv() => Ok(()),
        _ = interrupt.recv() => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_authorities_that_cannot_be_used_is_named_with_its_option() {
        let refused = |path: &Path| format!("{:#}", outgoing_client(Some(path)).unwrap_err());
        let missing = refused(Path::new("nowhere.pem"));
        assert!(missing.starts_with("--outgoing-trust-file: nowhere.pem can't be used: "), "{missing}");
        let empty = tempfile::NamedTempFile::new().unwrap();
        assert!(refused(empty.path()).ends_with("it holds no certificate in PEM"));
        assert!(outgoing_client(None).is_ok());
    }
}
