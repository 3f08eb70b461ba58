//! How often things happen, counted in memory and added to the database every few seconds.
//!
//! An overview of a realm with millions of events reads a few hundred rows instead of them. Nothing is written for it while
//! a request waits, and events that a realm doesn't store are counted all the same. What a node counted since it last wrote
//! is lost if it crashes: these numbers are for a chart, the events for the record.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use model::{event::Event, id::RealmId};
use store::{
    Store,
    event_counts::{self, Count},
};
use time::{Duration, OffsetDateTime};

use crate::Result;

/// The most rows that wait to be written. Realms times reasons times an hour or two; what is beyond is not counted.
const MOST: usize = 200_000;
/// The most rows that one statement writes.
const PORTION: usize = 5_000;
/// The longest reason, in bytes. Reasons are error codes of ours.
const LONGEST_REASON: usize = 64;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Counted {
    /// A person logged in.
    Login,
    /// A login that was refused.
    LoginRefused,
    /// Tokens were given out, for whatever grant, to registries too.
    Tokens,
    /// Something was refused; counted by reason.
    Refused,
    /// A token to pull from a registry, and no more.
    Pull,
    /// A token to push to a registry.
    Push,
}

impl Counted {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Login, Self::LoginRefused, Self::Tokens, Self::Refused, Self::Pull, Self::Push];

    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::LoginRefused => "login_refused",
            Self::Tokens => "tokens",
            Self::Refused => "refused",
            Self::Pull => "pull",
            Self::Push => "push",
        }
    }

    /// Reads the word in the database.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|counted| counted.as_str() == text)
    }
}

/// The reason of a registry's token that grants less than was asked for.
pub const NOT_GRANTED: &str = "not_granted";
/// The reason of refused requests of administrators.
pub const ADMINISTRATOR: &str = "admin_request";

/// What was counted and not written yet.
#[derive(Debug, Default)]
pub struct Counts(Mutex<HashMap<(RealmId, OffsetDateTime, Counted, String), i64>>);

/// The beginning of the hour of a moment.
#[must_use]
pub fn hour_of(moment: OffsetDateTime) -> OffsetDateTime {
    moment
        - Duration::seconds(moment.unix_timestamp().rem_euclid(3_600))
        - Duration::nanoseconds(moment.nanosecond().into())
}

impl Counts {
    /// Counts an event.
    pub(super) fn note(&self, event: &Event) {
        let docker = event.details.get("auth_method").is_some_and(|method| method == model::client::DOCKER_V2);
        let error = event.error.as_deref().unwrap_or_default();
        let add = |what, reason: &str| self.add(event.realm_id, event.time, what, reason);
        match event.kind.as_str() {
            "LOGIN" if docker => {
                add(Counted::Tokens, "");
                let may = |action: &str| event.details.get("granted").is_some_and(|granted| grants(granted, action));
                if may("push") {
                    add(Counted::Push, "");
                } else if may("pull") {
                    add(Counted::Pull, "");
                }
                if event.details.get("refused_actions").is_some_and(|count| count != "0") {
                    add(Counted::Refused, NOT_GRANTED);
                }
            }
            "LOGIN" => {
                add(Counted::Login, "");
                if event.details.get("grant_type").is_some_and(|grant| grant == "password") {
                    add(Counted::Tokens, "");
                }
            }
            "LOGIN_ERROR" => {
                add(Counted::LoginRefused, "");
                add(Counted::Refused, error);
            }
            "CODE_TO_TOKEN" | "REFRESH_TOKEN" | "CLIENT_LOGIN" | "TOKEN_EXCHANGE" | "OAUTH2_DEVICE_CODE_TO_TOKEN" => {
                add(Counted::Tokens, "");
            }
            kind if kind.ends_with("_ERROR") => add(Counted::Refused, error),
            _ => {}
        }
    }

    /// Counts one thing.
    pub(crate) fn add(&self, realm: RealmId, moment: OffsetDateTime, what: Counted, reason: &str) {
        let reason = reason.get(..reason.floor_char_boundary(LONGEST_REASON)).unwrap_or_default().replace('\0', "");
        let key = (realm, hour_of(moment), what, reason);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() < MOST || counts.contains_key(&key) {
            *counts.entry(key).or_default() += 1;
        }
    }

    /// Adds what was counted to the database. What can't be written is kept for the next time.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn write(&self, store: &Store) -> Result<()> {
        let taken = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let mut waiting: Vec<_> = taken
            .into_iter()
            .map(|((realm_id, hour, what, reason), n)| Count {
                realm_id,
                hour,
                what: what.as_str().to_owned(),
                reason,
                n,
            })
            .collect();
        while !waiting.is_empty() {
            let portion = waiting.split_off(waiting.len().saturating_sub(PORTION));
            if let Err(error) = event_counts::add(store, &portion).await {
                self.give_back(waiting.into_iter().chain(portion));
                return Err(error.into());
            }
        }
        Ok(())
    }

    fn give_back(&self, counts: impl Iterator<Item = Count>) {
        let mut present = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for Count { realm_id, hour, what, reason, n } in counts {
            if let Some(what) = Counted::parse(&what) {
                *present.entry((realm_id, hour, what, reason)).or_default() += n;
            }
        }
    }
}

/// Whether scopes, separated by spaces, hold this action.
fn grants(scopes: &str, action: &str) -> bool {
    scopes
        .split(' ')
        .filter(|scope| scope.starts_with("repository:"))
        .filter_map(|scope| scope.rsplit(':').next())
        .any(|actions| actions.split(',').any(|one| one == action || one == "*"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use time::macros::datetime;

    use super::*;

    fn counted(kind: &str, error: Option<&str>, details: &[(&str, &str)]) -> Vec<(Counted, String)> {
        let details: BTreeMap<_, _> =
            details.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let event = Event {
            id: "1".into(),
            realm_id: RealmId(uuid::Uuid::nil()),
            time: datetime!(2026-11-26 04:25:26.5 UTC),
            kind: kind.to_owned(),
            client_id: None,
            user_id: None,
            session_id: None,
            ip_address: None,
            error: error.map(str::to_owned),
            details,
        };
        let counts = Counts::default();
        counts.note(&event);
        let counts = counts.0.into_inner().unwrap();
        assert!(counts.keys().all(|(_, hour, ..)| *hour == datetime!(2026-11-26 04:00 UTC)));
        let mut counted: Vec<_> = counts.into_keys().map(|(.., what, reason)| (what, reason)).collect();
        counted.sort();
        counted
    }

    #[test]
    fn each_event_counts_as_what_an_overview_asks_for() {
        let docker = ("auth_method", "docker-v2");
        let none = String::new;
        assert_eq!(counted("LOGIN", None, &[]), [(Counted::Login, none())]);
        let pulled = [docker, ("granted", "repository:team/pusher:pull repository:host:5000/a:pull")];
        assert_eq!(counted("LOGIN", None, &pulled), [(Counted::Tokens, none()), (Counted::Pull, none())]);
        let pushed = [docker, ("granted", "repository:a:pull,push"), ("refused_actions", "1")];
        assert_eq!(
            counted("LOGIN", None, &pushed),
            [(Counted::Tokens, none()), (Counted::Refused, NOT_GRANTED.to_owned()), (Counted::Push, none())]
        );
        assert_eq!(
            counted("LOGIN_ERROR", Some("user_not_found"), &[docker]),
            [(Counted::LoginRefused, none()), (Counted::Refused, "user_not_found".to_owned())]
        );
        assert_eq!(counted("REFRESH_TOKEN", None, &[]), [(Counted::Tokens, none())]);
        assert_eq!(
            counted("CODE_TO_TOKEN_ERROR", Some("invalid_code"), &[]),
            [(Counted::Refused, "invalid_code".to_owned())]
        );
        assert!(counted("LOGOUT", None, &[]).is_empty());
    }
}
