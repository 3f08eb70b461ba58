//! Writes every page's sample, and the files the pages refer to, into a folder, for a look at them in a browser:
//! `cargo run -p web-login --example samples -- target/pages`. Beside each page lies its Content-Security-Policy.

use std::{fs, path::PathBuf};

use web::{
    Page, assets,
    error_page::ErrorPage,
    pages::{
        CookieProbeRead, CookieProbeSet, FormPostPage, FrontChannelLogoutPage, LoggedOutPage, LoginStatusFrame,
        LogoutConfirmPage, PageExpiredPage,
    },
    welcome::Welcome,
};
use web_login::{ConsentPage, DeviceCodePage, DeviceConfirmPage, DeviceDonePage, LoginPage};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("which folder?")?);
    fs::create_dir_all(folder.join("static"))?;
    for asset in assets::ALL {
        fs::write(folder.join(asset.url().trim_start_matches('/')), asset.content())?;
    }
    let write = |name: &str, page: (String, String)| -> Outcome {
        fs::write(folder.join(format!("{name}.html")), page.0)?;
        fs::write(folder.join(format!("{name}.policy")), page.1)?;
        Ok(())
    };
    write("login", shown(&LoginPage::sample())?)?;
    write("login-refused", shown(&LoginPage::sample_refused())?)?;
    write("login-again", shown(&LoginPage::sample_again())?)?;
    write("login-plain", shown(&LoginPage::sample_plain())?)?;
    write("consent", shown(&ConsentPage::sample())?)?;
    write("device-code", shown(&DeviceCodePage::sample())?)?;
    write("device-code-refused", shown(&DeviceCodePage::sample_refused())?)?;
    write("device-confirm", shown(&DeviceConfirmPage::sample())?)?;
    write("device-done", shown(&DeviceDonePage::sample())?)?;
    write("device-refused", shown(&DeviceDonePage::sample_refused())?)?;
    write("logout-confirm", shown(&LogoutConfirmPage::sample())?)?;
    write("logged-out", shown(&LoggedOutPage::sample())?)?;
    write("front-channel-logout", shown(&FrontChannelLogoutPage::sample())?)?;
    write("form-post", shown(&FormPostPage::sample())?)?;
    write("page-expired", shown(&PageExpiredPage::sample())?)?;
    write("error", shown(&ErrorPage::sample())?)?;
    write("welcome", shown(&Welcome::sample())?)?;
    write("login-status-iframe", shown(&LoginStatusFrame::sample())?)?;
    write("step1", shown(&CookieProbeSet::sample())?)?;
    write("step2", shown(&CookieProbeRead::sample())?)
}

/// The page and its policy.
fn shown(page: &impl Page) -> Result<(String, String), Box<dyn std::error::Error>> {
    Ok((page.render()?, page.policy().to_string()))
}
