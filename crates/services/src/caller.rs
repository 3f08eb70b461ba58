//! Who asks, from where, and what they may do.

use std::{collections::BTreeSet, fmt::Debug};

use model::{
    id::{ClientId, RealmId, SessionId, UserId},
    permission::{Permission, Permissions},
};

use crate::{Error, Result, Services, random, version};

/// From where a request came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address of the caller, as far as it can be trusted.
    pub ip_address: Option<String>,
    /// The program that called, shortened to 255 bytes.
    pub user_agent: Option<String>,
}

/// An administrator in front of one realm.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The realm that the administrator belongs to.
    pub realm: RealmId,
    /// That realm's id in representations.
    pub realm_given_id: String,
    /// The administrator belongs to the master realm.
    pub of_master: bool,
    /// The administrator; none for the server itself (command line, bootstrap).
    pub user: Option<UserId>,
    /// The client that the administrator uses.
    pub client: Option<ClientId>,
    /// The session of the administrator's token.
    pub session: Option<SessionId>,
    /// From where.
    pub origin: Origin,
    /// The origins of pages that may use the administrator's token, as it says itself; `*` is any.
    pub allowed_origins: BTreeSet<String>,
    /// What the administrator may do to the realm in front of them.
    pub permissions: Permissions,
    /// May make realms.
    pub create_realm: bool,
    /// The versions of the thing in question that a change is meant for; none: whatever it is by now.
    pub only_for: Option<Vec<String>>,
}

impl Caller {
    /// The server itself, on behalf of whoever runs it: may do everything.
    #[must_use]
    pub fn server(realm: RealmId) -> Self {
        Self {
            realm,
            realm_given_id: String::new(),
            of_master: true,
            user: None,
            client: None,
            session: None,
            origin: Origin::default(),
            allowed_origins: BTreeSet::new(),
            permissions: Permissions::all(),
            create_realm: true,
            only_for: None,
        }
    }

    /// The server itself, for a command that is about no realm in particular.
    #[must_use]
    pub fn of_server(services: &Services) -> Self {
        Self::server(RealmId(random::new_id(&*services.random, services.now())))
    }

    /// Whether the caller holds one of `permissions`.
    #[must_use]
    pub fn may(&self, permissions: &[Permission]) -> bool {
        self.permissions.has_any(permissions)
    }

    /// Goes on only if the caller holds one of `permissions`.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn require(&self, permissions: &[Permission]) -> Result<()> {
        if self.may(permissions) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Goes on only if a change is meant for a thing as it is by now. Nobody else may be able to change the thing before
    /// the transaction ends.
    ///
    /// # Errors
    /// [`Error::Stale`].
    pub fn require_version(&self, present: &impl Debug) -> Result<()> {
        match &self.only_for {
            Some(versions) if !versions.contains(&version::of(present)) => Err(Error::Stale),
            Some(_) | None => Ok(()),
        }
    }
}
