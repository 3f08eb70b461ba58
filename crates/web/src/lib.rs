//! The kit of every HTTP surface: who called from where, which credentials they sent, and how answers are dressed.
//!
//! It exists so that every door reads the same header in the same way and no door forgets a header of its own. It may
//! depend on `model` and `services`; it knows no protocol's rules.

// Templates name what they use by the path that holds in every crate with pages.
extern crate self as web;

pub mod address;
pub mod assets;
pub mod authorization;
pub mod basic;
pub mod client_shown;
pub mod connection;
pub mod cookies;
pub mod cors;
pub mod door;
pub mod error_page;
pub mod forwarded;
pub mod hosted;
pub mod page;
pub mod pages;
pub mod path;
pub mod payload;
pub mod plain_url;
pub mod realm_shown;
pub mod refusal;
pub mod refusal_id;
pub mod reply;
pub mod request_id;
pub mod security_headers;
pub mod shown;
pub mod welcome;

pub use address::{Destination, WebAddress};
pub use authorization::{basic, bearer_token};
pub use client_shown::ClientShown;
pub use connection::{is_secure, origin};
pub use forwarded::{ForwardedHeader, TrustedProxies};
pub use hosted::{Hosted, PublicAddress};
pub use page::{FormError, Page, Policy};
pub use path::percent_encoded;
pub use plain_url::{NotPlain, PlainUrl};
pub use realm_shown::RealmShown;
pub use shown::Shown;
