//! What an administrator sets on a registry client, read from its attributes into types.

use jose::SignatureAlgorithm;
use model::{client::Client, problem::Problem};

#[cfg(test)]
mod tests;

/// Attribute: seconds that an access token lives.
pub const TOKEN_LIFESPAN: &str = "access.token.lifespan";
/// Attribute: the algorithm that signs access tokens.
pub const TOKEN_ALGORITHM: &str = "access.token.signed.response.alg";
/// Attribute: how the token names its key.
pub const TOKEN_HEADER: &str = "docker.token.header";
/// Attribute: further service names.
pub const SERVICES: &str = "docker.services";
/// Attribute: seconds that an identity token lives; 0 issues none.
pub const IDENTITY_TOKEN_LIFESPAN: &str = "docker.identity.token.lifespan";

/// The longest service name, in bytes.
pub const MAX_SERVICE_LENGTH: usize = 255;
/// The most further service names of one client.
const MAX_SERVICES: usize = 50;
/// Fifteen minutes, as the reference server; long enough for large layers.
const DEFAULT_TOKEN_LIFESPAN: u32 = 900;
/// Ninety days.
const DEFAULT_IDENTITY_TOKEN_LIFESPAN: u32 = 90 * 24 * 60 * 60;
/// Ten years.
const MAX_IDENTITY_TOKEN_LIFESPAN: u32 = 10 * 365 * 24 * 60 * 60;
/// What registries verify and this protocol offers.
const ALGORITHMS: [SignatureAlgorithm; 5] = [
    SignatureAlgorithm::Rs256,
    SignatureAlgorithm::Rs384,
    SignatureAlgorithm::Rs512,
    SignatureAlgorithm::Es256,
    SignatureAlgorithm::EdDsa,
];

/// How a token's header names the key that signed it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TokenHeader {
    /// A leaf certificate under the realm's registry authority: any registry that has the bundle, of 2.8 and 3.
    #[default]
    X5c,
    /// The key id of Docker's libtrust: 2.8 with a bundle that holds the signing certificate, 3 with the JWKS.
    Libtrust,
    /// The RFC 7638 thumbprint: 3 with a bundle that holds the signing certificate, or with the JWKS.
    Thumbprint,
}

impl TokenHeader {
    /// The word in the attribute.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::X5c => "x5c",
            Self::Libtrust => "libtrust",
            Self::Thumbprint => "thumbprint",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::X5c, Self::Libtrust, Self::Thumbprint].into_iter().find(|header| header.as_str() == text)
    }
}

/// The settings of a registry client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrySettings {
    /// Seconds that an access token lives: 60 to 86400.
    pub token_lifespan: u32,
    /// What signs access tokens.
    pub algorithm: SignatureAlgorithm,
    /// How the token names its key.
    pub header: TokenHeader,
    /// Names beside the `clientId` under which registries of this client call themselves.
    pub services: Vec<String>,
    /// Seconds that an identity token lives; none issues no identity tokens.
    pub identity_token_lifespan: Option<u32>,
}

impl RegistrySettings {
    /// Reads the attributes of a client; those that this protocol doesn't know are left alone.
    ///
    /// # Errors
    /// One problem per offending attribute; the field is the attribute's name, or `clientId`.
    pub fn parse(client: &Client) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let text = |name: &str| client.attributes.get(name).map_or("", |text| text.trim());
        if let Err(reason) = check_service(&client.client_id) {
            problems.push(Problem::new("clientId", format!("is the registry's service name, but {reason}")));
        }
        let token_lifespan = seconds(text(TOKEN_LIFESPAN), DEFAULT_TOKEN_LIFESPAN, 60, 86_400).unwrap_or_else(|| {
            let message = format!("`{}` is no number of seconds from 60 to 86400", shown(text(TOKEN_LIFESPAN)));
            problems.push(Problem::new(TOKEN_LIFESPAN, message));
            DEFAULT_TOKEN_LIFESPAN
        });
        let identity_text = text(IDENTITY_TOKEN_LIFESPAN);
        let identity = seconds(identity_text, DEFAULT_IDENTITY_TOKEN_LIFESPAN, 0, MAX_IDENTITY_TOKEN_LIFESPAN);
        let identity = identity.filter(|seconds| *seconds == 0 || *seconds >= 60).unwrap_or_else(|| {
            let message = format!(
                "`{}` is no number of seconds from 60 to {MAX_IDENTITY_TOKEN_LIFESPAN}, nor 0 to issue no identity tokens",
                shown(identity_text)
            );
            problems.push(Problem::new(IDENTITY_TOKEN_LIFESPAN, message));
            0
        });
        let algorithm = algorithm(text(TOKEN_ALGORITHM)).unwrap_or_else(|| {
            let known = ALGORITHMS.map(SignatureAlgorithm::as_str).join(", ");
            let message =
                format!("`{}` is no algorithm for registries: use one of {known}", shown(text(TOKEN_ALGORITHM)));
            problems.push(Problem::new(TOKEN_ALGORITHM, message));
            SignatureAlgorithm::Rs256
        });
        let header = match text(TOKEN_HEADER) {
            "" => TokenHeader::default(),
            word => TokenHeader::parse(word).unwrap_or_else(|| {
                let message = format!("`{}` is unknown: use `x5c`, `libtrust` or `thumbprint`", shown(word));
                problems.push(Problem::new(TOKEN_HEADER, message));
                TokenHeader::default()
            }),
        };
        if algorithm == SignatureAlgorithm::EdDsa && header == TokenHeader::Libtrust {
            let message = "`libtrust` goes with no EdDSA key: registries that use libtrust key ids verify RSA and EC only. \
                           Use `x5c`, or `thumbprint` with a registry 3.1 or newer";
            problems.push(Problem::new(TOKEN_HEADER, message));
        }
        let services = services(text(SERVICES), &client.client_id, &mut problems);
        if problems.is_empty() {
            let identity_token_lifespan = (identity > 0).then_some(identity);
            Ok(Self { token_lifespan, algorithm, header, services, identity_token_lifespan })
        } else {
            Err(problems)
        }
    }

    /// Whether registries of the generation 2.8 can verify the tokens.
    #[must_use]
    pub fn fits_registry_2(&self) -> bool {
        self.algorithm != SignatureAlgorithm::EdDsa && self.header != TokenHeader::Thumbprint
    }
}

/// The service names in an attribute: by comma, space, line or `##`.
#[must_use]
pub fn service_names(text: &str) -> Vec<&str> {
    text.split("##")
        .flat_map(|part| part.split(|c: char| c == ',' || c.is_whitespace()))
        .filter(|name| !name.is_empty())
        .collect()
}

fn services(text: &str, client_id: &str, problems: &mut Vec<Problem>) -> Vec<String> {
    let mut services: Vec<String> = Vec::new();
    for name in service_names(text) {
        match check_service(name) {
            Err(reason) => problems.push(Problem::new(SERVICES, format!("`{}`: {reason}", shown(name)))),
            Ok(()) if name == client_id || services.iter().any(|known| known == name) => {}
            Ok(()) => services.push(name.to_owned()),
        }
    }
    if services.len() > MAX_SERVICES {
        problems.push(Problem::new(SERVICES, format!("{} names are more than {MAX_SERVICES}", services.len())));
    }
    services
}

/// Whether a name can come back as the `service` parameter of a request.
fn check_service(name: &str) -> Result<(), &'static str> {
    if name.len() > MAX_SERVICE_LENGTH {
        Err("it is longer than 255 characters")
    } else if name.chars().any(char::is_control) {
        Err("it has a control character")
    } else if name.is_empty() {
        Err("it is empty")
    } else {
        Ok(())
    }
}

fn seconds(text: &str, default: u32, least: u32, most: u32) -> Option<u32> {
    if text.is_empty() {
        return Some(default);
    }
    text.parse().ok().filter(|seconds| (least..=most).contains(seconds))
}

fn algorithm(text: &str) -> Option<SignatureAlgorithm> {
    if text.is_empty() {
        return Some(SignatureAlgorithm::Rs256);
    }
    ALGORITHMS.into_iter().find(|algorithm| algorithm.as_str() == text)
}

/// The beginning of a text, fit for a message.
fn shown(text: &str) -> String {
    text.chars().take(60).flat_map(char::escape_debug).collect()
}
