//! Initial access tokens for dynamic client registration.

use crate::{SecretText, define::representation};

representation! {
    /// What token to create.
    ClientInitialAccessCreatePresentation {
        /// Lifespan, seconds; 0 means without end.
        expiration: i32,
        /// How many clients may be registered with it.
        count: i32,
        /// Origins that may use it.
        web_origins: Vec<String>,
    }

    /// A token.
    ClientInitialAccessPresentation {
        /// Token id.
        id: String,
        /// The token itself; at creation only.
        token: SecretText,
        /// Creation time, epoch seconds.
        timestamp: i32,
        /// Lifespan, seconds; 0 means without end.
        expiration: i32,
        /// How many clients may be registered with it.
        count: i32,
        /// How many are left.
        remaining_count: i32,
    }
}
