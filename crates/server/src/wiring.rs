//! The parts of a server, put together. Nothing here touches the process: no log, no recorder, no signals, no clock of
//! its own; a test starts as many servers as it likes.

use std::sync::Arc;

use ::web::{PublicAddress, TrustedProxies, assets, hosted, payload, refusal, request_id, security_headers, welcome};
use actix_web::{
    middleware::{NormalizePath, from_fn},
    web::{self, Data, ServiceConfig},
};
use jose::seal::SealingKeys;
use login::BrowserLogins;
use model::clock::Clock;
use protocol::Protocols;
use protocol_docker_v2::DockerV2;
use protocol_openid_connect::{DeviceLogin, OpenIdConnect, OpenIdConnectExamples, OpenIdConnectLogin};
use services::{
    Inner, Services, cache,
    client_keys::ClientKeys,
    events::{Receiver, Recorder, counts::Counts},
    guesses::Guesses,
    keys::ahead::KeysAhead,
    password_hashing::PasswordHashing,
    random::Random,
    refusals::Recent,
};
use store::Store;

use crate::{health, in_flight::InFlight, metrics};

/// Events that may wait to be written before requests are refused.
const EVENT_QUEUE: usize = 10_000;

/// What differs from server to server.
pub struct Parts {
    /// The database, migrated.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// The key that seals private keys and secrets.
    pub sealing: SealingKeys,
    /// The threads that hash passwords.
    pub passwords: PasswordHashing,
    /// The public address without a path, such as `https://id.example.org`.
    pub public_url: String,
    /// The client of all requests that the server makes.
    pub outgoing: outgoing::Client,
}

/// Puts the services together. The receiver is for `jobs`, without which no event is written and no login answered.
#[must_use]
pub fn assemble(parts: Parts) -> (Services, Receiver) {
    let (events, receiver) = Recorder::channel(EVENT_QUEUE);
    let inner = Inner {
        store: parts.store,
        cache: cache::Caches::default(),
        clock: parts.clock,
        random: parts.random,
        sealing: parts.sealing,
        passwords: parts.passwords,
        protocols: Protocols::new(vec![Arc::new(OpenIdConnect), Arc::new(DockerV2)]),
        examples: Arc::new(OpenIdConnectExamples),
        guesses: Guesses::default(),
        keys_ahead: KeysAhead::default(),
        client_keys: ClientKeys::default(),
        events,
        event_counts: Counts::default(),
        recent_refusals: Recent::default(),
        outgoing: parts.outgoing,
    };
    (Services::new(inner, &parts.public_url), receiver)
}

/// What the routes work with.
#[derive(Clone)]
pub struct Site {
    /// The services.
    pub services: Services,
    /// Where the public address comes from.
    pub address: PublicAddress,
    /// The proxies that are believed.
    pub proxies: TrustedProxies,
    /// The count of requests that are being answered.
    pub in_flight: InFlight,
}

/// Mounts everything on an application.
pub fn configure(config: &mut ServiceConfig, site: &Site) {
    let scope =
        // Outermost last: every answer, a refusal of the limits too, gets its headers and its id.
        web::scope("")
            .wrap(from_fn(payload::limited))
            .wrap(from_fn(refusal::in_the_form_of_the_door))
            .wrap(from_fn(rest_admin::cross_origin::answered))
            .wrap(from_fn(hosted::addressed))
            .wrap(from_fn(security_headers::added))
            .wrap(from_fn(request_id::identified))
            .wrap(from_fn(metrics::counted))
            .route("/", web::get().to(welcome::page))
            .configure(assets::routes)
            .configure(health::routes)
            .configure(protocol_openid_connect::routes)
            .configure(web_login::routes)
            .configure(protocol_docker_v2::routes)
            .configure(web_admin::routes)
            .service(
                web::scope("/admin")
                    .wrap(from_fn(rest_admin::refused::told))
                    .wrap(NormalizePath::trim())
                    .configure(rest_admin::routes::configure)
                    .default_service(web::to(refusal::not_found)),
            )
            .default_service(web::to(refusal::not_found));
    let logins = BrowserLogins::new(vec![Arc::new(OpenIdConnectLogin), Arc::new(DeviceLogin)]);
    config
        .app_data(Data::new(logins))
        .app_data(Data::new(site.services.clone()))
        .app_data(Data::new(site.address))
        .app_data(Data::new(site.proxies.clone()))
        .app_data(Data::new(site.in_flight.clone()))
        .service(scope);
}
