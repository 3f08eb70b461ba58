//! The one client of all requests that the server makes.

use std::{
    collections::VecDeque,
    fmt, io,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use reqwest::{Response, header::CONTENT_TYPE, redirect};
use rustls::{ClientConfig, pki_types::CertificateDer};

use crate::{
    policy::{AddressPolicy, Filter},
    refused::Refused,
    resolver::{Filtered, Names, system},
    trust::{self, BadTrust},
};

/// How large an answer may be where nothing else is known, in bytes.
pub const DEFAULT_MAX_BYTES: usize = 64 * 1024;

/// How long a connection may take, TLS and all.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a request may take from the name's look-up to the last byte of the answer.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection is kept for the next request.
const IDLE: Duration = Duration::from_secs(30);
/// How many connections to one host are kept.
const IDLE_PER_HOST: usize = 4;
/// How many filters keep their connections.
const KEPT_FILTERS: usize = 16;
/// The longest media type that is handed on, in bytes.
const MAX_MEDIA_TYPE: usize = 255;

/// What was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The media type as it was written, with its parameters.
    pub content_type: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// The client. One per server; cheap to clone.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    tls: ClientConfig,
    anchors: Vec<CertificateDer<'static>>,
    names: Names,
    /// One HTTP client per filter, the latest last: they keep connections, and a connection that one policy allowed may
    /// not serve a request under another.
    kept: Mutex<VecDeque<(Filter, reqwest::Client)>>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("outgoing::Client")
    }
}

impl Client {
    /// A client that believes the trust anchors of the machine and those in `further`, in PEM.
    ///
    /// # Errors
    /// If `further` holds none or one that can't be used.
    pub fn new(further: Option<&[u8]>) -> Result<Self, BadTrust> {
        Self::with_names(further, system())
    }

    /// As [`Self::new`], with names looked up elsewhere.
    pub(crate) fn with_names(further: Option<&[u8]>, names: Names) -> Result<Self, BadTrust> {
        let (tls, anchors) = trust::config(further)?;
        Ok(Self(Arc::new(Inner { tls, anchors, names, kept: Mutex::default() })))
    }

    /// Fetches `url` if `policy` allows it, and takes up to `max_bytes` of an answer with a status of 2xx.
    ///
    /// # Errors
    /// If the address may not be called, there is no answer, or it isn't taken.
    pub async fn get(&self, url: &str, policy: &AddressPolicy, max_bytes: usize) -> Result<Fetched, Refused> {
        let url = policy.check(url)?;
        let answer = self.http(policy.filter(&url))?.get(url).send().await?;
        if !answer.status().is_success() {
            return Err(Refused::Status(answer.status().as_u16()));
        }
        let media_type = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = media_type.filter(|text| text.len() <= MAX_MEDIA_TYPE).map(str::to_owned);
        Ok(Fetched { content_type, body: body(answer, max_bytes).await? })
    }

    /// Posts a form to `url` if `policy` allows it, and gives the status of the answer, whose body is not read.
    ///
    /// # Errors
    /// If the address may not be called, or there is no answer.
    pub async fn post_form(&self, url: &str, policy: &AddressPolicy, form: &[(&str, &str)]) -> Result<u16, Refused> {
        let url = policy.check(url)?;
        let answer = self.http(policy.filter(&url))?.post(url).form(form).send().await?;
        Ok(answer.status().as_u16())
    }

    /// Posts a text to `url` if `policy` allows it, and gives the status of the answer, whose body is not read.
    ///
    /// # Errors
    /// If the address may not be called, or there is no answer.
    pub async fn post_text(&self, url: &str, policy: &AddressPolicy, text: String) -> Result<u16, Refused> {
        let url = policy.check(url)?;
        let answer =
            self.http(policy.filter(&url))?.post(url).header(CONTENT_TYPE, "text/plain").body(text).send().await?;
        Ok(answer.status().as_u16())
    }

    /// Posts JSON with further headers to `url` if `policy` allows it, and gives the status of the answer, whose body is
    /// not read.
    ///
    /// # Errors
    /// If the address may not be called, or there is no answer.
    pub async fn post_json(
        &self,
        url: &str,
        policy: &AddressPolicy,
        headers: &[(&'static str, String)],
        json: String,
    ) -> Result<u16, Refused> {
        let url = policy.check(url)?;
        let mut request = self.http(policy.filter(&url))?.post(url).header(CONTENT_TYPE, "application/json").body(json);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        Ok(request.send().await?.status().as_u16())
    }

    /// The configuration of TLS for all requests.
    pub(crate) fn tls(&self) -> &ClientConfig {
        &self.0.tls
    }

    /// The trust anchors of that configuration.
    pub(crate) fn anchors(&self) -> &[CertificateDer<'static>] {
        &self.0.anchors
    }

    /// The addresses of a name.
    pub(crate) async fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        (self.0.names)(name.to_owned()).await
    }

    /// The HTTP client whose connections this filter allowed.
    fn http(&self, filter: Filter) -> Result<reqwest::Client, Refused> {
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = kept.iter().find(|(of, _)| *of == filter) {
            return Ok(client.clone());
        }
        let resolver = Arc::new(Filtered { names: Arc::clone(&self.0.names), filter: filter.clone() });
        let client = reqwest::Client::builder()
            .use_preconfigured_tls(self.0.tls.clone())
            .dns_resolver(resolver)
            .no_proxy()
            .redirect(redirect::Policy::none())
            .referer(false)
            .user_agent("portcullis")
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_PER_HOST)
            // An answer that has to be unpacked could be larger than its bound.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .build()?;
        if kept.len() == KEPT_FILTERS {
            kept.pop_front();
        }
        kept.push_back((filter, client.clone()));
        Ok(client)
    }
}

async fn body(mut answer: Response, max_bytes: usize) -> Result<Vec<u8>, Refused> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > max_bytes {
            return Err(Refused::TooLarge(max_bytes));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
