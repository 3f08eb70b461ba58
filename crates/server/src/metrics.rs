//! Metrics for Prometheus. The recorder is installed in the program only; elsewhere recording does nothing.
//!
//! No label ever holds anything of a request: paths are those of our route table.

use std::time::Instant;

use actix_web::{
    Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header::ContentType},
    middleware::Next,
    web::{Data, ServiceConfig, get},
};
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use services::Services;

use crate::in_flight::InFlight;

/// Upper ends of the histogram's classes, in seconds.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Installs the recorder of this process.
///
/// # Errors
/// If there is one already.
pub fn install() -> anyhow::Result<PrometheusHandle> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .install_recorder()?;
    describe_counter!("http_requests_total", "Requests by route, method and status");
    describe_histogram!("http_request_duration_seconds", "Time to answer by route and method");
    describe_gauge!("database_connections", "Connections to the database by state");
    Ok(handle)
}

/// Mounts `/metrics`; the handle is application data.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/metrics", get().to(page));
}

async fn page(handle: Data<PrometheusHandle>, services: Data<Services>) -> HttpResponse {
    let (used, open) = services.store.connections();
    gauge!("database_connections", "state" => "used").set(used as f64);
    gauge!("database_connections", "state" => "open").set(open as f64);
    handle.run_upkeep();
    HttpResponse::Ok().content_type(ContentType::plaintext()).body(handle.render())
}

/// Middleware that counts and times requests.
///
/// # Errors
/// As the services within.
pub async fn counted(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let _answering = request.app_data::<Data<InFlight>>().map(|requests| requests.begin());
    let method = known(request.method());
    let response = next.call(request).await?;
    let route = response.request().match_pattern().unwrap_or_else(|| "none".to_owned());
    let status = response.status().as_u16().to_string();
    counter!("http_requests_total", "route" => route.clone(), "method" => method, "status" => status).increment(1);
    histogram!("http_request_duration_seconds", "route" => route, "method" => method)
        .record(started.elapsed().as_secs_f64());
    Ok(response)
}

/// The methods that we have routes for; whatever else a client makes up is one.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
