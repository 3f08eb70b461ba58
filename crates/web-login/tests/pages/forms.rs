//! What scripts, password managers and test suites rely on in each page.

use web::{ClientShown, FormError, Page, PlainUrl, page::Sample};
use web_login::{LoginPage, UsernameLabel};

use crate::document::Document;

fn read(page: &impl Page) -> Document {
    Document::parse(&Sample::of("page", page).unwrap().html)
}

fn sample(name: &str) -> Sample {
    let samples = web::pages::samples().unwrap().into_iter().chain(web_login::samples().unwrap());
    samples.into_iter().find(|sample| sample.name == name).unwrap()
}

/// What `action="(.*)" method` finds in the source, which is how programs without a browser take the address.
fn cut_out(html: &str) -> Option<&str> {
    let line = html.lines().find(|line| line.contains("action=\"") && line.contains("\" method"))?;
    let begin = line.find("action=\"")? + "action=\"".len();
    let end = line.rfind("\" method")?;
    line.get(begin..end)
}

#[test]
fn the_address_of_a_form_stands_in_the_source_as_it_is() {
    let url = "https://[::1]:8443/realms/%C3%A9/login-actions/authenticate?session_code=a-_.~&client_id=x%26y&copy=1";
    let page = Sample::of("login", &LoginPage::new("a", PlainUrl::new(url).unwrap())).unwrap();
    assert_eq!(cut_out(&page.html), Some(url));
    let form = Document::parse(&page.html);
    assert_eq!(form.one("form").get("action"), Some(url), "a browser reads the same");
    for name in ["login", "login-refused", "login-again", "consent", "device-code", "device-confirm", "logout-confirm"]
    {
        let page = sample(name);
        assert_eq!(cut_out(&page.html), Some(PlainUrl::sample().as_str()), "{name}");
        let document = Document::parse(&page.html);
        assert_eq!(document.one("form").get("action"), Some(PlainUrl::sample().as_str()), "{name}");
        assert_eq!(document.one("form").get("method"), Some("post"), "{name}");
    }
}

#[test]
fn every_url_that_is_accepted_is_read_back_unchanged() {
    // Every name that HTML knows without a semicolon, in every place of a query, and its neighbours.
    let names = ["amp", "lt", "copy", "not", "notit", "para", "sect", "times", "frac12", "AMP", "yen", "client", "tab"];
    let mut accepted = 0;
    for name in names {
        for tail in ["=1", "_id=1", "-before=1", ".x=1", "", ";", ";=1", "%20=1", "/", "&a=1", "?", "2=1", "é"] {
            let url = format!("/realms/a?b=1&{name}{tail}");
            let Ok(plain) = PlainUrl::new(&url) else { continue };
            accepted += 1;
            let document = read(&LoginPage::new("a", plain));
            assert_eq!(document.one("form").get("action"), Some(url.as_str()));
        }
    }
    assert!(accepted > 40, "{accepted}");
}

#[test]
fn the_login_form_has_the_fields_that_everybody_knows() {
    let page = LoginPage::new("a", PlainUrl::sample()).username("anna").label(UsernameLabel::Email);
    let document = read(&page);
    assert_eq!(document.one("form").get("id"), Some("kc-form-login"));
    let (username, password) = (document.id("username"), document.id("password"));
    assert_eq!((username.get("name"), username.get("value")), (Some("username"), Some("anna")));
    assert_eq!(username.get("autocomplete"), Some("username"));
    assert_eq!((password.get("name"), password.get("type")), (Some("password"), Some("password")));
    assert_eq!((password.get("autocomplete"), password.get("value")), (Some("current-password"), None));
    assert_eq!(document.id("kc-login").get("type"), Some("submit"));
    assert_eq!(document.all("label").next().unwrap().text, "Email");
    assert!(document.with_id("rememberMe").is_none(), "only where the realm allows it");
    assert!(password.get("autofocus").is_some() && username.get("autofocus").is_none());
}

#[test]
fn remember_me_stays_as_it_was_chosen() {
    for chosen in [true, false] {
        let document = read(&LoginPage::new("a", PlainUrl::sample()).remember_me(chosen));
        let remember_me = document.id("rememberMe");
        assert_eq!((remember_me.get("name"), remember_me.get("checked").is_some()), (Some("rememberMe"), chosen));
        assert!(document.id("username").get("autofocus").is_some());
    }
}

#[test]
fn a_refusal_is_told_beside_the_fields_with_its_id() {
    let page = LoginPage::new("a", PlainUrl::sample()).error(FormError::new("Wrong username or password.", "42-a"));
    let document = read(&page);
    let error = document.id("input-error");
    assert_eq!(error.get("role"), Some("alert"));
    assert!(error.text.contains("Wrong username or password."), "{}", error.text);
    assert!(error.text.contains("If it keeps happening, give your administrator this id: 42-a"), "{}", error.text);
    for field in ["username", "password"] {
        assert_eq!(document.id(field).get("aria-describedby"), Some("input-error"));
        assert_eq!(document.id(field).get("aria-invalid"), Some("true"));
    }
    assert!(document.one("title").text.starts_with("Error: "));
}

#[test]
fn whoever_is_logged_in_confirms_with_the_password_or_starts_again() {
    let restart = PlainUrl::new("/realms/a/login-actions/restart?session_code=b&tab_id=c").unwrap();
    let document = read(&LoginPage::new("a", PlainUrl::sample()).again("anna", restart.clone()));
    let username = document.id("username");
    assert!(username.get("readonly").is_some() && username.get("value") == Some("anna"));
    assert_eq!(document.id("reset-login").get("href"), Some(restart.as_str()));
    assert!(document.id("password").get("autofocus").is_some());
}

#[test]
fn a_name_that_nobody_can_have_is_not_written_back() {
    for name in ["a".repeat(1025), "a\0b".to_owned()] {
        let document = read(&LoginPage::new("a", PlainUrl::sample()).username(&name));
        assert_eq!(document.id("username").get("value"), Some(""));
    }
}

#[test]
fn the_client_is_shown_with_its_logo_and_its_documents() {
    let document = read(&LoginPage::new("Observatory", PlainUrl::sample()).client(ClientShown::sample()));
    let logo = document.all("img").find(|image| image.get("alt") == Some("Logo of Field Notes")).unwrap();
    assert_eq!(logo.get("src"), Some("https://notes.example/logo.svg"));
    assert_eq!(document.id("kc-page-title").text, "Log in to Field Notes");
    assert_eq!(document.one("title").text, "Log in · Observatory");
    for (url, text) in
        [("https://notes.example/privacy", "Privacy policy"), ("https://notes.example/terms", "Terms of service")]
    {
        let link = document.all("a").find(|link| link.get("href") == Some(url)).unwrap();
        assert!(link.text.starts_with(text));
    }
    let bare = read(&LoginPage::new("Observatory", PlainUrl::sample()).client(ClientShown::named("Field Notes")));
    assert_eq!((bare.all("img").count(), bare.all("footer").count()), (1, 0));
}

#[test]
fn yes_and_no_have_buttons_of_their_own() {
    for name in ["consent", "device-confirm"] {
        let document = Document::parse(&sample(name).html);
        let (yes, no) = (document.id("kc-login"), document.id("kc-cancel"));
        assert_eq!((yes.get("name"), yes.get("value")), (Some("accept"), Some("yes")), "{name}");
        assert_eq!((no.get("name"), no.get("value")), (Some("cancel"), Some("no")), "{name}");
    }
    let document = Document::parse(&sample("consent").html);
    let asked: Vec<&str> = document.all("li").map(|line| line.text.trim()).collect();
    assert_eq!(asked[..2], ["Your name and the rest of your profile", "Your email address"]);
    assert!(Document::parse(&sample("device-confirm").html).one("main").text.contains("WDJB-MJHT"));
}

#[test]
fn a_code_is_typed_into_one_field() {
    let document = Document::parse(&sample("device-code-refused").html);
    let code = document.id("device-user-code");
    assert_eq!((code.get("name"), code.get("value")), (Some("device_user_code"), Some("WDJB-MJHT")));
    assert_eq!(code.get("aria-describedby"), Some("input-error code-hint"));
    assert_eq!(document.id("kc-login").get("type"), Some("submit"));
}

#[test]
fn logging_out_is_confirmed_and_goes_on() {
    let document = Document::parse(&sample("logout-confirm").html);
    assert_eq!(document.id("kc-logout").get("type"), Some("submit"));
    let hidden = document.all("input").find(|field| field.get("type") == Some("hidden")).unwrap();
    assert_eq!((hidden.get("name"), hidden.get("value")), (Some("session_code"), Some("x7Jq")));

    let document = Document::parse(&sample("front-channel-logout").html);
    let frames: Vec<&str> = document.all("iframe").filter_map(|frame| frame.get("src")).collect();
    let expected = "https://notes.example/logout?iss=https%3A%2F%2Flogin.example&sid=1";
    assert_eq!(frames, [expected, "https://notes.example/stars/bye"]);
    assert_eq!(document.id("kc-continue").get("href"), Some("https://notes.example/bye"));
    let refresh = document.all("meta").find(|meta| meta.get("http-equiv") == Some("refresh")).unwrap();
    assert_eq!(refresh.get("content"), Some("5;url=https://notes.example/bye"));

    let document = Document::parse(&sample("logged-out").html);
    assert_eq!(document.id("backToApplication").get("href"), Some("https://notes.example/"));
}

#[test]
fn a_form_post_has_a_button_without_scripts() {
    let document = Document::parse(&sample("form-post").html);
    assert_eq!(document.one("form").get("action"), Some("https://notes.example/callback"));
    let names: Vec<&str> = document.all("input").filter_map(|field| field.get("name")).collect();
    assert_eq!(names, ["code", "state", "iss"]);
    assert!(document.one("noscript").text.contains("Continue"));
    assert_eq!(document.one("button").get("name"), None, "the button adds no parameter");
}

#[test]
fn errors_are_told_with_their_id() {
    let document = Document::parse(&sample("error").html);
    let message = document.id("kc-error-message");
    assert!(message.text.contains("isn't registered") && message.text.contains("0197f3c2a4d87e61b3f0c85d2e9a1b74"));
    let document = Document::parse(&sample("page-expired").html);
    assert_eq!(document.id("loginRestartLink").get("href"), Some(PlainUrl::sample().as_str()));
}
