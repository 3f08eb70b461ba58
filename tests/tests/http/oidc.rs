//! OpenID Connect over HTTP: sessions and the ways out of them.

mod browser;
mod login_status;
mod logout;
mod logout_back_channel;
mod logout_back_door;
mod logout_bad_input;
mod logout_front_channel;
pub mod recorder;
mod sessions;
mod sessions_administrators;
mod sessions_not_before;
mod sessions_restart;
mod stage;
