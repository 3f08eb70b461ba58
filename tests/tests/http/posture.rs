//! A new realm with no setting touched: what `check-posture` says of it, and what comes of trying the unsafe thing on it.
//!
//! `docs/security-posture.md` says which test stands for which requirement.

mod asvs;
mod browser;
mod documentation;
mod examination;
mod fresh;
mod rfc_9700;
