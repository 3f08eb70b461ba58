//! Mail of a realm, through the server that its settings name.

use model::{Attributes, permission::Permission, realm::Realm, secret::Secret};
use outgoing::{Correspondent, Mail, MailRefused, MailServer, Security};
use representation::MASK;
use serde_json::Value;

use crate::{Caller, Error, Result, Services, client_keys::address_policy};

/// The settings that say where a password is sent. One that is kept is not sent anywhere else.
const DESTINATION: [&str; 5] = ["host", "port", "user", "ssl", "starttls"];

/// The mail server that these settings name, and what its mails say of the sender.
struct Outbox {
    server: MailServer,
    from: Correspondent,
    reply_to: Option<Correspondent>,
    envelope_from: Option<String>,
}

/// What settings of a mail server say, with Keycloak's names.
fn outbox(settings: &Attributes, password: Option<Secret>) -> Result<Outbox> {
    let text = |name: &str| settings.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let on = |name: &str| text(name) == Some("true");
    let host = text("host").ok_or_else(|| Error::invalid("host", "The mail server has no host"))?;
    let from = text("from").ok_or_else(|| Error::invalid("from", "The mail server has no address to send from"))?;
    let security = match (on("ssl"), on("starttls")) {
        (true, _) => Security::Tls,
        (false, true) => Security::StartTls,
        (false, false) => Security::None,
    };
    let usual = match security {
        Security::Tls => 465,
        Security::StartTls => 587,
        Security::None => 25,
    };
    let port = text("port").map_or(Ok(usual), str::parse);
    let port = port.map_err(|error| Error::invalid("port", format!("The port is no number: {error}")))?;
    let login = match (on("auth"), text("user")) {
        (false, _) => None,
        (true, None) => return Err(Error::invalid("user", "The mail server wants a login and has no user")),
        (true, Some(user)) => Some((user.to_owned(), password.unwrap_or_else(|| Secret::new(String::new())))),
    };
    if on("auth") && text("authType").is_some_and(|kind| kind != "basic") {
        return Err(Error::invalid("authType", "Only the login with a password is offered"));
    }
    let someone =
        |address: &str, name: &str| Correspondent { name: text(name).map(str::to_owned), address: address.to_owned() };
    Ok(Outbox {
        server: MailServer { host: host.to_owned(), port, security, login },
        from: someone(from, "fromDisplayName"),
        reply_to: text("replyTo").map(|address| someone(address, "replyToDisplayName")),
        envelope_from: text("envelopeFrom").map(str::to_owned),
    })
}

/// The settings that the realm keeps, their password sealed.
fn kept(realm: &Realm) -> Attributes {
    let server = realm.settings.uninterpreted.get("smtpServer").and_then(Value::as_object);
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    server.into_iter().flatten().map(|(name, value)| (name.clone(), text(value))).collect()
}

fn open(services: &Services, realm: &Realm, sealed: &str) -> Result<Secret> {
    let opened = services.sealing.open(&format!("{}/smtp-password", realm.id), sealed)?;
    Ok(Secret::new(String::from_utf8_lossy(&opened).into_owned()))
}

/// What a mail says.
#[derive(Clone, Debug)]
pub struct Content {
    /// What it is about.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// The same as a page.
    pub html: String,
}

/// Sends a mail of a realm. For the realm's own mails: nobody is asked for a permission.
///
/// # Errors
/// `Invalid` if the realm has no usable mail server, `Failed` if that doesn't take the mail.
pub async fn send(services: &Services, realm: &Realm, to: Correspondent, content: Content) -> Result<()> {
    let settings = kept(realm);
    let password = settings.get("password").map(|sealed| open(services, realm, sealed)).transpose()?;
    deliver(services, realm, outbox(&settings, password)?, to, content).await
}

async fn deliver(
    services: &Services,
    realm: &Realm,
    outbox: Outbox,
    to: Correspondent,
    content: Content,
) -> Result<()> {
    let mail = Mail {
        from: outbox.from,
        reply_to: outbox.reply_to,
        envelope_from: outbox.envelope_from,
        to,
        subject: content.subject,
        text: content.text,
        html: content.html,
    };
    let sent = services.outgoing.send_mail(&outbox.server, &address_policy(realm), &mail).await;
    sent.map_err(|error: MailRefused| Error::Failed(format!("Failed to send email: {error}")))
}

/// Sends a mail to the caller through a server with these settings, which need not be those of the realm. The mask stands
/// for the realm's password, and only where everything that it goes to is as the realm has it.
///
/// # Errors
/// `Failed` if the caller has no address or the server doesn't take the mail, `Invalid` and `Refused` for settings that
/// can't be, or `Forbidden` without `manage-realm`.
pub async fn test(services: &Services, caller: &Caller, realm: &Realm, given: &Attributes) -> Result<()> {
    caller.require(&[Permission::ManageRealm])?;
    let user = match &caller.user {
        Some(user) => store::users::find(&mut *services.store.read().await?, caller.realm, user).await?,
        None => None,
    };
    let address = user.as_ref().and_then(|user| user.email.clone());
    let address = address.ok_or_else(|| Error::Failed("Logged in user does not have an e-mail.".to_owned()))?;
    let password = match given.get("password").map(String::as_str) {
        None | Some("") => None,
        Some(MASK) => {
            let kept = kept(realm);
            let set = |settings: &Attributes, name: &str| settings.get(name).filter(|text| !text.is_empty()).cloned();
            if let Some(name) = DESTINATION.into_iter().find(|name| set(&kept, name) != set(given, name)) {
                let text = format!("{name} is not the realm's: give the password of the mail server");
                return Err(Error::Refused(text));
            }
            kept.get("password").map(|sealed| open(services, realm, sealed)).transpose()?
        }
        Some(password) => Some(Secret::new(password.to_owned())),
    };
    let content = Content {
        subject: "[Portcullis] - SMTP test message".to_owned(),
        text: "This is a test message".to_owned(),
        html: "<p>This is a test message</p>".to_owned(),
    };
    let to = Correspondent { name: None, address };
    deliver(services, realm, outbox(given, password)?, to, content).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(entries: &[(&str, &str)]) -> Attributes {
        entries.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn settings_name_a_server() {
        let plain = outbox(&settings(&[("host", "mx"), ("from", "a@b.example")]), None).unwrap();
        assert_eq!((plain.server.port, plain.server.security), (25, Security::None));
        assert!(plain.server.login.is_none());
        let with = [("host", "mx"), ("from", "a@b.example"), ("starttls", "true"), ("auth", "true"), ("user", "u")];
        let with = outbox(&settings(&with), Some(Secret::new("pw".to_owned()))).unwrap();
        assert_eq!((with.server.port, with.server.security), (587, Security::StartTls));
        assert_eq!(with.server.login.unwrap().1.expose(), "pw");
        for bad in [
            &[("from", "a@b.example")][..],
            &[("host", "mx")],
            &[("host", "mx"), ("from", "a"), ("port", "x")],
            &[("host", "mx"), ("from", "a"), ("auth", "true")],
            &[("host", "mx"), ("from", "a"), ("auth", "true"), ("user", "u"), ("authType", "token")],
        ] {
            assert!(outbox(&settings(bad), None).is_err(), "{bad:?}");
        }
    }
}
