//! ASVS 5.0 V10.4, levels 1 and 2, on a new realm: for each item, the unsafe thing is tried on every kind of client.

mod client_authentication;
mod codes;
mod grants;
mod pkce;
mod redirect_uris;
mod refresh_tokens;
mod registration;
mod revocation;
mod scopes;
