//! The page that tells applications through the browser that their user is logged out (OpenID Connect Front-Channel
//! Logout): one hidden frame for each, and then on to where the logout was to lead.

use askama::Template;

use crate::{
    address::{Destination, WebAddress},
    page::{Page, Policy},
    realm_shown::RealmShown,
    shown::Shown,
};

/// An application and the address at which it logs its user out.
pub struct LogoutFrame {
    /// The application's name.
    pub client: Shown,
    /// Its front-channel logout URI, with `iss` and `sid` as it asked for.
    pub logout_uri: WebAddress,
}

/// The page. It goes on as soon as all frames are loaded, after a few seconds at the latest, and without scripts too.
#[derive(Template)]
#[template(path = "logout/front_channel.html")]
pub struct FrontChannelLogoutPage {
    realm: RealmShown,
    frames: Vec<LogoutFrame>,
    destination: Option<Destination>,
}

impl FrontChannelLogoutPage {
    /// Logs out of the applications in `frames`; without a destination the page stays.
    #[must_use]
    pub fn new(realm: impl Into<RealmShown>, frames: Vec<LogoutFrame>, destination: Option<Destination>) -> Self {
        Self { realm: realm.into(), frames, destination }
    }

    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample() -> Self {
        let frame = |(name, path)| LogoutFrame { client: Shown::name(name), logout_uri: WebAddress::sample(path) };
        let frames =
            [("Field Notes", "/logout?iss=https%3A%2F%2Flogin.example&sid=1"), ("Star Catalogue", "/stars/bye")];
        let frames = frames.map(frame).into();
        Self::new("Northwind Observatory", frames, Some(WebAddress::sample("/bye").into()))
    }
}

impl Page for FrontChannelLogoutPage {
    fn policy(&self) -> Policy {
        Policy::default().with_scripts().with_frames()
    }
}
