//! Names become addresses here, and only those that may be called come out.
//!
//! The connection goes to exactly what comes out, so a name that stands for something else a moment later (DNS
//! rebinding) changes nothing.

use std::{future::Future, io, net::IpAddr, pin::Pin, sync::Arc};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

use crate::{policy::Filter, refused::Refused};

/// The addresses of a name, on their way.
pub type LookingUp = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;
/// Where names are looked up.
pub type Names = Arc<dyn Fn(String) -> LookingUp + Send + Sync>;

/// The names as this machine knows them.
pub fn system() -> Names {
    Arc::new(|name| {
        Box::pin(async move { Ok(lookup_host((name.as_str(), 0)).await?.map(|address| address.ip()).collect()) })
    })
}

/// Looks names up and lets through what the filter allows.
pub struct Filtered {
    /// Where they are looked up.
    pub names: Names,
    /// What may be called.
    pub filter: Filter,
}

impl Resolve for Filtered {
    fn resolve(&self, name: Name) -> Resolving {
        let (looking_up, filter) = ((self.names)(name.as_str().to_owned()), self.filter.clone());
        Box::pin(async move {
            let found = match looking_up.await {
                Ok(found) => found,
                Err(error) => {
                    tracing::debug!(%error, "a host name has no address");
                    return Err(Refused::UnknownHost.into());
                }
            };
            let mut refused = Refused::UnknownHost;
            let mut allowed = Vec::new();
            for address in found {
                match filter.check(address) {
                    // Port 0: that of the URL is taken.
                    Ok(()) => allowed.push((address, 0).into()),
                    Err(reason) => refused = reason,
                }
            }
            if allowed.is_empty() {
                return Err(refused.into());
            }
            let allowed: Addrs = Box::new(allowed.into_iter());
            Ok(allowed)
        })
    }
}
