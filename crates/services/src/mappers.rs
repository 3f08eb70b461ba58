//! Protocol mappers of clients and client scopes. Each is checked by its protocol before it is kept.

pub(crate) mod import;

use model::{
    event::Operation,
    id::{ClientId, ClientScopeId, MapperId},
    permission::Permission,
    problem::Problem,
    protocol_mapper::{MapperOwner, ProtocolMapper},
    realm::Realm,
};
use representation::ProtocolMapperRepresentation;
use store::PgConnection;

use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    error::Found,
    realms::{given_id, given_name},
};

pub(crate) const MANAGE: &[Permission] = &[Permission::ManageClients];
pub(crate) const VIEW: &[Permission] = &[Permission::ViewClients, Permission::ManageClients];

/// The most mappers that one owner may have.
pub const MOST_MAPPERS: usize = 1_000;

/// Reads a mapper and lets its protocol check it. An id that comes with it is kept.
///
/// # Errors
/// `NotFound` for a kind that its protocol doesn't have, `Invalid` for what the protocol finds.
pub(crate) fn read(
    services: &Services,
    given: ProtocolMapperRepresentation,
    usual_protocol: &str,
) -> Result<ProtocolMapper> {
    let mapper = ProtocolMapper {
        id: MapperId(given_id(services, given.id)?),
        name: given_name("name", given.name.unwrap_or_default())?,
        protocol: given.protocol.unwrap_or_else(|| usual_protocol.to_owned()),
        kind: given.protocol_mapper.unwrap_or_default(),
        config: given.config.unwrap_or_default(),
    };
    check(services, &mapper)?;
    Ok(mapper)
}

/// Lets a mapper's protocol check it.
pub(crate) fn check(services: &Services, mapper: &ProtocolMapper) -> Result<()> {
    let protocol = services.protocols.get(&mapper.protocol).found(What::MapperKind)?;
    if !protocol.mapper_kinds().iter().any(|kind| kind.id == mapper.kind) {
        return Err(Error::NotFound(What::MapperKind));
    }
    let problems = protocol.check_mapper(mapper);
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// Refuses more mappers than an owner may have.
pub(crate) fn check_count(count: usize) -> Result<()> {
    if count <= MOST_MAPPERS {
        return Ok(());
    }
    let text = format!("at most {MOST_MAPPERS} mappers are possible, {count} were given");
    Err(Error::Invalid(vec![Problem::new("protocolMappers", text)]))
}

async fn require_owner(conn: &mut PgConnection, realm: &Realm, owner: &MapperOwner) -> Result<String> {
    match owner {
        MapperOwner::Client(id) => Ok(store::clients::find(conn, realm.id, id).await?.found(What::Client)?.protocol),
        MapperOwner::ClientScope(id) => {
            Ok(store::client_scopes::find(conn, realm.id, id).await?.found(What::ClientScope)?.protocol)
        }
    }
}

fn owner_path(owner: &MapperOwner) -> String {
    match owner {
        MapperOwner::Client(ClientId(id)) => format!("clients/{id}"),
        MapperOwner::ClientScope(ClientScopeId(id)) => format!("client-scopes/{id}"),
    }
}

fn exists(error: Error) -> Error {
    let text = || Error::Conflict("Protocol mapper exists with same name".to_owned());
    ["protocol_mappers_client", "protocol_mappers_scope", "protocol_mappers_pkey"]
        .into_iter()
        .fold(error, |error, constraint| error.on_conflict(constraint, text))
}

/// The mappers of an owner by name.
///
/// # Errors
/// `NotFound` for the owner, or `Forbidden` without `view-clients` or `manage-clients`.
pub async fn list(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    owner: &MapperOwner,
) -> Result<Vec<ProtocolMapper>> {
    caller.require(VIEW)?;
    let mut conn = services.store.read().await?;
    require_owner(&mut conn, realm, owner).await?;
    Ok(store::mappers::list(&mut conn, realm.id, owner).await?)
}

/// One mapper of an owner.
///
/// # Errors
/// `NotFound` for the owner or the mapper, or `Forbidden` without `view-clients` or `manage-clients`.
pub async fn get(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    owner: &MapperOwner,
    id: &MapperId,
) -> Result<ProtocolMapper> {
    caller.require(VIEW)?;
    let mut conn = services.store.read().await?;
    require_owner(&mut conn, realm, owner).await?;
    store::mappers::find(&mut conn, realm.id, owner, id).await?.found(What::Mapper)
}

/// Adds mappers to an owner, all or none. Several at once are one admin event.
///
/// # Errors
/// `NotFound` for the owner or a kind, `Invalid`, `Conflict` for a taken name, or `Forbidden` without `manage-clients`.
pub async fn create(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    owner: &MapperOwner,
    given: Vec<ProtocolMapperRepresentation>,
) -> Result<Vec<ProtocolMapper>> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    let protocol = require_owner(&mut tx, realm, owner).await?;
    let mappers = given.into_iter().map(|given| read(services, given, &protocol)).collect::<Result<Vec<_>>>()?;
    let present = store::mappers::list(&mut tx, realm.id, owner).await?;
    check_count(present.len() + mappers.len())?;
    store::mappers::insert(&mut tx, owner, &mappers).await.map_err(|error| exists(error.into()))?;
    if let [only] = mappers.as_slice() {
        record(services, &mut tx, caller, realm, Operation::Create, owner, only).await?;
    } else {
        let path = format!("{}/protocol-mappers/add-models", owner_path(owner));
        let shown: Vec<_> = mappers.iter().map(ProtocolMapperRepresentation::from).collect();
        let resource = Resource { kind: "PROTOCOL_MAPPER", path: &path };
        admin_events::record(services, &mut tx, caller, realm, Operation::Create, resource, Some(&shown)).await?;
    }
    services.commit(tx).await?;
    Ok(mappers)
}

/// Changes a mapper; its settings are replaced as a whole if they are given.
///
/// # Errors
/// `NotFound`, `Invalid`, `Conflict` for a taken name, or `Forbidden` without `manage-clients`.
pub async fn update(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    owner: &MapperOwner,
    id: &MapperId,
    given: ProtocolMapperRepresentation,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    require_owner(&mut tx, realm, owner).await?;
    let mut mapper = store::mappers::find(&mut tx, realm.id, owner, id).await?.found(What::Mapper)?;
    if let Some(name) = given.name {
        mapper.name = given_name("name", name)?;
    }
    mapper.protocol = given.protocol.unwrap_or(mapper.protocol);
    mapper.kind = given.protocol_mapper.unwrap_or(mapper.kind);
    mapper.config = given.config.unwrap_or(mapper.config);
    check(services, &mapper)?;
    store::mappers::update(&mut tx, &mapper).await.map_err(|error| exists(error.into()))?;
    record(services, &mut tx, caller, realm, Operation::Update, owner, &mapper).await?;
    services.commit(tx).await
}

/// Removes a mapper.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-clients`.
pub async fn delete(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    owner: &MapperOwner,
    id: &MapperId,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    require_owner(&mut tx, realm, owner).await?;
    let mapper = store::mappers::find(&mut tx, realm.id, owner, id).await?.found(What::Mapper)?;
    store::mappers::delete(&mut tx, owner, std::slice::from_ref(id)).await?;
    record(services, &mut tx, caller, realm, Operation::Delete, owner, &mapper).await?;
    services.commit(tx).await
}

/// Makes the mappers of an owner the given ones: those of the same id or name are kept as ids, others come and go.
pub(crate) async fn synchronise(
    services: &Services,
    tx: &mut store::Tx,
    realm: &Realm,
    owner: &MapperOwner,
    given: Vec<ProtocolMapperRepresentation>,
    protocol: &str,
) -> Result<()> {
    check_count(given.len())?;
    let present = store::mappers::list(tx, realm.id, owner).await?;
    let mut wanted = given.into_iter().map(|given| read(services, given, protocol)).collect::<Result<Vec<_>>>()?;
    for mapper in &mut wanted {
        if let Some(same) = present.iter().find(|same| same.name == mapper.name && same.protocol == mapper.protocol) {
            mapper.id = same.id.clone();
        }
    }
    let old: Vec<_> = present.into_iter().map(|mapper| mapper.id).collect();
    store::mappers::delete(tx, owner, &old).await?;
    store::mappers::insert(tx, owner, &wanted).await.map_err(|error| exists(error.into()))
}

async fn record(
    services: &Services,
    tx: &mut store::Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    owner: &MapperOwner,
    mapper: &ProtocolMapper,
) -> Result<()> {
    let path = format!("{}/protocol-mappers/models/{}", owner_path(owner), mapper.id);
    let shown = ProtocolMapperRepresentation::from(mapper);
    let resource = Resource { kind: "PROTOCOL_MAPPER", path: &path };
    admin_events::record(services, tx, caller, realm, operation, resource, Some(&shown)).await
}
