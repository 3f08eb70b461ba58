//! Applications that log their users in at the server, as they come from Debian, npm and PyPI; and their users, with
//! a real browser or with the little of one that most applications need.
//!
//! `cargo xtask test` installs them. What is written for them is in `tests/relying-parties`: it says nothing of
//! Portcullis but what its operator would have to configure.

pub mod apache;
pub mod browser;
pub mod conversation;
pub mod cookies;
pub mod installation;
pub mod page;
pub mod person;
pub mod site;

pub use apache::Apache;
pub use browser::{Browser, Tab};
pub use conversation::Conversation;
pub use page::Page;
pub use person::{Arrival, Person};
pub use site::Site;
