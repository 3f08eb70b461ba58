//! The part that a client has in a session: the authorization codes that wait and the families of tokens that came of
//! earlier ones, all in the one row of session and client.
//!
//! Whatever may happen once only (a code is redeemed, a refresh token is exchanged) is one statement that locks this
//! row, so that of any number of requests on any number of nodes one succeeds and the others are seen as replays.

mod authorize;
mod check;
mod redeem;
mod refresh;
mod revoke;

use model::id::{ClientId, RealmId, SessionId};

pub(crate) use authorize::MOST_FAMILIES;
pub use authorize::{Authorized, authorize};
pub use check::{Holder, token_holder, user_of_token};
pub use redeem::{Redeemed, redeem};
pub use refresh::{Refresh, Refreshed, Rotation, refresh};
pub use revoke::{revoke_access_token, revoke_family};

/// The session in a row that holds its columns beside those of its user.
macro_rules! session_of {
    ($row:ident, $offline:expr) => {
        model::session::UserSession {
            id: model::id::SessionId($row.session_id),
            user_id: model::id::UserId($row.id.clone()),
            username: $row.username.clone(),
            ip_address: $row.ip_address,
            started: $row.started_at,
            last_access: $row.last_access_at,
            authenticated: $row.authenticated_at,
            remember_me: $row.remember_me,
            offline: $offline,
            clients: Vec::new(),
        }
    };
}
use session_of;

/// A client's part in a session.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// The realm.
    pub realm: RealmId,
    /// The session.
    pub session: &'a SessionId,
    /// It is an offline session.
    pub offline: bool,
    /// The client.
    pub client: &'a ClientId,
}
