//! A client, a user and the way from settings to claims.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Attributes, MultiAttributes,
    client::{Client, ClientSettings},
    id::{ClientId, GroupId, MapperId, SessionId, UserId},
    protocol_mapper::ProtocolMapper,
    role::RoleName,
    subject::{Subject, SubjectGroup},
};
use serde_json::{Map, Value};

use super::super::*;

pub const USER: &str = "11111111-2222-3333-4444-555555555555";
pub const EVERYWHERE: &[(&str, &str)] = &[
    ("id.token.claim", "true"),
    ("access.token.claim", "true"),
    ("lightweight.claim", "true"),
    ("userinfo.token.claim", "true"),
    ("introspection.token.claim", "true"),
];
pub const TARGETS: [Target; 5] =
    [Target::Id, Target::Access, Target::LightweightAccess, Target::UserInfo, Target::Introspection];

pub fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// `NAME`, or `CLIENT.NAME` for a client role.
pub fn role(text: &str) -> RoleName {
    match text.split_once('.') {
        Some((client, name)) => RoleName { client: Some(client.to_owned()), name: name.to_owned() },
        None => RoleName { client: None, name: text.to_owned() },
    }
}

pub fn mapper(kind: &str, settings: &[(&str, &str)]) -> ProtocolMapper {
    ProtocolMapper {
        id: MapperId("0f6a7c62-8d1c-4a4e-9d5f-7f3a0c1b2d3e".to_owned()),
        name: kind.to_owned(),
        protocol: "openid-connect".to_owned(),
        kind: kind.to_owned(),
        config: settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    }
}

/// The same with all switches on.
pub fn everywhere(kind: &str, settings: &[(&str, &str)]) -> ProtocolMapper {
    mapper(kind, &[settings, EVERYWHERE].concat())
}

pub fn client() -> Client {
    Client {
        id: ClientId("c1".into()),
        client_id: "app".into(),
        protocol: "openid-connect".into(),
        enabled: true,
        settings: ClientSettings {
            redirect_uris: texts(&["https://app.example.org/callback"]),
            web_origins: texts(&["+"]),
            ..ClientSettings::default()
        },
        attributes: Attributes::new(),
        default_scopes: Vec::new(),
        optional_scopes: Vec::new(),
    }
}

pub fn subject() -> Subject {
    let group = |path: &[&str]| SubjectGroup { id: GroupId(path.concat()), path: texts(path) };
    Subject {
        user_id: Some(UserId(USER.into())),
        username: "jane".into(),
        email: Some("jane@example.org".into()),
        email_verified: true,
        first_name: Some("Jane".into()),
        last_name: Some("Doe".into()),
        attributes: attributes(&[("department", &["R&D", "Sales"]), ("level", &["3", "x"]), ("empty", &[""])]),
        roles: ["user", "auditor", "app.editor", "account.view-profile", "account.manage-account"].map(role).into(),
        groups: vec![group(&["staff", "a/b"]), group(&["guests"])],
        group_attributes: Vec::new(),
    }
}

pub fn attributes(attributes: &[(&str, &[&str])]) -> MultiAttributes {
    attributes.iter().map(|(name, values)| ((*name).to_owned(), texts(values))).collect()
}

/// What [`Facts`] borrow from.
#[derive(Debug)]
pub struct Known {
    pub client: Client,
    pub subject: Subject,
    pub scope_roles: BTreeSet<RoleName>,
    pub group_attributes: Vec<MultiAttributes>,
    pub notes: BTreeMap<&'static str, String>,
    pub session: SessionId,
    pub claims_parameter: Option<Value>,
}

impl Known {
    pub fn new() -> Self {
        Self {
            client: client(),
            subject: subject(),
            scope_roles: BTreeSet::new(),
            group_attributes: Vec::new(),
            notes: BTreeMap::new(),
            session: SessionId("s1".into()),
            claims_parameter: None,
        }
    }

    pub fn facts(&self) -> Facts<'_> {
        Facts {
            client: &self.client,
            subject: &self.subject,
            role_scope: RoleScope::of(&self.client, &self.scope_roles),
            group_attributes: &self.group_attributes,
            created: Some(1_700_000_000_123),
            notes: &self.notes,
            session: Some(&self.session),
            auth_time: Some(90),
            acr: Some("1"),
            amr: &["pwd"],
            nonce: Some("n-0S6"),
            claims_parameter: self.claims_parameter.as_ref(),
        }
    }

    /// The claims that the mappers add to none.
    pub fn claims(&self, mappers: &[ProtocolMapper], target: Target) -> Value {
        self.claims_beside(Value::Object(Map::new()), mappers, target)
    }

    /// The claims after the mappers have added theirs.
    pub fn claims_beside(&self, claims: Value, mappers: &[ProtocolMapper], target: Target) -> Value {
        let Value::Object(mut claims) = claims else { panic!("no claims: {claims}") };
        build(&ClaimMapper::parse_all(mappers), &self.facts(), target, &mut claims);
        Value::Object(claims)
    }

    /// What one mapper adds to an access token.
    pub fn access(&self, mapper: ProtocolMapper) -> Value {
        self.claims(&[mapper], Target::Access)
    }
}
