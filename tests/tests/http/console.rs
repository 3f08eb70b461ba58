//! The admin console, without scripts.

mod attacks;
mod furnished;
mod offered;
mod permissions;
