//! What the suite checks in nearly every module.

pub mod authorization;
pub mod entropy;
pub mod id_token;
pub mod keys;
pub mod registration;
pub mod text;
pub mod token;
pub mod userinfo;
