//! What people see while they log in, one file per page. The pages hold no rules: whoever answers with one has decided
//! what is on it.

#[expect(clippy::result_large_err, reason = "what goes wrong is an answer, and a request has one")]
mod actions;
pub mod asked_scope;
pub mod confirm_email;
pub mod consent;
pub mod device_code;
pub mod device_confirm;
pub mod device_done;
pub mod link_done;
pub mod login;
mod theme;
pub mod update_password;

pub use actions::routes;
pub use asked_scope::AskedScope;
pub use confirm_email::ConfirmEmailPage;
pub use consent::ConsentPage;
pub use device_code::DeviceCodePage;
pub use device_confirm::DeviceConfirmPage;
pub use device_done::{DeviceDonePage, DeviceOutcome};
pub use link_done::{LinkDonePage, LinkOutcome};
pub use login::{LoginPage, UsernameLabel};
pub use update_password::UpdatePasswordPage;

use web::page::Sample;

/// A sample of every page of this crate, in each of its forms.
///
/// # Errors
/// As their templates.
pub fn samples() -> askama::Result<Vec<Sample>> {
    Ok(vec![
        Sample::of("login", &LoginPage::sample())?,
        Sample::of("login-refused", &LoginPage::sample_refused())?,
        Sample::of("login-again", &LoginPage::sample_again())?,
        Sample::of("login-plain", &LoginPage::sample_plain())?,
        Sample::of("update-password", &UpdatePasswordPage::sample())?,
        Sample::of("update-password-refused", &UpdatePasswordPage::sample_refused())?,
        Sample::of("confirm-email", &ConfirmEmailPage::sample())?,
        Sample::of("link-done", &LinkDonePage::sample())?,
        Sample::of("link-stale", &LinkDonePage::sample_stale())?,
        Sample::of("consent", &ConsentPage::sample())?,
        Sample::of("device-code", &DeviceCodePage::sample())?,
        Sample::of("device-code-refused", &DeviceCodePage::sample_refused())?,
        Sample::of("device-confirm", &DeviceConfirmPage::sample())?,
        Sample::of("device-done", &DeviceDonePage::sample())?,
        Sample::of("device-refused", &DeviceDonePage::sample_refused())?,
    ])
}
