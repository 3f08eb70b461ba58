//! Pages that more than one surface answers with: of the login protocol and of the end of a login.

mod form_post;
mod front_channel_logout;
mod logged_out;
mod login_status;
mod logout_confirm;
mod page_expired;
mod third_party_cookies;

pub use form_post::FormPostPage;
pub use front_channel_logout::{FrontChannelLogoutPage, LogoutFrame};
pub use logged_out::LoggedOutPage;
pub use login_status::LoginStatusFrame;
pub use logout_confirm::LogoutConfirmPage;
pub use page_expired::PageExpiredPage;
pub use third_party_cookies::{CookieProbeRead, CookieProbeSet};
