//! What the rest of the server sees of this protocol.

use model::{client::Client, problem::Problem, protocol_mapper::ProtocolMapper, subject::Subject};
use protocol::{
    AccessRule, DefaultClientScope, Evaluation, Installation, InstallationContext, InstallationFile, MapperKind,
    PatternExamples, PermissionMapperSettings, PermissionRow, Protocol,
};

use crate::{
    client::{RegistrySettings, SERVICES, service_names},
    explain, installation,
    mapper::{PermissionMapper, kinds},
    permission,
};

/// The protocol `docker-v2`: tokens for Docker and OCI registries.
#[derive(Clone, Copy, Debug, Default)]
pub struct DockerV2;

impl Protocol for DockerV2 {
    fn id(&self) -> &'static str {
        model::client::DOCKER_V2
    }

    fn mapper_kinds(&self) -> &'static [MapperKind] {
        &kinds::KINDS
    }

    fn check_mapper(&self, mapper: &ProtocolMapper) -> Vec<Problem> {
        if kinds::KINDS.iter().any(|kind| kind.id == mapper.kind) {
            PermissionMapper::parse(mapper).err().unwrap_or_default()
        } else {
            Vec::new()
        }
    }

    /// None: who may do what with a registry is for an administrator to say.
    fn default_client_scopes(&self) -> Vec<DefaultClientScope> {
        Vec::new()
    }

    fn check_client(&self, client: &Client) -> Vec<Problem> {
        RegistrySettings::parse(client).err().unwrap_or_default()
    }

    fn further_names(&self, client: &Client) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in service_names(client.attributes.get(SERVICES).map_or("", String::as_str)) {
            if name != client.client_id && !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        names
    }

    fn installations(&self) -> &'static [Installation] {
        &installation::INSTALLATIONS
    }

    fn installation(&self, id: &str, context: &InstallationContext<'_>) -> Option<Result<InstallationFile, String>> {
        installation::make(id, context)
    }

    fn evaluate(
        &self,
        mappers: &[ProtocolMapper],
        subject: Option<&Subject>,
        scopes: &[String],
    ) -> Option<Result<Evaluation, String>> {
        Some(explain::evaluate(mappers, subject, scopes))
    }

    fn permission_row(&self, mapper: &ProtocolMapper) -> Option<Result<PermissionRow, Vec<Problem>>> {
        permission::row(mapper)
    }

    fn permission_mapper(&self, row: &PermissionRow) -> Option<PermissionMapperSettings> {
        Some(permission::mapper(row))
    }

    fn pattern_examples(&self, pattern: &str) -> Option<Result<PatternExamples, String>> {
        Some(permission::examples(pattern))
    }

    fn access_rules(
        &self,
        mappers: &[ProtocolMapper],
        resource: &str,
        action: &str,
    ) -> Option<Result<Vec<AccessRule>, String>> {
        Some(explain::access_rules(mappers, resource, action))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::client;

    #[test]
    fn mappers_and_clients_are_checked() {
        let mut mapper = ProtocolMapper {
            id: "m".into(),
            name: "m".to_owned(),
            protocol: "docker-v2".to_owned(),
            kind: kinds::EVERYONE.to_owned(),
            config: [("repositories".to_owned(), "A".to_owned()), ("actions".to_owned(), "pull".to_owned())].into(),
        };
        assert_eq!(DockerV2.check_mapper(&mapper).len(), 1);
        mapper.kind = "of another plug-in".to_owned();
        assert!(DockerV2.check_mapper(&mapper).is_empty());
        let registry = client("r", &[("docker.services", "a,r,b,a"), ("access.token.lifespan", "1")]);
        assert_eq!(DockerV2.further_names(&registry), ["a", "b"]);
        assert_eq!(DockerV2.check_client(&registry).len(), 1);
        assert!(DockerV2.default_client_scopes().is_empty());
        assert_eq!(DockerV2.mapper_kinds().len(), 4);
    }
}
