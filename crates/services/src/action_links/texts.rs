//! What the mails say.

use model::realm::Realm;

use super::{Purpose, VERIFY_EMAIL};
use crate::{credentials::UPDATE_PASSWORD, mail::Content};

/// A mail with this link, which is good for so many seconds.
pub(super) fn content(realm: &Realm, purpose: Purpose, actions: &[String], link: &str, seconds: i64) -> Content {
    let name = realm.settings.display_name.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or(&realm.name);
    // Names are data: no line of a subject, no markup of a page.
    let name: String = name.chars().filter(|letter| !letter.is_control()).take(100).collect();
    let subject = match purpose {
        Purpose::VerifyEmail => "Verify your e-mail address",
        Purpose::ExecuteActions => "Update your account",
        Purpose::ResetPassword => "Choose a new password",
    };
    let wishes: Vec<&str> = actions
        .iter()
        .filter_map(|action| match action.as_str() {
            VERIFY_EMAIL => Some("confirm that this e-mail address is yours"),
            UPDATE_PASSWORD => Some("choose a new password"),
            _ => None,
        })
        .collect();
    let wishes = wishes.join(" and to ");
    let time = duration(seconds);
    let first = format!("You are asked to {wishes} for your account at {name}.");
    let last = format!("The link is good once, for {time}. If you don't know what this is about, ignore this mail.");
    Content {
        subject: subject.to_owned(),
        text: format!("{first}\n\nFollow this link:\n{link}\n\n{last}\n"),
        html: format!(
            "<p>{}</p>\n<p><a href=\"{link}\">Follow this link</a></p>\n<p>{}</p>\n",
            escaped(&first),
            escaped(&last),
            link = escaped(link)
        ),
    }
}

fn duration(seconds: i64) -> String {
    let (number, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

/// A text as HTML.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use model::{
        id::{RealmId, RoleId},
        realm::RealmSettings,
    };

    use super::*;

    #[test]
    fn names_are_no_markup() {
        let realm = Realm {
            default_role_name: String::new(),
            listeners: Vec::new(),
            id: RealmId(uuid::Uuid::nil()),
            given_id: "r".to_owned(),
            name: "r".to_owned(),
            enabled: true,
            default_role: RoleId("d".to_owned()),
            settings: RealmSettings {
                display_name: Some("<b>\"Acme\"</b>\r\nBcc: x".to_owned()),
                ..RealmSettings::default()
            },
        };
        let both = [UPDATE_PASSWORD.to_owned(), VERIFY_EMAIL.to_owned()];
        let mail = content(&realm, Purpose::ExecuteActions, &both, "https://id.example/?a=1&b=2", 43_200);
        assert!(mail.html.contains("&lt;b&gt;&quot;Acme&quot;") && !mail.html.contains("<b>"), "{}", mail.html);
        assert!(mail.html.contains("href=\"https://id.example/?a=1&amp;b=2\""), "{}", mail.html);
        assert!(mail.text.contains("https://id.example/?a=1&b=2\n") && !mail.text.contains('\r'), "{}", mail.text);
        assert!(mail.text.contains("choose a new password and to confirm") && mail.text.contains("12 hours"));
    }

    #[test]
    fn times_are_told_in_words() {
        for (seconds, text) in [(1, "1 second"), (300, "5 minutes"), (43_200, "12 hours"), (604_800, "7 days")] {
            assert_eq!(duration(seconds), text);
        }
    }
}
