//! Clients for the tests of this crate.

use model::client::{Client, ClientSettings};

/// A registry client of this name and these attributes.
pub(crate) fn client(client_id: &str, attributes: &[(&str, &str)]) -> Client {
    Client {
        id: "c1".into(),
        client_id: client_id.to_owned(),
        protocol: model::client::DOCKER_V2.to_owned(),
        enabled: true,
        settings: ClientSettings::default(),
        attributes: attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        default_scopes: Vec::new(),
        optional_scopes: Vec::new(),
    }
}
