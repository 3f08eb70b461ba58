//! Who asks, from where, and what they may do.

use std::{
    collections::BTreeSet,
    fmt::Debug,
    sync::{Arc, Mutex, PoisonError},
};

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
    /// What the caller would have needed for what was refused last.
    pub lacking: Lacking,
}

/// What somebody would have needed to be let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// One of these permissions.
    AnyOf(Permissions),
    /// Any permission on the realm.
    Any,
    /// The right to make realms.
    CreateRealm,
    /// These rights, by name, because somebody else holds them or would get them: nobody hands on or gets at what they lack.
    Beyond(BTreeSet<String>),
    /// To belong to the realm in question, or to master.
    OtherRealm,
    /// Something that is no permission, such as a person behind the token.
    Something,
}

/// What was refused last and why. An error says only that something was forbidden, as callers hear no more than that; whoever
/// keeps the refusal for administrators looks here.
#[derive(Clone, Debug, Default)]
pub struct Lacking(Arc<Mutex<Option<Need>>>);

impl Lacking {
    /// Notes what was missing.
    pub fn note(&self, need: Need) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(need);
    }

    /// What was missing last.
    #[must_use]
    pub fn last(&self) -> Option<Need> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
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
            lacking: Lacking::default(),
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
        if self.may(permissions) {
            return Ok(());
        }
        self.lacking.note(Need::AnyOf(permissions.iter().copied().collect()));
        Err(Error::Forbidden)
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
