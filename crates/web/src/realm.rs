//! The realm in a path.

use std::sync::Arc;

use model::realm::Realm;
use services::{Result, Services, cache};

/// The enabled realm of this name. None if there is no such realm or it is disabled: to strangers both are alike.
///
/// # Errors
/// If the database fails.
pub async fn enabled(services: &Services, name: &str) -> Result<Option<Arc<Realm>>> {
    Ok(cache::realm(services, name).await?.filter(|realm| realm.enabled))
}
