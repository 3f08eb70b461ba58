//! Applications that people use with OpenID Connect, unmodified: each logs its user in, reads who it is, renews its
//! tokens and logs the user out.

mod apache;
mod authlib;
mod fixture;
mod keycloak_js;
mod openid_client;
mod openidconnect_crate;
