//! How long sessions and what clients get in them last.

use model::{client::Client, realm::Realm, session::UserSession};
use store::sessions::{Lifespan, Open};
use time::{Duration, OffsetDateTime};

/// Client attributes that override the realm's settings, seconds; Keycloak's names.
const CLIENT_IDLE: [&str; 2] = ["client.session.idle.timeout", "client.offline.session.idle.timeout"];
const CLIENT_MAX: [&str; 2] = ["client.session.max.lifespan", "client.offline.session.max.lifespan"];

/// Client attribute: seconds that access tokens of the client last.
const ACCESS_TOKEN: &str = "access.token.lifespan";

/// How long a session of this kind lasts; the longest age of one without an end is no limit.
#[must_use]
pub fn lifespan(realm: &Realm, remember_me: bool, offline: bool) -> Lifespan {
    let settings = &realm.settings;
    let or = |own: i64, usual: i64| if own > 0 { own } else { usual };
    match (offline, remember_me) {
        (true, _) => Lifespan {
            idle: settings.offline_session_idle_timeout,
            max: match settings.offline_session_max_lifespan_enabled {
                true => settings.offline_session_max_lifespan,
                false => i64::from(i32::MAX),
            },
        },
        (false, true) => Lifespan {
            idle: or(settings.sso_session_idle_timeout_remember_me, settings.sso_session_idle_timeout),
            max: or(settings.sso_session_max_lifespan_remember_me, settings.sso_session_max_lifespan),
        },
        (false, false) => Lifespan { idle: settings.sso_session_idle_timeout, max: settings.sso_session_max_lifespan },
    }
}

/// When sessions of `realm` count as open at `now`.
pub(crate) fn open_at(realm: &Realm, now: OffsetDateTime) -> Open {
    let kinds = [(false, false), (true, false), (false, true), (true, true)];
    let kinds = kinds.map(|(remember_me, offline)| lifespan(realm, remember_me, offline));
    Open {
        now,
        used_since: kinds.map(|kind| before(now, kind.idle)),
        started_since: kinds.map(|kind| before(now, kind.max)),
    }
}

/// So many seconds before `now`, or the beginning of time.
fn before(now: OffsetDateTime, seconds: i64) -> OffsetDateTime {
    now.checked_sub(Duration::seconds(seconds)).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// How many seconds of its longest life a session has left at `now`; none if it has no longest life.
#[must_use]
pub fn left(realm: &Realm, session: &UserSession, now: OffsetDateTime) -> Option<i64> {
    if session.offline && !realm.settings.offline_session_max_lifespan_enabled {
        return None;
    }
    let max = lifespan(realm, session.remember_me, session.offline).max;
    Some((max - (now - session.started).whole_seconds()).max(0))
}

/// How many seconds a refresh token of a client lasts if it is issued at `now`: until the session would end if it was not
/// used from then on, or sooner if realm or client say so.
#[must_use]
pub fn refresh_token(realm: &Realm, client: &Client, session: &UserSession, now: OffsetDateTime) -> i64 {
    let settings = &realm.settings;
    let (realm_idle, realm_max, at) = match session.offline {
        true => (settings.client_offline_session_idle_timeout, settings.client_offline_session_max_lifespan, 1),
        false => (settings.client_session_idle_timeout, settings.client_session_max_lifespan, 0),
    };
    let own = |names: [&str; 2], of_realm: i64| {
        let name = names.get(at).copied().unwrap_or_default();
        let given = client.attributes.get(name).and_then(|seconds| seconds.trim().parse::<i64>().ok());
        Some(given.filter(|seconds| *seconds > 0).unwrap_or(of_realm)).filter(|seconds| *seconds > 0)
    };
    let idle = lifespan(realm, session.remember_me, session.offline).idle;
    let age = (now - session.started).whole_seconds();
    let limits = [
        Some(idle),
        own(CLIENT_IDLE, realm_idle),
        own(CLIENT_MAX, realm_max).map(|max| max - age),
        left(realm, session, now),
    ];
    limits.into_iter().flatten().min().unwrap_or(idle).max(0)
}

/// How many seconds an access token of a client lasts, if the session lasts as long.
#[must_use]
pub fn access_token(realm: &Realm, client: &Client) -> i64 {
    let own = client.attributes.get(ACCESS_TOKEN).and_then(|seconds| seconds.trim().parse().ok());
    own.filter(|seconds| *seconds > 0).unwrap_or(realm.settings.access_token_lifespan)
}

/// How many seconds a family of tokens lasts at the most without a refresh: as long as any of its tokens could.
#[must_use]
pub fn family(realm: &Realm, client: &Client, offline: bool) -> i64 {
    let settings = &realm.settings;
    let idle = [false, true].map(|remember_me| lifespan(realm, remember_me, offline).idle);
    let tokens = [access_token(realm, client), settings.access_token_lifespan_for_implicit_flow];
    idle.into_iter().chain(tokens).max().unwrap_or(0)
}
