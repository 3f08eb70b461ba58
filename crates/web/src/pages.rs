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

use crate::{error_page::ErrorPage, page::Sample, welcome::Welcome};

/// A sample of every page of this crate.
///
/// # Errors
/// As their templates.
pub fn samples() -> askama::Result<Vec<Sample>> {
    Ok(vec![
        Sample::of("form-post", &FormPostPage::sample())?,
        Sample::of("front-channel-logout", &FrontChannelLogoutPage::sample())?,
        Sample::of("logged-out", &LoggedOutPage::sample())?,
        Sample::of("login-status-iframe", &LoginStatusFrame::sample())?,
        Sample::of("logout-confirm", &LogoutConfirmPage::sample())?,
        Sample::of("page-expired", &PageExpiredPage::sample())?,
        Sample::of("step1", &CookieProbeSet::sample())?,
        Sample::of("step2", &CookieProbeRead::sample())?,
        Sample::of("error", &ErrorPage::sample())?,
        Sample::of("welcome", &Welcome::sample())?,
    ])
}
