//! What the server is and can do: the first thing terraform, config-cli and the admin console ask.

use std::collections::BTreeMap;

use crate::{
    ComponentTypeRepresentation, ConfigPropertyRepresentation, ListMap, ProtocolMapperRepresentation, StringMap,
    define::representation,
};

/// The version of Keycloak whose admin API and exports these are.
pub const KEYCLOAK_VERSION: &str = "26.6.2";

representation! {
    /// The answer of `GET /admin/serverinfo`. Clients refuse other top-level keys than these.
    ServerInfoRepresentation {
        /// Version, clock and environment.
        system_info: SystemInfoRepresentation,
        /// Processors.
        cpu_info: CpuInfoRepresentation,
        /// Memory.
        memory_info: MemoryInfoRepresentation,
        /// Feature profile.
        profile_info: ProfileInfoRepresentation,
        /// Features.
        features: Vec<FeatureRepresentation>,
        /// Cryptography.
        crypto_info: CryptoInfoRepresentation,
        /// Themes by type: login, account, admin, email, common, welcome.
        themes: BTreeMap<String, Vec<ThemeInfoRepresentation>>,
        /// Social identity providers, each `id`, `name`, `groupName`.
        social_providers: Vec<StringMap>,
        /// Identity providers, each `id`, `name`, `groupName`.
        identity_providers: Vec<StringMap>,
        /// Installed providers by service interface.
        providers: BTreeMap<String, SpiInfoRepresentation>,
        /// Protocol mapper types by protocol.
        protocol_mapper_types: BTreeMap<String, Vec<ProtocolMapperTypeRepresentation>>,
        /// Ready-made protocol mappers by protocol.
        builtin_protocol_mappers: BTreeMap<String, Vec<ProtocolMapperRepresentation>>,
        /// Forms in which client settings can be downloaded, by protocol.
        client_installations: BTreeMap<String, Vec<ClientInstallationRepresentation>>,
        /// Component types by provider type.
        component_types: BTreeMap<String, Vec<ComponentTypeRepresentation>>,
        /// Password policies.
        password_policies: Vec<PasswordPolicyTypeRepresentation>,
        /// Values of enumerations: operationType, eventType, resourceType.
        enums: ListMap,
    }

    /// Version, clock and environment. The `java` fields exist because clients show them.
    SystemInfoRepresentation {
        /// Version in Keycloak's numbering; terraform stops without it.
        version: String,
        /// Server time as text.
        server_time: String,
        /// Time since start as text.
        uptime: String,
        /// Time since start, milliseconds.
        uptime_millis: i64,
        /// Runtime version.
        java_version: String,
        /// Runtime vendor.
        java_vendor: String,
        /// Virtual machine name.
        java_vm: String,
        /// Virtual machine version.
        java_vm_version: String,
        /// Runtime name.
        java_runtime: String,
        /// Runtime folder.
        java_home: String,
        /// Operating system.
        os_name: String,
        /// Processor architecture.
        os_architecture: String,
        /// Operating system version.
        os_version: String,
        /// Text encoding of files.
        file_encoding: String,
        /// Operating system user.
        user_name: String,
        /// Working folder.
        user_dir: String,
        /// Time zone.
        user_timezone: String,
        /// Language.
        user_locale: String,
    }

    /// Processors.
    CpuInfoRepresentation {
        /// Number of processors.
        processor_count: i64,
    }

    /// Memory, in bytes and as text. `Formated` is Keycloak's spelling.
    MemoryInfoRepresentation {
        /// Total, bytes.
        total: i64,
        /// Total as text.
        total_formated: String,
        /// Used, bytes.
        used: i64,
        /// Used as text.
        used_formated: String,
        /// Free, bytes.
        free: i64,
        /// Free as text.
        free_formated: String,
        /// Free share, percent.
        free_percentage: i64,
    }

    /// Feature profile.
    ProfileInfoRepresentation {
        /// Profile name.
        name: String,
        /// Names of features that are off.
        disabled_features: Vec<String>,
        /// Names of preview features.
        preview_features: Vec<String>,
        /// Names of experimental features.
        experimental_features: Vec<String>,
    }

    /// One feature.
    FeatureRepresentation {
        /// Name.
        name: String,
        /// Label.
        label: String,
        /// `DEFAULT`, `DISABLED_BY_DEFAULT`, `PREVIEW`, `EXPERIMENTAL` or `DEPRECATED`.
        r#type: String,
        /// Whether it is on.
        enabled: bool,
        /// Names of the features it needs.
        dependencies: Vec<String>,
    }

    /// Cryptography.
    CryptoInfoRepresentation {
        /// Name of the provider.
        crypto_provider: String,
        /// Key store formats.
        supported_keystore_types: Vec<String>,
        /// Symmetric algorithms of client signatures.
        client_signature_symmetric_algorithms: Vec<String>,
        /// Asymmetric algorithms of client signatures.
        client_signature_asymmetric_algorithms: Vec<String>,
    }

    /// One theme.
    ThemeInfoRepresentation {
        /// Name.
        name: String,
        /// Languages.
        locales: Vec<String>,
    }

    /// The providers of one service interface.
    SpiInfoRepresentation {
        /// Whether it is not meant for extensions.
        internal: bool,
        /// Providers by id.
        providers: BTreeMap<String, ProviderRepresentation>,
    }

    /// One provider.
    ProviderRepresentation {
        /// Rank; the highest is the default one.
        order: i32,
        /// Facts about its operation.
        operational_info: StringMap,
    }

    /// One protocol mapper type.
    ProtocolMapperTypeRepresentation {
        /// Mapper type.
        id: String,
        /// Name.
        name: String,
        /// Category.
        category: String,
        /// Help text.
        help_text: String,
        /// Order in which mappers run.
        priority: i32,
        /// Settings.
        properties: Vec<ConfigPropertyRepresentation>,
    }

    /// One form in which client settings can be downloaded.
    ClientInstallationRepresentation {
        /// Form id, as in the URL.
        id: String,
        /// Protocol.
        protocol: String,
        /// Whether it cannot be shown as text.
        download_only: bool,
        /// Name.
        display_type: String,
        /// Help text.
        help_text: String,
        /// File name.
        filename: String,
        /// Media type.
        media_type: String,
    }

    /// One password policy.
    PasswordPolicyTypeRepresentation {
        /// Policy id.
        id: String,
        /// Name.
        display_name: String,
        /// Kind of its setting, for instance `int`.
        config_type: String,
        /// Setting when none is given.
        default_value: String,
        /// Whether it can be given more than once.
        multiple_supported: bool,
    }
}
