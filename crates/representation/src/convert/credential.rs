//! Credentials as representations, without what proves anything.

use model::{clock::epoch_millis, credential::Credential};

use crate::CredentialRepresentation;

impl From<&Credential> for CredentialRepresentation {
    fn from(credential: &Credential) -> Self {
        Self {
            id: Some(credential.id.0.clone()),
            r#type: Some(credential.kind.clone()),
            user_label: credential.label.clone(),
            created_date: Some(epoch_millis(credential.created)),
            credential_data: Some(credential.credential_data.clone()),
            priority: Some(credential.priority),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use model::secret::Secret;
    use time::OffsetDateTime;

    use super::*;

    #[test]
    fn the_secret_part_stays_inside() {
        let credential = Credential {
            id: "1".into(),
            kind: "password".to_owned(),
            label: None,
            created: OffsetDateTime::UNIX_EPOCH,
            credential_data: r#"{"hashIterations":5}"#.to_owned(),
            secret_data: Secret::new("hidden".to_owned()),
            priority: 10,
        };
        let text = serde_json::to_string(&CredentialRepresentation::from(&credential)).unwrap();
        assert_eq!(
            text,
            r#"{"id":"1","type":"password","createdDate":0,"credentialData":"{\"hashIterations\":5}","priority":10}"#
        );
    }
}
