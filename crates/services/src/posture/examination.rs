//! Going through realms and their clients, a page at a time.

use std::collections::{BTreeSet, VecDeque};

use model::realm::Realm;
use store::{PgConnection, Store, components::Filter};
use time::OffsetDateTime;

use super::{ClientFacts, Finding, RealmFacts, of_client, of_realm};
use crate::{Error, Result, client_registration::PROVIDER_TYPE};

/// How many realms, and how many clients, are read at a time.
const PAGE: i64 = 200;

/// What was looked at since the last time.
#[derive(Debug)]
pub enum Seen {
    /// A realm itself.
    Realm(Vec<Finding>),
    /// So many clients of it.
    Clients(usize, Vec<Finding>),
}

/// An examination of realms. It holds one page of realms and one of clients, however many there are.
pub struct Examination {
    store: Store,
    now: OffsetDateTime,
    which: Which,
    at: At,
}

enum Which {
    /// All realms; those after this name are still to be read.
    All { after: String, page: VecDeque<Realm> },
    /// These.
    Named(VecDeque<String>),
}

enum At {
    /// Before the next realm.
    Between,
    /// After this client of the realm.
    Clients { realm: Box<Realm>, after: String },
}

impl Examination {
    /// Examines the realms of these names, or all if there are none.
    #[must_use]
    pub fn new(store: Store, now: OffsetDateTime, names: &[String]) -> Self {
        let which = match names {
            [] => Which::All { after: String::new(), page: VecDeque::new() },
            names => Which::Named(names.iter().cloned().collect()),
        };
        Self { store, now, which, at: At::Between }
    }

    /// Looks at the next realm or at the next clients of it. None at the end.
    ///
    /// # Errors
    /// `Refused` for a realm that was named and isn't there, or if the database fails.
    pub async fn next(&mut self) -> Result<Option<Seen>> {
        let mut conn = self.store.read().await?;
        match std::mem::replace(&mut self.at, At::Between) {
            At::Between => {
                let Some(realm) = next_realm(&mut self.which, &mut conn).await? else { return Ok(None) };
                let findings = examine(&mut conn, &realm, self.now).await?;
                self.at = At::Clients { realm: Box::new(realm), after: String::new() };
                Ok(Some(Seen::Realm(findings)))
            }
            At::Clients { realm, after } => {
                let (seen, last) = examine_clients(&mut conn, &realm, &after, self.now).await?;
                if let Some(after) = last {
                    self.at = At::Clients { realm, after };
                }
                Ok(Some(seen))
            }
        }
    }
}

async fn next_realm(which: &mut Which, conn: &mut PgConnection) -> Result<Option<Realm>> {
    match which {
        Which::All { after, page } => {
            if page.is_empty() {
                *page = store::realms::page(conn, after, PAGE).await?.into();
            }
            let next = page.pop_front();
            if let Some(realm) = &next {
                after.clone_from(&realm.name);
            }
            Ok(next)
        }
        Which::Named(names) => {
            let Some(name) = names.pop_front() else { return Ok(None) };
            let found = store::realms::find_by_name(conn, &name).await?;
            found.map(|(realm, _)| Some(realm)).ok_or_else(|| Error::Refused(format!("There is no realm '{name}'")))
        }
    }
}

async fn examine(conn: &mut PgConnection, realm: &Realm, now: OffsetDateTime) -> Result<Vec<Finding>> {
    let (keys, _) = store::keys::list(conn, realm.id).await?;
    let policies = Filter { provider_type: Some(PROVIDER_TYPE.to_owned()), ..Filter::default() };
    let policies = store::components::list(conn, realm.id, &policies).await?;
    Ok(of_realm(&RealmFacts { realm, keys: &keys, registration_policies: &policies, now }))
}

/// The clients after `after`, and the last of them if there may be more.
async fn examine_clients(
    conn: &mut PgConnection,
    realm: &Realm,
    after: &str,
    now: OffsetDateTime,
) -> Result<(Seen, Option<String>)> {
    let clients = store::clients::page(conn, realm.id, after, PAGE).await?;
    let accounts: Vec<_> = clients
        .iter()
        .filter(|client| client.settings.service_accounts_enabled)
        .map(|client| client.id.clone())
        .collect();
    let privileged: BTreeSet<_> = match accounts.is_empty() {
        true => BTreeSet::new(),
        false => store::permissions::privileged_clients(conn, realm.id, &accounts).await?.into_iter().collect(),
    };
    let findings = clients.iter().flat_map(|client| {
        of_client(&ClientFacts { realm: &realm.name, client, privileged: privileged.contains(&client.id), now })
    });
    let seen = Seen::Clients(clients.len(), findings.collect());
    let full = i64::try_from(clients.len()).is_ok_and(|read| read == PAGE);
    let last = clients.last().filter(|_| full).map(|client| client.client_id.clone());
    Ok((seen, last))
}
