//! The mail server that a realm sends through.

use model::Attributes;
use serde_json::{Map, Value};
use services::mail;
use web::Shown;

use crate::{
    Console,
    form_errors::FormErrors,
    refusal::Refusal,
    settings::{Field, Kind, Section},
};

pub(super) fn sections() -> Vec<Section> {
    vec![
        Section::new(
            "sender",
            "Who mails come from",
            "The realm sends links to users: to choose a password, or to confirm an address.",
            vec![
                Field::new("smtpServer.from", "Address", Kind::Email),
                Field::text("smtpServer.fromDisplayName", "Name"),
                Field::new("smtpServer.replyTo", "Answers go to", Kind::Email).help("Empty is the same address."),
                Field::text("smtpServer.replyToDisplayName", "Name for answers"),
                Field::new("smtpServer.envelopeFrom", "Mails that can't be delivered go to", Kind::Email)
                    .help("Empty is the same address."),
            ],
        ),
        Section::new(
            "server",
            "Mail server",
            "",
            vec![
                Field::text("smtpServer.host", "Host"),
                Field::number("smtpServer.port", "Port", 1, 65_535)
                    .help("Empty is 465 with TLS, 587 with STARTTLS, and 25 without encryption."),
                Field::switch("smtpServer.ssl", "TLS from the beginning"),
                Field::switch("smtpServer.starttls", "STARTTLS").help(
                    "The connection is encrypted before anything is sent. One of both is needed wherever a \
                           password is sent.",
                ),
                Field::switch("smtpServer.auth", "The server wants a login"),
                Field::text("smtpServer.user", "User"),
                Field::new("smtpServer.password", "Password", Kind::Secret)
                    .help("It is kept encrypted. If the server changes, it has to be given anew."),
            ],
        ),
    ]
}

/// Adds the settings of the mail server that the form doesn't ask for: they are given as a whole.
pub(super) fn complete(given: &mut Value, present: &Value) {
    let none = Map::new();
    let present = present.get("smtpServer").and_then(Value::as_object).unwrap_or(&none);
    let Some(server) = given.get_mut("smtpServer").and_then(Value::as_object_mut) else { return };
    for (name, value) in present.iter().filter(|(name, _)| *name != "password") {
        server.entry(name).or_insert_with(|| value.clone());
    }
    server.retain(|_, value| value.as_str() != Some(""));
}

/// Sends a mail to the person, with the settings as they are in the form.
pub(super) async fn test(console: &Console, given: &Value) -> Result<Result<Shown, FormErrors>, Refusal> {
    let server = given.get("smtpServer").and_then(Value::as_object).into_iter().flatten();
    let settings: Attributes =
        server.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect();
    match mail::test(&console.services, &console.caller, console.realm()?, &settings).await {
        Ok(()) => Ok(Ok(Shown::sentence(
            "The mail server took a test mail to your own address. Look whether it arrives; the settings are not saved yet.",
        ))),
        Err(error) => Ok(Err(FormErrors::of(error)?.within("smtpServer."))),
    }
}
