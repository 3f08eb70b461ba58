//! The admin console, without scripts.

mod applications;
mod attacks;
mod clients;
mod furnished;
mod offered;
mod permissions;
