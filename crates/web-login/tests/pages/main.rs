//! Every page, of this crate and of `web`: what it holds, and that nothing in it comes alive that shouldn't.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "these are nothing but tests, whose way to fail is to panic"
)]

mod colours;
mod document;
mod forms;
mod inert;
mod shape;
mod sources;
