//! What the admin console asks first: who the administrator is and what they may do.

use crate::{ListMap, define::representation};

representation! {
    /// The administrator behind a console session.
    WhoAmI {
        /// User id.
        user_id: String,
        /// Realm the administrator logged in to.
        realm: String,
        /// Name to show.
        display_name: String,
        /// Language.
        locale: String,
        /// Whether the administrator may create realms.
        create_realm: bool,
        /// Admin roles by realm name.
        #[serde(rename = "realm_access")]
        realm_access: ListMap,
        /// Whether it is the temporary administrator of the first start.
        temporary: bool,
    }
}
