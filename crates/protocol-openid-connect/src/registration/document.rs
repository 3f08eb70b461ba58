//! A client in the words of RFC 7591, as a change of a client.

use jose::{Family, SignatureAlgorithm};
use model::{Attributes, client::OPENID_CONNECT};
use representation::{ClientRepresentation, Masked};
use services::{
    client_registration::{Result, attributes::SECRET_METHOD},
    outgoing::AddressPolicy,
};

use super::{
    flows, keys,
    members::{Members, invalid},
    table,
};

/// Attribute: the scope that a client registered, in its own words.
pub const SCOPE: &str = "registered.scope";

/// What a registration describes.
#[derive(Debug)]
pub struct Described {
    /// The client, without its mappers.
    pub client: ClientRepresentation,
    /// Its users have a subject that other sectors don't know.
    pub pairwise: bool,
    /// The address that says which redirect URIs make up its sector.
    pub sector: Option<String>,
}

/// Whether a client is described for the first time or as a whole again (RFC 7592 section 2.2: what is left out is to be
/// as if it had never been there).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    First,
    Again,
}

/// Reads the metadata of a client.
///
/// # Errors
/// If a member can't be accepted.
pub fn read(members: &Members, time: Time, policy: &AddressPolicy) -> Result<Described> {
    let mut attributes = Attributes::new();
    let mut attribute = |name: &str, value: String| drop(attributes.insert(name.to_owned(), value));
    let text = |name: &str| -> Result<Option<String>> {
        let text = members.text(name)?.map(str::to_owned);
        Ok(text.or((time == Time::Again).then(String::new)))
    };
    let client_uri = text("client_uri")?;
    client_uri.as_deref().filter(|uri| !uri.is_empty()).map_or(Ok(()), |uri| table::page("client_uri", uri, false))?;
    let redirect_uris = members.list("redirect_uris")?.unwrap_or_default();
    let mut client = ClientRepresentation {
        client_id: members.text("client_id")?.map(str::to_owned),
        name: text("client_name")?,
        base_url: client_uri,
        protocol: Some(OPENID_CONNECT.to_owned()),
        bearer_only: Some(false),
        redirect_uris: Some(redirect_uris.into_iter().map(str::to_owned).collect()),
        // A page of the client may call where its users are sent back to.
        web_origins: (time == Time::First).then(|| vec!["+".to_owned()]),
        frontchannel_logout: Some(members.has("frontchannel_logout_uri")),
        ..ClientRepresentation::default()
    };
    flows::read(members, &mut client, &mut attribute)?;
    authentication(members, &mut client, &mut attribute)?;
    keys::read(members, &mut attribute)?;
    table::read(members, policy, &mut attribute)?;
    let scope = members.text("scope")?;
    // `openid` is part of the protocol and no client scope.
    let names = scope.map(|scope| scope.split_ascii_whitespace().filter(|name| *name != "openid").map(str::to_owned));
    client.optional_client_scopes = names.map(Iterator::collect);
    attribute(SCOPE, scope.unwrap_or_default().to_owned());
    let pairwise = match members.text("subject_type")? {
        None | Some("public") => false,
        Some("pairwise") => true,
        Some(_) => return Err(invalid("subject_type", "is public or pairwise")),
    };
    let sector = members.text("sector_identifier_uri")?.map(str::to_owned);
    client.attributes = Some(Masked::new(attributes));
    Ok(Described { client, pairwise, sector })
}

/// How the client proves who it is. Without a word it is by its secret, in either of the two ways.
fn authentication(
    members: &Members,
    client: &mut ClientRepresentation,
    attribute: &mut impl FnMut(&str, String),
) -> Result<()> {
    const NAME: &str = "token_endpoint_auth_method";
    const ALGORITHM: &str = "token_endpoint_auth_signing_alg";
    let method = members.text(NAME)?;
    let authenticator = match method {
        None | Some("client_secret_basic" | "client_secret_post") => "client-secret",
        Some("client_secret_jwt") => "client-secret-jwt",
        Some("private_key_jwt") => "client-jwt",
        Some("none") => "none",
        Some(_) => return Err(invalid(NAME, "names something that is not offered here")),
    };
    let by_secret = members.text(ALGORITHM)?.and_then(|name| name.parse().ok());
    let by_secret = by_secret.map(|algorithm: SignatureAlgorithm| algorithm.family() == Family::Hmac);
    if matches!((method, by_secret), (Some("client_secret_jwt"), Some(false)) | (Some("private_key_jwt"), Some(true))) {
        return Err(invalid(ALGORITHM, &format!("does not go with {NAME}")));
    }
    client.public_client = Some(authenticator == "none");
    client.client_authenticator_type = Some(authenticator.to_owned());
    let only = method.filter(|_| authenticator == "client-secret");
    attribute(SECRET_METHOD, only.unwrap_or_default().to_owned());
    Ok(())
}

/// Whether an attribute is written by a registration in these words.
pub fn writes(attribute: &str) -> bool {
    let own = [SCOPE, SECRET_METHOD];
    own.contains(&attribute)
        || flows::ATTRIBUTES.contains(&attribute)
        || keys::ATTRIBUTES.contains(&attribute)
        || table::attributes().any(|name| name == attribute)
}
