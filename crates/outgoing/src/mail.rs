//! Mail, handed to a server that takes it (RFC 5321): with TLS from the start, after STARTTLS (RFC 3207), or without.

use std::{
    fmt, io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    task::{Context, Poll},
};

use lettre::{
    Address, Message,
    message::{Mailbox, MultiPart},
    transport::smtp::{
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, AsyncTokioStream, Certificate, CertificateStore, TlsParameters},
        extension::ClientId,
    },
};
use model::secret::Secret;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::client::TlsStream;

use crate::{
    client::{Client, TIMEOUT},
    policy::AddressPolicy,
    refused::Refused,
    socket::Bounded,
};

/// How the conversation with a mail server is kept from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Not at all: only for servers in networks that were named.
    None,
    /// With TLS after STARTTLS, or not at all.
    StartTls,
    /// With TLS from the start.
    Tls,
}

/// A server that takes mail.
#[derive(Clone, Debug)]
pub struct MailServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How it is spoken to.
    pub security: Security,
    /// The name and the password to log in with, if it wants that.
    pub login: Option<(String, Secret)>,
}

/// Somebody with an address.
#[derive(Clone, Debug)]
pub struct Correspondent {
    /// What they are called.
    pub name: Option<String>,
    /// Where they get mail.
    pub address: String,
}

/// A mail.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Who sends it.
    pub from: Correspondent,
    /// Who gets the answers, if not the sender.
    pub reply_to: Option<Correspondent>,
    /// Who is told if it can't be delivered, if not the sender.
    pub envelope_from: Option<String>,
    /// Who gets it.
    pub to: Correspondent,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// The same as a page.
    pub html: String,
}

/// Why a mail was not handed over. The texts are for administrators: none holds anything that the other side said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailRefused {
    /// The server can't be called.
    #[error("the mail server can't be called: {0}")]
    Server(#[from] Refused),
    /// An address or a text can't stand in a mail.
    #[error("{0} is no address, or can't stand in a mail")]
    Unfit(&'static str),
    /// STARTTLS was wanted and isn't offered.
    #[error("the mail server offers no STARTTLS")]
    NoStartTls,
    /// The name and the password were not taken.
    #[error("the mail server refused the login{}", code(*.0))]
    Login(Option<u16>),
    /// The mail was not taken.
    #[error("the mail server refused the mail{}", code(*.0))]
    Mail(Option<u16>),
    /// What it said is no SMTP, or the connection broke.
    #[error("the mail server's answer can't be read")]
    Unreadable,
}

fn code(code: Option<u16>) -> String {
    code.map(|code| format!(" with code {code}")).unwrap_or_default()
}

fn code_of(error: &lettre::transport::smtp::Error) -> Option<u16> {
    error.status().map(Into::into)
}

/// A connection as lettre takes it.
enum Line {
    Plain(Bounded<TcpStream>),
    Tls(Box<Bounded<TlsStream<TcpStream>>>),
}

impl fmt::Debug for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a connection to a mail server")
    }
}

impl AsyncRead for Line {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Line {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(context),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_shutdown(context),
        }
    }
}

impl AsyncTokioStream for Line {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        match self {
            Self::Plain(stream) => stream.stream().peer_addr(),
            Self::Tls(stream) => stream.stream().get_ref().0.peer_addr(),
        }
    }
}

fn mailbox(what: &'static str, whom: &Correspondent) -> Result<Mailbox, MailRefused> {
    let fits = |text: &str| text.len() <= 255 && !text.chars().any(char::is_control);
    if !whom.name.as_deref().is_none_or(fits) {
        return Err(MailRefused::Unfit(what));
    }
    Ok(Mailbox::new(whom.name.clone().filter(|name| !name.is_empty()), address(what, &whom.address)?))
}

fn address(what: &'static str, text: &str) -> Result<Address, MailRefused> {
    text.parse().map_err(|error: lettre::address::AddressError| {
        tracing::debug!(%error, what, "no address");
        MailRefused::Unfit(what)
    })
}

impl Mail {
    fn written(&self) -> Result<Message, MailRefused> {
        let mut message = Message::builder()
            .from(mailbox("the sender", &self.from)?)
            .to(mailbox("the recipient", &self.to)?)
            .subject(self.subject.as_str());
        if let Some(reply_to) = &self.reply_to {
            message = message.reply_to(mailbox("the address for answers", reply_to)?);
        }
        if let Some(from) = &self.envelope_from {
            let envelope = lettre::address::Envelope::new(
                Some(address("the envelope's sender", from)?),
                vec![address("the recipient", &self.to.address)?],
            );
            message = message.envelope(envelope.map_err(|error| {
                tracing::debug!(%error, "no envelope");
                MailRefused::Unfit("the recipient")
            })?);
        }
        message.multipart(MultiPart::alternative_plain_html(self.text.clone(), self.html.clone())).map_err(|error| {
            tracing::debug!(%error, "no mail");
            MailRefused::Unfit("the text")
        })
    }
}

impl Client {
    /// Hands a mail to a server if `policy` allows to call it.
    ///
    /// # Errors
    /// If it may not be called, or doesn't take the mail.
    pub async fn send_mail(&self, server: &MailServer, policy: &AddressPolicy, mail: &Mail) -> Result<(), MailRefused> {
        let message = mail.written()?;
        match timeout(TIMEOUT, self.hand_over(server, policy, &message)).await {
            Ok(result) => result,
            Err(_) => Err(Refused::TimedOut.into()),
        }
    }

    async fn hand_over(
        &self,
        server: &MailServer,
        policy: &AddressPolicy,
        message: &Message,
    ) -> Result<(), MailRefused> {
        let encrypted = server.security != Security::None;
        let stream = self.connect(&server.host, server.port, policy, encrypted).await?;
        let hello = match stream.local_addr().map(|address| address.ip()) {
            Ok(IpAddr::V4(address)) => ClientId::Ipv4(address),
            Ok(IpAddr::V6(address)) => ClientId::Ipv6(address),
            Err(_) => ClientId::Domain("localhost".to_owned()),
        };
        let line = match server.security {
            Security::Tls => Line::Tls(Box::new(Bounded::new(self.secure(&server.host, stream).await?))),
            Security::None | Security::StartTls => Line::Plain(Bounded::new(stream)),
        };
        let mut connection =
            AsyncSmtpConnection::connect_with_transport(Box::new(line), &hello).await.map_err(unreadable)?;
        if server.security == Security::StartTls {
            if !connection.can_starttls() {
                connection.abort().await;
                return Err(MailRefused::NoStartTls);
            }
            let parameters = self.mail_tls(&server.host)?;
            connection.starttls(parameters, &hello).await.map_err(|error| {
                tracing::debug!(%error, "STARTTLS failed");
                Refused::NoConnection
            })?;
        }
        if let Some((name, password)) = &server.login {
            let credentials = Credentials::new(name.clone(), password.expose().to_owned());
            let login = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await;
            if let Err(error) = login {
                connection.abort().await;
                return Err(MailRefused::Login(code_of(&error)));
            }
        }
        let sent = connection.send(message.envelope(), &message.formatted()).await;
        sent.map_err(|error| match code_of(&error) {
            None if !error.is_client() => unreadable(error),
            code => MailRefused::Mail(code),
        })?;
        // It is handed over already.
        let _ = connection.quit().await;
        Ok(())
    }

    fn mail_tls(&self, host: &str) -> Result<TlsParameters, MailRefused> {
        let mut parameters = TlsParameters::builder(host.to_owned()).certificate_store(CertificateStore::None);
        for anchor in self.anchors() {
            if let Ok(certificate) = Certificate::from_der(anchor.to_vec()) {
                parameters = parameters.add_root_certificate(certificate);
            }
        }
        parameters.build_rustls().map_err(|error| {
            tracing::warn!(%error, "TLS for mail can't be set up");
            Refused::NoConnection.into()
        })
    }
}

fn unreadable(error: lettre::transport::smtp::Error) -> MailRefused {
    tracing::debug!(%error, "a conversation with a mail server broke off");
    MailRefused::Unreadable
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(from: &str, name: Option<&str>) -> Mail {
        let whom = |name: Option<&str>, address: &str| Correspondent {
            name: name.map(str::to_owned),
            address: address.to_owned(),
        };
        Mail {
            from: whom(name, from),
            reply_to: None,
            envelope_from: Some("bounces@id.example".to_owned()),
            to: whom(None, "alice@example.org"),
            subject: "Hällo".to_owned(),
            text: "text".to_owned(),
            html: "<p>text</p>".to_owned(),
        }
    }

    #[test]
    fn a_mail_is_written_with_its_envelope() {
        let message = mail("id@id.example", Some("The \"Identity\" Server")).written().unwrap();
        assert_eq!(message.envelope().from().unwrap().to_string(), "bounces@id.example");
        let text = String::from_utf8(message.formatted()).unwrap();
        assert!(text.contains("To: alice@example.org\r\n") && text.contains("multipart/alternative"), "{text}");
    }

    #[test]
    fn nobody_writes_headers_into_a_mail() {
        for (from, name) in
            [("x@y.example\r\nBcc: z@y.example", None), ("x@y.example", Some("a\r\nBcc: z@y.example")), ("x", None)]
        {
            assert_eq!(mail(from, name).written().unwrap_err(), MailRefused::Unfit("the sender"));
        }
        let mut subject = mail("x@y.example", None);
        subject.subject = "a\r\nBcc: z@y.example".to_owned();
        let text = String::from_utf8(subject.written().unwrap().formatted()).unwrap();
        assert!(!text.contains("\r\nBcc:"), "{text}");
    }
}
