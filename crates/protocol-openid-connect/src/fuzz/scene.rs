//! A client as a new realm makes them, to read requests for.

use model::{
    Attributes,
    client::{Client, ClientSettings, OPENID_CONNECT},
    id::ClientId,
};
use services::clients::{ClientConfig, ClientScopeConfig};

use crate::default_scopes;

/// The server and its realm.
pub const HERE: &str = "https://id.example";
pub const ISSUER: &str = "https://id.example/realms/demo";
/// The client and where it is answered.
pub const CLIENT: &str = "app";
pub const CALLBACK: &str = "https://app.example/cb";
/// A challenge that is sound.
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// Now.
pub const NOW: i64 = 1_700_000_000;

/// A client whose switches are the bits of a number.
pub fn client(switches: u8) -> Client {
    let on = |bit: u8| switches & (1 << bit) != 0;
    let attributes: [(&str, &str, bool); 4] = [
        ("pkce.code.challenge.method", "plain", on(3)),
        ("require.pushed.authorization.requests", "true", on(4)),
        ("exclude.issuer.from.auth.response", "true", on(5)),
        ("default.max.age", "60", on(6)),
    ];
    let attributes = attributes.into_iter().filter(|(.., on)| *on);
    Client {
        id: ClientId("c1".into()),
        client_id: CLIENT.into(),
        protocol: OPENID_CONNECT.into(),
        enabled: true,
        settings: ClientSettings {
            redirect_uris: vec![CALLBACK.into()],
            public_client: on(0),
            standard_flow_enabled: !on(1),
            implicit_flow_enabled: on(2),
            ..ClientSettings::default()
        },
        attributes: attributes.map(|(name, value, _)| (name.to_owned(), value.to_owned())).collect::<Attributes>(),
        default_scopes: Vec::new(),
        optional_scopes: Vec::new(),
    }
}

/// The same with the client scopes of a new realm.
pub fn config(switches: u8) -> ClientConfig {
    let scopes = default_scopes::all().into_iter().filter_map(|scope| {
        Some(ClientScopeConfig {
            id: scope.scope.id,
            name: scope.scope.name,
            assignment: scope.assignment?,
            attributes: scope.scope.attributes,
            mappers: scope.mappers,
            roles: Vec::new(),
        })
    });
    ClientConfig::of(client(switches), Vec::new(), scopes.collect())
}
