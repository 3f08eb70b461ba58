//! A realm at a glance: logins, tokens and refusals over time, and the keys and certificates that need care.
//!
//! Numbers come from the counts of each hour (see [`crate::events::counts`]), a few hundred rows whatever the number of
//! events; keys come from the cache. So this is one statement.

use std::collections::BTreeMap;

use model::{key::KeyUse, permission::Permission, realm::Realm};
use time::{Duration, OffsetDateTime};

use crate::{
    Caller, Result, Services, cache,
    events::counts::{Counted, hour_of},
    refusals,
};

/// How soon the end of a certificate is near.
const NEAR: Duration = Duration::days(30);
/// From when on the age of a signing key is worth a word.
const AGED: Duration = Duration::days(365);
/// The most reasons that are told apart.
const MOST_REASONS: usize = 8;

/// The time that an overview is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Span {
    /// The last 24 hours, by hour.
    #[default]
    Day,
    /// The last 14 days, by day.
    Fortnight,
}

impl Span {
    /// How many columns a chart of it has.
    #[must_use]
    pub fn columns(self) -> usize {
        match self {
            Self::Day => 24,
            Self::Fortnight => 14,
        }
    }

    fn step(self) -> Duration {
        match self {
            Self::Day => Duration::HOUR,
            Self::Fortnight => Duration::DAY,
        }
    }
}

/// How often something happened, column by column, the oldest first.
pub type Series = Vec<i64>;

/// A realm at a glance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// The beginning of each column.
    pub columns: Vec<OffsetDateTime>,
    /// Logins of people.
    pub logins: Series,
    /// Logins that were refused.
    pub logins_refused: Series,
    /// Requests that got tokens.
    pub tokens: Series,
    /// Tokens to pull from registries.
    pub pulls: Series,
    /// Tokens to push to registries.
    pub pushes: Series,
    /// Refusals by error code, the most frequent first; the rest is summed up under an empty name.
    pub refusals: Vec<(String, i64)>,
    /// The realm stores its events, so that refusals can be looked into.
    pub events_stored: bool,
    /// What needs care. Empty for callers who may not see keys.
    pub care: Vec<Care>,
}

/// A key or certificate that needs care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Care {
    /// What it is, such as `RS256 key`.
    pub what: String,
    /// Its key id.
    pub kid: String,
    /// What is the matter, in a sentence.
    pub matter: String,
    /// It does not wait.
    pub urgent: bool,
}

/// A realm at a glance.
///
/// # Errors
/// `Forbidden` without `view-events` or `manage-events`.
pub async fn overview(services: &Services, caller: &Caller, realm: &Realm, span: Span) -> Result<Overview> {
    caller.require(refusals::VIEW)?;
    let now = services.now();
    let columns = columns(span, now);
    let from = columns.first().copied().unwrap_or(now);
    let counts = store::event_counts::since(&mut *services.store.read().await?, realm.id, from).await?;
    let empty = vec![0; columns.len()];
    let mut series: BTreeMap<Counted, Series> = BTreeMap::new();
    let mut reasons: BTreeMap<String, i64> = BTreeMap::new();
    for count in counts {
        let Some(what) = Counted::parse(&count.what) else { continue };
        if what == Counted::Refused {
            *reasons.entry(count.reason).or_default() += count.n;
            continue;
        }
        let at = columns.partition_point(|column| *column <= count.hour).saturating_sub(1);
        if let Some(sum) = series.entry(what).or_insert_with(|| empty.clone()).get_mut(at) {
            *sum += count.n;
        }
    }
    let mut take = |what: Counted| series.remove(&what).unwrap_or_else(|| empty.clone());
    Ok(Overview {
        logins: take(Counted::Login),
        logins_refused: take(Counted::LoginRefused),
        tokens: take(Counted::Tokens),
        pulls: take(Counted::Pull),
        pushes: take(Counted::Push),
        refusals: most_frequent(reasons),
        events_stored: realm.settings.events.events_enabled,
        care: care(services, caller, realm).await?,
        columns,
    })
}

/// The beginnings of the columns: the last one is the hour or the day of now.
fn columns(span: Span, now: OffsetDateTime) -> Vec<OffsetDateTime> {
    let hour = hour_of(now);
    let last = match span {
        Span::Day => hour,
        Span::Fortnight => hour - Duration::hours(i64::from(hour.to_offset(time::UtcOffset::UTC).hour())),
    };
    let count = i32::try_from(span.columns()).unwrap_or(i32::MAX);
    (0..count).rev().map(|back| last - span.step() * back).collect()
}

fn most_frequent(reasons: BTreeMap<String, i64>) -> Vec<(String, i64)> {
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let rest: i64 = reasons.iter().skip(MOST_REASONS).map(|(_, n)| n).sum();
    reasons.truncate(MOST_REASONS);
    if rest > 0 {
        reasons.push((String::new(), rest));
    }
    reasons
}

/// The keys and certificates of a realm that need care; none for callers who may not see keys.
///
/// # Errors
/// If the database or the cryptographic library fails.
pub async fn care(services: &Services, caller: &Caller, realm: &Realm) -> Result<Vec<Care>> {
    if !caller.may(&[Permission::ViewRealm, Permission::ManageRealm]) {
        return Ok(Vec::new());
    }
    let keys = cache::keys(services, realm).await?;
    let now = services.now();
    let mut care = Vec::new();
    let signing = keys.all().iter().map(|key| &key.stored);
    for key in signing.chain(keys.others()).filter(|key| key.enabled) {
        let what = match key.purpose {
            KeyUse::Encryption => format!("{} key for encryption", key.algorithm),
            KeyUse::Signature | KeyUse::RegistryAuthority => format!("{} key", key.algorithm),
        };
        if let Some(certificate) = &key.certificate
            && let Ok(end) = jose::certificate::expires_at(certificate)
        {
            let (matter, urgent) = match end - now.unix_timestamp() {
                left if left <= 0 => ("Its certificate has ended. Make a new key.".to_owned(), true),
                left if left <= NEAR.whole_seconds() => (days("Its certificate ends", left), true),
                _ => (String::new(), false),
            };
            if !matter.is_empty() {
                care.push(Care { what: what.clone(), kid: key.kid.clone(), matter, urgent });
            }
        }
        let age = now - key.created;
        if key.active && key.purpose == KeyUse::Signature && age > AGED {
            let matter = format!("It has signed for {} days. Make a new one with a higher priority.", age.whole_days());
            care.push(Care { what, kid: key.kid.clone(), matter, urgent: false });
        }
    }
    if let Some(end) = keys.authority_ends() {
        let left = end - now.unix_timestamp();
        if left <= NEAR.whole_seconds() {
            let matter = if left <= 0 {
                "It has ended: no registry trusts tokens any more.".to_owned()
            } else {
                days("Registries will trust no tokens once it ends,", left)
            };
            care.push(Care { what: "Registry authority".to_owned(), kid: String::new(), matter, urgent: true });
        }
    }
    care.sort_by_key(|care| !care.urgent);
    Ok(care)
}

fn days(text: &str, seconds: i64) -> String {
    match seconds / 86_400 {
        0 => format!("{text} today."),
        1 => format!("{text} tomorrow."),
        days => format!("{text} in {days} days."),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_last_column_is_the_present_one() {
        let now = datetime!(2026-11-26 04:25:26.123 UTC);
        let hours = columns(Span::Day, now);
        assert_eq!(
            (hours.len(), hours.first(), hours.last()),
            (24, Some(&datetime!(2026-11-25 05:00 UTC)), Some(&datetime!(2026-11-26 04:00 UTC)))
        );
        let days = columns(Span::Fortnight, now);
        assert_eq!(
            (days.len(), days.first(), days.last()),
            (14, Some(&datetime!(2026-11-13 00:00 UTC)), Some(&datetime!(2026-11-26 00:00 UTC)))
        );
    }

    #[test]
    fn rare_reasons_are_summed_up() {
        let reasons = (1..=10).map(|n| (format!("r{n:02}"), n)).collect();
        let frequent = most_frequent(reasons);
        assert_eq!(
            (frequent.len(), frequent.first(), frequent.last()),
            (9, Some(&("r10".to_owned(), 10)), Some(&(String::new(), 3)))
        );
    }
}
