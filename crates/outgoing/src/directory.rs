//! LDAP directories (RFC 4511), as far as one tries them out: a connection, a login, what the server can do.

use std::future::Future;

use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, Scope, SearchEntry, StdStream, exop::Exop};
use model::secret::Secret;
use tokio::{
    io::{AsyncRead, AsyncWrite, copy_bidirectional},
    net::UnixStream,
    time::timeout,
};
use url::Url;

use crate::{
    client::{Client, TIMEOUT},
    policy::AddressPolicy,
    refused::Refused,
    socket::Bounded,
};

/// The longest list of addresses of a directory, in bytes.
const MAX_ADDRESSES: usize = 2_048;
/// How many addresses of one directory are tried.
const MOST_ADDRESSES: usize = 5;

/// The extended operation that begins TLS (RFC 4511 section 4.14).
const START_TLS: &str = "1.3.6.1.4.1.1466.20037";

/// A directory, and who asks it.
#[derive(Clone, Debug)]
pub struct Directory {
    /// `ldap://host` or `ldaps://host`; of several with spaces between them, the first that answers is asked.
    pub addresses: String,
    /// TLS is begun with the extended operation StartTLS.
    pub start_tls: bool,
    /// The name and the password to log in with.
    pub login: Option<(String, Secret)>,
}

/// What a server says it can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ability {
    /// An extended operation.
    Extension,
    /// A control.
    Control,
    /// Something else.
    Feature,
}

/// Why a directory was not asked, or its answer not taken. The texts are for administrators: none holds anything that
/// the other side said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryRefused {
    /// It can't be called.
    #[error("the directory can't be called: {0}")]
    Server(#[from] Refused),
    /// It is no address of a directory.
    #[error("it is no address of the form ldap://host or ldaps://host")]
    NoAddress,
    /// It does not begin TLS.
    #[error("the directory refused StartTLS with code {0}")]
    StartTls(u32),
    /// The name and the password were not taken.
    #[error("the directory refused the login with code {0}")]
    Login(u32),
    /// The question was not taken.
    #[error("the directory refused the question with code {0}")]
    Question(u32),
    /// What it said is no LDAP, or the connection broke.
    #[error("the directory's answer can't be read")]
    Unreadable,
}

fn unreadable(error: ldap3::LdapError) -> DirectoryRefused {
    tracing::debug!(%error, "a conversation with a directory broke off");
    DirectoryRefused::Unreadable
}

impl Client {
    /// Connects to a directory, with TLS if that is wanted, and logs in if there is a name.
    ///
    /// # Errors
    /// If it may not be called, or refuses.
    pub async fn try_directory(&self, directory: &Directory, policy: &AddressPolicy) -> Result<(), DirectoryRefused> {
        self.at_first(directory, policy, false).await.map(drop)
    }

    /// As [`Self::try_directory`], and asks for what it can do: kinds and object identifiers.
    ///
    /// # Errors
    /// As [`Self::try_directory`].
    pub async fn abilities(
        &self,
        directory: &Directory,
        policy: &AddressPolicy,
    ) -> Result<Vec<(Ability, String)>, DirectoryRefused> {
        self.at_first(directory, policy, true).await
    }

    /// Asks the first address that answers.
    async fn at_first(
        &self,
        directory: &Directory,
        policy: &AddressPolicy,
        abilities: bool,
    ) -> Result<Vec<(Ability, String)>, DirectoryRefused> {
        if directory.addresses.len() > MAX_ADDRESSES {
            return Err(DirectoryRefused::NoAddress);
        }
        let asking = async {
            let mut refused = DirectoryRefused::NoAddress;
            for address in directory.addresses.split_whitespace().take(MOST_ADDRESSES) {
                match self.ask(address, directory, policy, abilities).await {
                    Err(DirectoryRefused::Server(reason)) => refused = reason.into(),
                    result => return result,
                }
            }
            Err(refused)
        };
        timeout(TIMEOUT, asking).await.unwrap_or(Err(Refused::TimedOut.into()))
    }

    async fn ask(
        &self,
        address: &str,
        directory: &Directory,
        policy: &AddressPolicy,
        abilities: bool,
    ) -> Result<Vec<(Ability, String)>, DirectoryRefused> {
        let url = Url::parse(address).map_err(|error| {
            tracing::debug!(%error, "no address of a directory");
            DirectoryRefused::NoAddress
        })?;
        let secure = match url.scheme() {
            "ldap" => false,
            "ldaps" => true,
            _ => return Err(DirectoryRefused::NoAddress),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(DirectoryRefused::NoAddress)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refused::Credentials.into());
        }
        let port = url.port().unwrap_or(if secure { 636 } else { 389 });
        let start_tls = directory.start_tls && !secure;
        let stream = self.connect(host, port, policy, secure || start_tls).await?;
        let mut stream = Bounded::new(stream);
        if start_tls {
            speak(&mut stream, |mut ldap| async move {
                let start_tls = Exop { name: Some(START_TLS.to_owned()), val: None };
                match ldap.extended(start_tls).await.map_err(unreadable)?.1.rc {
                    0 => Ok(()),
                    code => Err(DirectoryRefused::StartTls(code)),
                }
            })
            .await?;
        }
        if secure || start_tls {
            let mut stream = Bounded::new(self.secure(host, stream.into_inner()).await?);
            return self.question(&mut stream, directory, abilities).await;
        }
        self.question(&mut stream, directory, abilities).await
    }

    async fn question<S>(
        &self,
        stream: &mut S,
        directory: &Directory,
        abilities: bool,
    ) -> Result<Vec<(Ability, String)>, DirectoryRefused>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        if directory.login.is_none() && !abilities {
            return Ok(Vec::new());
        }
        let login = directory.login.clone();
        speak(stream, |mut ldap| async move {
            if let Some((name, password)) = login {
                match ldap.simple_bind(&name, password.expose()).await.map_err(unreadable)?.rc {
                    0 => {}
                    code => return Err(DirectoryRefused::Login(code)),
                }
            }
            let found = if abilities { root(&mut ldap).await? } else { Vec::new() };
            // It has said everything already.
            let _ = ldap.unbind().await;
            Ok(found)
        })
        .await
    }
}

/// What the root of the directory says of the server (RFC 4512 section 5.1).
async fn root(ldap: &mut Ldap) -> Result<Vec<(Ability, String)>, DirectoryRefused> {
    let kinds = [
        ("supportedExtension", Ability::Extension),
        ("supportedControl", Ability::Control),
        ("supportedFeatures", Ability::Feature),
    ];
    let names = kinds.map(|(name, _)| name);
    let answer = ldap.search("", Scope::Base, "(objectClass=*)", names).await.map_err(unreadable)?;
    if answer.1.rc != 0 {
        return Err(DirectoryRefused::Question(answer.1.rc));
    }
    let mut found = Vec::new();
    for entry in answer.0 {
        for (name, values) in SearchEntry::construct(entry).attrs {
            if let Some((_, kind)) = kinds.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name)) {
                found.extend(values.into_iter().map(|value| (*kind, value)));
            }
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// A conversation over `stream`. The library sees one end of a pair of sockets of our own, so that nothing but this
/// connection, of which no more than a bound is read, can ever be behind it.
async fn speak<S, T, F>(stream: &mut S, conversation: impl FnOnce(Ldap) -> F) -> Result<T, DirectoryRefused>
where
    S: AsyncRead + AsyncWrite + Unpin,
    F: Future<Output = Result<T, DirectoryRefused>>,
{
    let no_pair = |error: std::io::Error| {
        tracing::warn!(%error, "no pair of sockets");
        DirectoryRefused::Unreadable
    };
    let (mut near, far) = UnixStream::pair().map_err(no_pair)?;
    let far = far.into_std().map_err(no_pair)?;
    let settings = LdapConnSettings::new().set_std_stream(StdStream::Unix(far));
    let (connection, ldap) = LdapConnAsync::with_settings(settings, "ldapi:///").await.map_err(unreadable)?;
    tokio::select! {
        said = conversation(ldap) => said,
        ended = connection.drive() => {
            tracing::debug!(?ended, "the conversation ended early");
            Err(DirectoryRefused::Unreadable)
        }
        ended = copy_bidirectional(stream, &mut near) => {
            tracing::debug!(?ended, "the directory hung up, or said too much");
            Err(DirectoryRefused::Unreadable)
        }
    }
}
