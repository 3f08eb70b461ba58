//! The authorization endpoint (RFC 6749 section 3.1, OpenID Connect Core 1.0 section 3).
//!
//! A request is trusted step by step: first the client, then where the browser may be sent back to, then everything
//! else. Before the second step is done, a refusal is a page of ours and never a redirect.

pub mod claims_parameter;
mod endpoint;
mod login;
pub mod object;
mod pushed;
pub mod read;
mod request;
pub mod respond;
mod response_type;

pub use claims_parameter::wanted_subject;
pub use endpoint::{get, post};
pub use login::OpenIdConnectLogin;
pub use object::ALGORITHMS as OBJECT_ALGORITHMS;
pub use pushed::push;
pub use read::PAR_PREFIX;
pub use request::AuthorizationRequest;
pub use response_type::{ResponseMode, ResponseType};
