//! Attacks that others' products fell to, each tried here. A test's number is that of the attack in our list of them,
//! its name ends with the CVE or the section of a standard that it stands for.
//!
//! Where an attack has variants, they are made by a program from what is registered or held, because most of these holes
//! were mended once and came back in another spelling.

mod assertions;
mod bad_input;
mod bound_tokens;
mod client_authentication;
mod codes;
mod confusion;
mod cross_realm;
mod disabled;
mod disabled_doors;
mod exchange;
mod findings;
mod floods;
mod forged;
mod frames;
mod introspection;
mod meanwhile;
mod nodes;
mod not_before;
mod once;
mod pages;
mod parameters;
mod pkce;
mod pushed;
mod redirects;
mod reflected;
mod refresh;
mod request_objects;
mod restart;
mod saved_addresses;
mod scopes;
mod spellings;
pub mod stage;
