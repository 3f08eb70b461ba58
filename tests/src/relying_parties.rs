//! Applications that log their users in at the server, as they come from Debian, npm and PyPI; and a real browser, for
//! those that need more than [`UserAgent`](crate::UserAgent).
//!
//! `cargo xtask test` installs them. What is written for them is in `tests/relying-parties`: it says nothing of
//! Portcullis but what its operator would have to configure.

pub mod apache;
pub mod browser;
pub mod conversation;
pub mod installation;
pub mod site;

pub use apache::Apache;
pub use browser::{Browser, Tab};
pub use conversation::Conversation;
pub use site::Site;
