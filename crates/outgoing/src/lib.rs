//! Requests that the server makes itself: key sets and request objects of clients, sector identifiers, logout tokens,
//! mail, directories.
//!
//! Whoever registers a client chooses such an address, and the server stands inside a network that the registrant may
//! not reach. So all of these requests go through one [`Client`], which calls no address that the [`AddressPolicy`]
//! doesn't allow, follows no redirect and reads no more than it was told to. A new reason for a request of ours is a
//! call in here, never another HTTP client.

mod client;
mod directory;
mod mail;
mod policy;
mod ranges;
mod refused;
mod resolver;
mod socket;
mod trust;

#[cfg(test)]
mod tests;

pub use client::{Client, DEFAULT_MAX_BYTES, Fetched};
pub use directory::{Ability, Directory, DirectoryRefused};
pub use mail::{Correspondent, Mail, MailRefused, MailServer, Security};
pub use policy::{AddressPolicy, MAX_NETWORKS, MAX_URL};
pub use refused::Refused;
pub use trust::BadTrust;
