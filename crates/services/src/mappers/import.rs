//! The protocol mappers of an import.

use std::collections::HashSet;

use model::protocol_mapper::{MapperOwner, ProtocolMapper};
use representation::ProtocolMapperRepresentation;
use store::Tx;

use super::{MOST_MAPPERS, exists, read};
use crate::{Error, Result, Services, import_report::ImportReport};

/// Reads the mappers of one owner, which stands at `path`. Those that can't work here are noted and left out.
///
/// # Errors
/// `Conflict` if a name is given twice.
pub(crate) fn prepare(
    services: &Services,
    given: Vec<ProtocolMapperRepresentation>,
    protocol: &str,
    path: &str,
    report: &mut ImportReport,
) -> Result<Vec<ProtocolMapper>> {
    let mut names = HashSet::new();
    let mut mappers = Vec::new();
    for given in given {
        let name = given.name.clone().unwrap_or_default();
        let path = format!("{path}.protocolMappers[{name}]");
        if mappers.len() >= MOST_MAPPERS {
            report.note(&path, format!("more than {MOST_MAPPERS} mappers are not possible; left out"));
            continue;
        }
        if given.consent_required == Some(true) {
            report.note(format!("{path}.consentRequired"), "consent is asked for by client scopes; left out");
        }
        match read(services, given, protocol) {
            Ok(mapper) if names.insert((mapper.protocol.clone(), mapper.name.clone())) => mappers.push(mapper),
            Ok(mapper) => return Err(Error::Conflict(format!("{path}: the name {} is given twice", mapper.name))),
            Err(Error::NotFound(_)) => report.note(&path, "there is no such kind of mapper here; left out"),
            Err(error @ Error::Invalid(_)) => report.note(&path, format!("{error}; left out")),
            Err(other) => return Err(other),
        }
    }
    Ok(mappers)
}

/// Stores mappers with their owners.
///
/// # Errors
/// `Conflict` for a name or an id that another mapper has.
pub(crate) async fn put(tx: &mut Tx, owned: &[(MapperOwner, ProtocolMapper)]) -> Result<()> {
    let mut ids = HashSet::new();
    if let Some((_, twice)) = owned.iter().find(|(_, mapper)| !ids.insert(&mapper.id)) {
        return Err(Error::Conflict(format!("Two protocol mappers have the id {}", twice.id)));
    }
    store::transfer::mappers::put(tx, owned).await.map_err(|error| exists(error.into()))
}
