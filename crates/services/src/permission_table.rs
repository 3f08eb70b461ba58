//! "Who may do what" of a client as a table: its rules as rows, whatever mapper they are kept in. Saving a row is saving a
//! mapper, with the same checks and the same admin event.

use model::{
    id::{ClientId, MapperId},
    problem::Problem,
    protocol_mapper::{MapperOwner, ProtocolMapper},
    realm::Realm,
};
use protocol::{PatternExamples, PermissionRow, Protocol, RuleSubject};
use representation::ProtocolMapperRepresentation;

use crate::{Caller, Error, Result, Services, What, cache, clients::ClientConfig, error::Found, mappers};

/// The longest name that is made up for a rule, in characters.
const LONGEST_NAME: usize = 120;

/// A rule of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// The mapper.
    pub id: MapperId,
    /// Its name.
    pub name: String,
    /// The rule, or what is wrong with it.
    pub rule: std::result::Result<PermissionRow, Vec<Problem>>,
    /// The client scope that it comes from; none for the client's own.
    pub from_scope: Option<String>,
}

/// The rules of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The client's own, by name, then those of its client scopes.
    pub rows: Vec<TableRow>,
    /// Requests without credentials may get something.
    pub anonymous: bool,
}

fn protocol<'a>(services: &'a Services, name: &str) -> Result<&'a dyn Protocol> {
    let no_rules = || Error::Refused(format!("Clients of the protocol '{name}' have no table of permissions"));
    services.protocols.get(name).filter(|protocol| protocol.pattern_examples("a").is_some()).ok_or_else(no_rules)
}

/// The rules of a client.
///
/// # Errors
/// `NotFound`, `Refused` for a client whose protocol has no such rules, or `Forbidden` without `view-clients` or
/// `manage-clients`.
pub async fn table(services: &Services, caller: &Caller, realm: &Realm, id: &ClientId) -> Result<Table> {
    caller.require(mappers::VIEW)?;
    let client = store::clients::find(&mut *services.store.read().await?, realm.id, id).await?.found(What::Client)?;
    let config = cache::client(services, realm, &client.client_id).await?.found(What::Client)?;
    rows(services, &config)
}

/// The rules of a client that was read before.
///
/// # Errors
/// `Refused` for a client whose protocol has no such rules.
pub fn rows(services: &Services, config: &ClientConfig) -> Result<Table> {
    let protocol = protocol(services, &config.client.protocol)?;
    let row = |mapper: &ProtocolMapper, from_scope: Option<&String>| {
        let rule = protocol.permission_row(mapper)?;
        Some(TableRow { id: mapper.id.clone(), name: mapper.name.clone(), rule, from_scope: from_scope.cloned() })
    };
    let own = config.own_mappers.iter().filter_map(|mapper| row(mapper, None));
    let mut rows: Vec<_> = own.collect();
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    let scopes = config.scopes.iter().filter(|scope| scope.assignment == model::client_scope::ScopeAssignment::Default);
    rows.extend(scopes.flat_map(|scope| scope.mappers.iter().filter_map(|mapper| row(mapper, Some(&scope.name)))));
    let anonymous =
        |row: &TableRow| row.rule.as_ref().is_ok_and(|rule| rule.allows && rule.subject == RuleSubject::Anonymous);
    Ok(Table { anonymous: rows.iter().any(anonymous), rows })
}

/// Adds a rule, or changes the one of the mapper `id`. An empty name is made up.
///
/// # Errors
/// `NotFound`, `Invalid` with the fields of the mapper's settings, `Conflict` for a taken name, `Refused` for a client whose
/// protocol has no such rules, or `Forbidden` without `manage-clients`.
pub async fn save(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    client: &ClientId,
    id: Option<&MapperId>,
    name: &str,
    row: &PermissionRow,
) -> Result<()> {
    caller.require(mappers::MANAGE)?;
    let owner = MapperOwner::Client(client.clone());
    let mut conn = services.store.read().await?;
    let found = store::clients::find(&mut conn, realm.id, client).await?.found(What::Client)?;
    let present = store::mappers::list(&mut conn, realm.id, &owner).await?;
    drop(conn);
    let made = representation_of(services, &found.protocol, name, row)?;
    let mut given = ProtocolMapperRepresentation { protocol: Some(found.protocol.clone()), ..made };
    let taken = |name: &str| present.iter().any(|mapper| mapper.name == name && Some(&mapper.id) != id);
    if name.trim().is_empty() {
        given.name = given.name.map(|name| free_name(&name, taken));
    }
    match id {
        None => drop(mappers::create(services, caller, realm, &owner, vec![given]).await?),
        Some(id) => {
            let old = present.iter().find(|mapper| mapper.id == *id).found(What::Mapper)?;
            // Settings that the table doesn't know stay.
            let mut config = old.config.clone();
            let protocol = protocol(services, &found.protocol)?;
            for (name, value) in protocol.permission_mapper(row).map(|made| made.settings).unwrap_or_default() {
                match value {
                    Some(value) => drop(config.insert(name.to_owned(), value)),
                    None => drop(config.remove(name)),
                }
            }
            given.config = Some(config);
            mappers::update(services, caller, realm, &owner, id, given).await?;
        }
    }
    Ok(())
}

/// A rule as the representation of a mapper, for a client of this protocol. An empty name is made up.
///
/// # Errors
/// `Refused` for a protocol without such rules.
pub fn representation_of(
    services: &Services,
    protocol_name: &str,
    name: &str,
    row: &PermissionRow,
) -> Result<ProtocolMapperRepresentation> {
    let protocol = protocol(services, protocol_name)?;
    let made = protocol.permission_mapper(row).found(What::MapperKind)?;
    let name = name.trim();
    let config = made.settings.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    Ok(ProtocolMapperRepresentation {
        name: Some(if name.is_empty() { made_up(row) } else { name.to_owned() }),
        protocol: Some(protocol_name.to_owned()),
        protocol_mapper: Some(made.kind.to_owned()),
        config: Some(config),
        ..ProtocolMapperRepresentation::default()
    })
}

/// Checks a rule without saving it.
///
/// # Errors
/// `Refused` for a protocol without such rules.
pub fn check(services: &Services, protocol_name: &str, row: &PermissionRow) -> Result<Vec<Problem>> {
    let protocol = protocol(services, protocol_name)?;
    let made = protocol.permission_mapper(row).found(What::MapperKind)?;
    Ok(protocol.check_mapper(&ProtocolMapper {
        id: MapperId(String::new()),
        name: String::new(),
        protocol: protocol_name.to_owned(),
        kind: made.kind.to_owned(),
        config: made.settings.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect(),
    }))
}

/// What a pattern stands for, or the sentence that says what is wrong with it.
///
/// # Errors
/// `Refused` for a protocol without such rules.
pub fn examples(
    services: &Services,
    protocol_name: &str,
    pattern: &str,
) -> Result<std::result::Result<PatternExamples, String>> {
    protocol(services, protocol_name)?.pattern_examples(pattern).found(What::MapperKind)
}

/// Removes a rule of a client.
///
/// # Errors
/// As [`mappers::delete`].
pub async fn delete(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    client: &ClientId,
    id: &MapperId,
) -> Result<()> {
    mappers::delete(services, caller, realm, &MapperOwner::Client(client.clone()), id).await
}

/// Whom a rule is about, in words.
#[must_use]
pub fn subject_text(subject: &RuleSubject) -> String {
    match subject {
        RuleSubject::Anonymous => "everyone, without logging in too".to_owned(),
        RuleSubject::SignedIn => "everyone who is logged in".to_owned(),
        RuleSubject::Role(role) => format!("role {role}"),
        RuleSubject::Group { path, include_subgroups: false } => format!("group {path}"),
        RuleSubject::Group { path, include_subgroups: true } => format!("group {path} and below"),
    }
}

fn made_up(row: &PermissionRow) -> String {
    let effect = if row.allows { "may" } else { "may not" };
    let what = match (row.patterns.as_slice(), row.catalog) {
        ([], true) => "list all repositories".to_owned(),
        (patterns, _) => format!("{} {}", row.actions.join(" and "), patterns.join(", ")),
    };
    format!("{} {effect} {what}", subject_text(&row.subject))
        .chars()
        .filter(|letter| !letter.is_control())
        .take(LONGEST_NAME)
        .collect()
}

fn free_name(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number| format!("{name} {number}"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .take(mappers::MOST_MAPPERS + 1)
        .find(|name| !taken(name))
        .unwrap_or_default()
}
