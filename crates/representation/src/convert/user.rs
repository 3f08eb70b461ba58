//! Users as representations.

use model::{clock::epoch_millis, user::User};

use crate::{Attributes, UserRepresentation};

impl UserRepresentation {
    /// A user as short lists show it.
    #[must_use]
    pub fn brief(user: &User) -> Self {
        Self {
            id: Some(user.id.0.clone()),
            username: Some(user.username.clone()),
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            email: user.email.clone(),
            email_verified: Some(user.email_verified),
            enabled: Some(user.enabled),
            created_timestamp: Some(epoch_millis(user.created)),
            ..Self::default()
        }
    }
}

impl From<&User> for UserRepresentation {
    /// A user with everything that is read of it. What depends on the caller (`access`) and what needs another row
    /// (`serviceAccountClientId`) is added by the caller.
    fn from(user: &User) -> Self {
        let attributes = Some(user.attributes.clone()).filter(|attributes| !attributes.is_empty());
        Self {
            attributes: attributes.map(Attributes),
            totp: Some(false),
            disableable_credential_types: Some(Vec::new()),
            required_actions: Some(user.required_actions.clone()),
            not_before: Some(i32::try_from(user.not_before).unwrap_or(i32::MAX)),
            ..Self::brief(user)
        }
    }
}
