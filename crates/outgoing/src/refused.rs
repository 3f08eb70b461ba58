//! Why a request was not made, or its answer not taken.

/// A request that was not made or whose answer was not taken. The texts are for administrators: none holds anything
/// that the other side said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no address, or too long.
    #[error("it is no address of the form https://host/path")]
    NoAddress,
    /// It is neither http nor https.
    #[error("it is neither https nor http")]
    Scheme,
    /// There is a name or a password in it.
    #[error("there is a user name or a password in it")]
    Credentials,
    /// It is http, and not in a network that the realm allows.
    #[error("it is http, which is allowed only into networks that the realm allows")]
    Plain,
    /// The address, or every address that its name stands for, is inside.
    #[error("it is a loopback, private, link-local or otherwise special address, in no network that the realm allows")]
    Internal,
    /// The name stands for no address.
    #[error("its host name has no address")]
    UnknownHost,
    /// Nobody took the connection, or TLS failed.
    #[error("no connection: nobody listens there, or its certificate is not trusted")]
    NoConnection,
    /// It took too long.
    #[error("it did not answer in time")]
    TimedOut,
    /// The connection broke, or what came is no HTTP.
    #[error("its answer can't be read")]
    Unreadable,
    /// The answer is larger than this.
    #[error("its answer is larger than {0} bytes")]
    TooLarge(usize),
    /// The answer has this status; redirects are not followed.
    #[error("it answered with status {0}")]
    Status(u16),
}

impl From<reqwest::Error> for Refused {
    fn from(error: reqwest::Error) -> Self {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(inner) = cause {
            // What the resolver said.
            if let Some(refused) = inner.downcast_ref::<Self>() {
                return *refused;
            }
            cause = inner.source();
        }
        let refused = if error.is_timeout() {
            Self::TimedOut
        } else if error.is_connect() {
            Self::NoConnection
        } else {
            Self::Unreadable
        };
        // Its address may hold a secret in the query.
        let error = error.without_url();
        tracing::debug!(?error, "a request of ours failed");
        refused
    }
}
