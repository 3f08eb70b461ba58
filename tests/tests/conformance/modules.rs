//! The modules, each under its own name; `docs/oidc-conformance.md` says which plan has which.

mod assertions;
mod claims;
mod codes;
mod discovery;
mod happy;
mod key_rotation;
mod logout;
mod redirect_uris;
mod registration;
mod request_objects;
mod response_types;
mod session_management;
mod sessions;
mod signatures;
mod userinfo;

pub use assertions::*;
pub use claims::*;
pub use codes::*;
pub use discovery::*;
pub use happy::*;
pub use key_rotation::*;
pub use logout::*;
pub use redirect_uris::*;
pub use registration::*;
pub use request_objects::*;
pub use response_types::*;
pub use session_management::*;
pub use sessions::*;
pub use signatures::*;
pub use userinfo::*;
