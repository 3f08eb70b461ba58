//! The admin console: pages over the same services and permissions as the Admin REST API.
//!
//! An administrator logs in through the realm that they belong to, their home, and works from there on the realms that
//! they hold permissions on: the home stands in the address, `/admin/{home}/console`, and so does the realm in front of
//! them, `…/realms/{realm}`. Every page works without scripts; with them, parts of pages are exchanged for parts of the
//! same pages.
//!
//! A page is a file in `pages`, with its template in `templates/admin`. It begins with [`Console`], which is who asks, or
//! with [`Posted`], which is who asks together with the form that they sent from a page of ours.

mod chart;
mod confirm;
mod console;
mod field;
mod form_errors;
mod frame;
mod list;
mod nav;
mod notice;
mod pages;
mod posted;
mod refusal;
mod refused;
mod routes;
mod session;
mod settings;
mod sheets;
mod tabs;

pub use console::Console;
pub use posted::Posted;
pub use routes::{Declared, Rule, declared, routes};
