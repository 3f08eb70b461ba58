//! Health, in the form of Keycloak's: `{"status": "UP", "checks": []}`.

use std::time::Duration;

use actix_web::{
    HttpResponse,
    web::{Data, ServiceConfig, get},
};
use serde_json::{Value, json};
use services::Services;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Mounts `/health`, `/health/live`, `/health/started` and `/health/ready`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/health/live", get().to(live))
        .route("/health/started", get().to(live))
        .route("/health/ready", get().to(ready))
        .route("/health", get().to(ready));
}

/// The process answers.
async fn live() -> HttpResponse {
    answer(&[])
}

/// The database answers and has the schema that this program needs.
async fn ready(services: Data<Services>) -> HttpResponse {
    let asked = async {
        services.store.ping().await?;
        services.store.is_migrated().await
    };
    let (up, reason) = match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(true)) => (true, None),
        Ok(Ok(false)) => (false, Some("the database schema is not up to date")),
        Ok(Err(error)) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "not ready: the database failed");
            (false, Some("the database can't be reached"))
        }
        Err(_) => (false, Some("the database doesn't answer")),
    };
    let mut check = json!({ "name": "database", "status": status(up) });
    if let (Some(reason), Some(check)) = (reason, check.as_object_mut()) {
        check.insert("data".to_owned(), json!({ "reason": reason }));
    }
    answer(&[(up, check)])
}

fn status(up: bool) -> &'static str {
    if up { "UP" } else { "DOWN" }
}

fn answer(checks: &[(bool, Value)]) -> HttpResponse {
    let up = checks.iter().all(|(up, _)| *up);
    let checks: Vec<_> = checks.iter().map(|(_, check)| check).collect();
    let mut answer = if up { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    answer.json(json!({ "status": status(up), "checks": checks }))
}
