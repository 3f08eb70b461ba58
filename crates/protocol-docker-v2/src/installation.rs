//! Ready-made configurations of registries. They start as they are, given the files that they say how to fetch.

use jose::SignatureAlgorithm;
use protocol::{Installation, InstallationContext, InstallationFile, realm_url};

use crate::client::{RegistrySettings, TokenHeader};

mod compose;
mod containerd;
mod environment;
mod quoting;
mod registry_config;
#[cfg(test)]
mod tests;
mod zot;

/// Keycloak's id: Docker Compose.
pub const COMPOSE: &str = "docker-v2-compose-yaml";
/// Keycloak's id: configuration file of registry 2.8.
pub const REGISTRY_CONFIG: &str = "docker-v2-registry-config-file";
/// Keycloak's id: settings by environment.
pub const VARIABLE_OVERRIDE: &str = "docker-v2-variable-override";
/// Configuration file of registry 3.
pub const REGISTRY3_CONFIG: &str = "docker-v2-registry3-config-file";
/// Configuration file of zot.
pub const ZOT_CONFIG: &str = "docker-v2-zot-config";

/// A Compose file alone.
pub const COMPOSE_FILE: &str = "docker-v2-compose-file";
/// `hosts.toml` of containerd.
pub const CONTAINERD_HOSTS: &str = "docker-v2-containerd-hosts";

const TEXT: &str = "text/plain";

/// All of them.
pub static INSTALLATIONS: [Installation; 7] = [
    Installation {
        id: COMPOSE,
        label: "Docker Compose YAML",
        help: "A folder with a Compose file and everything that it names: unpack it, run docker compose up, and a registry \
               listens on localhost:5000 with TLS.",
        filename: "portcullis-docker-compose.zip",
        media_type: "application/zip",
        download_only: true,
    },
    Installation {
        id: REGISTRY_CONFIG,
        label: "Registry Config File",
        help: "A complete config.yml for registry 2.8. The certificate authority that it names is fetched with the command \
               in its first lines.",
        filename: "config.yml",
        media_type: TEXT,
        download_only: false,
    },
    Installation {
        id: VARIABLE_OVERRIDE,
        label: "Variable Override",
        help: "A docker run command that sets everything by environment variables.",
        filename: "docker-env.txt",
        media_type: TEXT,
        download_only: false,
    },
    Installation {
        id: REGISTRY3_CONFIG,
        label: "Registry 3 Config File",
        help: "A complete config.yml for registry 3. The files that it names are fetched with the commands in its first \
               lines.",
        filename: "config.yml",
        media_type: TEXT,
        download_only: false,
    },
    Installation {
        id: ZOT_CONFIG,
        label: "zot Config File",
        help: "A complete configuration for zot. zot trusts a single key, which the file carries in comments, and checks \
               neither issuer nor service: give the client a realm or a signing algorithm of its own.",
        filename: "zot-config.yaml",
        media_type: TEXT,
        download_only: false,
    },
    Installation {
        id: COMPOSE_FILE,
        label: "Docker Compose File",
        help: "The Compose file alone, for a registry with a TLS certificate of your own. The files that it names are fetched \
               with the commands in its first lines.",
        filename: "docker-compose.yaml",
        media_type: TEXT,
        download_only: false,
    },
    Installation {
        id: CONTAINERD_HOSTS,
        label: "containerd Hosts File",
        help: "For hosts that pull from the registry with containerd, nerdctl or Kubernetes: where the registry is, and how \
               credentials are given.",
        filename: "hosts.toml",
        media_type: TEXT,
        download_only: false,
    },
];

/// Makes one of them; none for an unknown id.
pub(crate) fn make(id: &str, context: &InstallationContext<'_>) -> Option<Result<InstallationFile, String>> {
    let installation = INSTALLATIONS.iter().find(|installation| installation.id == id)?;
    let content = Target::new(context).and_then(|target| match id {
        COMPOSE => compose::archive(&target, context),
        REGISTRY_CONFIG => registry_config::version_2(&target).map(String::into_bytes),
        VARIABLE_OVERRIDE => Ok(environment::docker_run(&target).into_bytes()),
        COMPOSE_FILE => Ok(compose::file(&target).into_bytes()),
        CONTAINERD_HOSTS => Ok(containerd::hosts(&target).into_bytes()),
        REGISTRY3_CONFIG => Ok(registry_config::version_3(&target).into_bytes()),
        _ => zot::config(&target, context.registry_jwks).map(String::into_bytes),
    });
    Some(content.map(|content| InstallationFile {
        content,
        media_type: installation.media_type,
        filename: installation.filename,
    }))
}

/// What every configuration says.
struct Target<'a> {
    /// Where tokens are requested.
    realm: String,
    /// The `iss` of tokens.
    issuer: String,
    /// The `aud` of tokens.
    service: &'a str,
    settings: RegistrySettings,
}

impl<'a> Target<'a> {
    fn new(context: &InstallationContext<'a>) -> Result<Self, String> {
        let settings = RegistrySettings::parse(context.client).map_err(|problems| {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            format!("The settings of this client must be mended first: {}", problems.join("; "))
        })?;
        let issuer = realm_url(context.public_url, context.realm);
        Ok(Self {
            realm: format!("{issuer}/protocol/docker-v2/auth"),
            issuer,
            service: &context.client.client_id,
            settings,
        })
    }

    /// Where the trust bundle is served.
    fn bundle_url(&self) -> String {
        format!("{}/protocol/docker-v2/ca.pem", self.issuer)
    }

    /// Where the registry keys are served.
    fn jwks_url(&self) -> String {
        format!("{}/protocol/docker-v2/certs", self.issuer)
    }

    /// Whether a registry of generation 3 needs the keys beside the bundle.
    fn needs_jwks(&self) -> bool {
        self.settings.header != TokenHeader::X5c
    }

    /// The image that verifies this client's tokens.
    fn image(&self) -> &'static str {
        if self.settings.fits_registry_2() { "registry:2" } else { "registry:3" }
    }

    fn uses_registry_3(&self) -> bool {
        !self.settings.fits_registry_2()
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.settings.algorithm
    }

    /// A comment for addresses that leak passwords, else nothing.
    fn warning(&self) -> &'static str {
        if self.realm.starts_with("https://") {
            ""
        } else {
            "# Warning: the address of Portcullis has no TLS, so passwords travel in the clear. For development only.\n"
        }
    }

    /// A command that fetches `url` into `file`, for a comment.
    fn fetch(file: &str, url: &str) -> String {
        format!("curl -fsS -o {file} {}", quoting::shell(&quoting::url(url)))
    }
}
