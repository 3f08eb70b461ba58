//! `/admin/serverinfo`: what this server is and can do. Clients read the version first, so it is Keycloak's.

use std::collections::BTreeMap;

use actix_web::http::Method;
use jose::SignatureAlgorithm;
use protocol::{Installation, MapperKind, Setting};
use representation::{
    ClientInstallationRepresentation, ComponentTypeRepresentation, ConfigPropertyRepresentation, CpuInfoRepresentation,
    CryptoInfoRepresentation, KEYCLOAK_VERSION, ProfileInfoRepresentation, ProtocolMapperTypeRepresentation,
    ProviderRepresentation, ServerInfoRepresentation, SpiInfoRepresentation, SystemInfoRepresentation, is_secret_name,
};
use services::{
    Services, administrators,
    components::kinds::{self, Kind},
};

use crate::{
    Routes,
    answers::Json,
    errors::Answer,
    kit::{Admin, json},
    routes::Rule,
};

pub(crate) fn routes(routes: &mut Routes) {
    routes.add(Method::GET, "/serverinfo", Rule::Authenticated, get);
}

async fn get(admin: Admin) -> Answer<Json<ServerInfoRepresentation>> {
    administrators::require_administrator(&admin.services, &admin.caller).await?;
    json(&server_info(&admin.services, admin.caller.of_master))
}

fn server_info(services: &Services, of_master: bool) -> ServerInfoRepresentation {
    let protocols = || services.protocols.iter();
    let mapper_types = protocols()
        .map(|protocol| (protocol.id().to_owned(), protocol.mapper_kinds().iter().map(mapper_type).collect()))
        .collect();
    let installations = protocols()
        .map(|protocol| {
            let made = |one| installation(protocol.id(), one);
            (protocol.id().to_owned(), protocol.installations().iter().map(made).collect())
        })
        .collect();
    let names: Vec<String> = protocols().map(|protocol| protocol.id().to_owned()).collect();
    let algorithms = |symmetric: bool| {
        SignatureAlgorithm::ALL
            .into_iter()
            .filter(|algorithm| (algorithm.family() == jose::Family::Hmac) == symmetric)
            .map(|algorithm| algorithm.as_str().to_owned())
            .collect()
    };
    ServerInfoRepresentation {
        system_info: Some(system_info(services, of_master)),
        cpu_info: std::thread::available_parallelism()
            .ok()
            .map(|cores| CpuInfoRepresentation { processor_count: i64::try_from(cores.get()).ok() }),
        profile_info: Some(ProfileInfoRepresentation {
            name: Some("default".to_owned()),
            disabled_features: Some(Vec::new()),
            preview_features: Some(Vec::new()),
            experimental_features: Some(Vec::new()),
        }),
        features: Some(Vec::new()),
        crypto_info: Some(CryptoInfoRepresentation {
            crypto_provider: Some("OpenSSL".to_owned()),
            supported_keystore_types: Some(Vec::new()),
            client_signature_symmetric_algorithms: Some(algorithms(true)),
            client_signature_asymmetric_algorithms: Some(algorithms(false)),
        }),
        themes: Some(BTreeMap::new()),
        social_providers: Some(Vec::new()),
        identity_providers: Some(Vec::new()),
        providers: Some(BTreeMap::from([
            ("login-protocol".to_owned(), providers(names.iter().map(String::as_str))),
            ("keys".to_owned(), providers(kinds::KEY_PROVIDERS.iter().map(|kind| kind.id))),
            (
                "client-registration-policy".to_owned(),
                providers(kinds::REGISTRATION_POLICIES.iter().map(|kind| kind.id)),
            ),
        ])),
        protocol_mapper_types: Some(mapper_types),
        builtin_protocol_mappers: Some(BTreeMap::new()),
        client_installations: Some(installations),
        component_types: Some(
            kinds::ALL
                .into_iter()
                .map(|(of, kinds)| (of.to_owned(), kinds.iter().map(component_type).collect()))
                .collect(),
        ),
        password_policies: Some(Vec::new()),
        enums: Some(BTreeMap::from([(
            "operationType".to_owned(),
            ["CREATE", "UPDATE", "DELETE", "ACTION"].map(str::to_owned).into(),
        )])),
        ..ServerInfoRepresentation::default()
    }
}

/// Others than administrators of master learn the version only.
fn system_info(services: &Services, of_master: bool) -> SystemInfoRepresentation {
    let version = SystemInfoRepresentation { version: Some(KEYCLOAK_VERSION.to_owned()), ..Default::default() };
    if !of_master {
        return version;
    }
    SystemInfoRepresentation {
        server_time: Some(services.now().to_string()),
        os_name: Some(std::env::consts::OS.to_owned()),
        os_architecture: Some(std::env::consts::ARCH.to_owned()),
        ..version
    }
}

fn providers<'a>(ids: impl IntoIterator<Item = &'a str>) -> SpiInfoRepresentation {
    let provider = |id: &str| (id.to_owned(), ProviderRepresentation { order: Some(0), ..Default::default() });
    SpiInfoRepresentation { internal: Some(false), providers: Some(ids.into_iter().map(provider).collect()) }
}

fn mapper_type(kind: &MapperKind) -> ProtocolMapperTypeRepresentation {
    ProtocolMapperTypeRepresentation {
        id: Some(kind.id.to_owned()),
        name: Some(kind.label.to_owned()),
        category: Some(kind.category.to_owned()),
        help_text: Some(kind.help.to_owned()),
        priority: Some(0),
        properties: Some(kind.settings.iter().map(property).collect()),
    }
}

/// A kind of component as consoles are told of it.
pub(crate) fn component_type(kind: &Kind) -> ComponentTypeRepresentation {
    ComponentTypeRepresentation {
        id: Some(kind.id.to_owned()),
        help_text: Some(kind.help.to_owned()),
        properties: Some(kind.settings.iter().map(property).collect()),
        metadata: Some(BTreeMap::new()),
        ..ComponentTypeRepresentation::default()
    }
}

fn property(setting: &Setting) -> ConfigPropertyRepresentation {
    ConfigPropertyRepresentation {
        name: Some(setting.name.to_owned()),
        label: Some(setting.label.to_owned()),
        help_text: Some(setting.help.to_owned()),
        r#type: Some(setting.kind.as_str().to_owned()),
        default_value: setting.default.map(Into::into),
        options: (!setting.options.is_empty())
            .then(|| setting.options.iter().map(|&option| option.to_owned()).collect()),
        secret: Some(is_secret_name(setting.name)),
        required: Some(setting.required),
        read_only: Some(false),
    }
}

fn installation(protocol: &str, installation: &Installation) -> ClientInstallationRepresentation {
    ClientInstallationRepresentation {
        id: Some(installation.id.to_owned()),
        protocol: Some(protocol.to_owned()),
        download_only: Some(installation.download_only),
        display_type: Some(installation.label.to_owned()),
        help_text: Some(installation.help.to_owned()),
        filename: Some(installation.filename.to_owned()),
        media_type: Some(installation.media_type.to_owned()),
    }
}
