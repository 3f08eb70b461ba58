//! The comforts of the login page.

use crate::browser::Browser;

const PAGE: &str = "
    function element() {
        var own = {};
        return {
            attributes: {},
            children: [],
            setAttribute: function (name, value) { this.attributes[name] = value; },
            appendChild: function (child) { this.children.push(child); },
            addEventListener: function (type, listener) { own[type] = listener; },
            fire: function (type, event) { own[type](event); }
        };
    }
    var form = element(), password = element(), field = element(), made = element();
    password.type = 'password';
    password.parentNode = field;
    document.getElementById = function (id) { return { 'kc-form-login': form, password: password }[id]; };
    document.createElement = function () { return made; };
    function submit() {
        var stopped = false;
        form.fire('submit', { preventDefault: function () { stopped = true; } });
        return !stopped;
    }
";

#[test]
fn the_password_is_shown_on_request_and_hidden_when_it_is_sent() {
    let browser = Browser::with(PAGE, &web::assets::LOGIN);
    let seen =
        || browser.run::<String>("password.type + ', ' + made.textContent + ', ' + made.attributes['aria-label']");
    assert!(browser.run::<bool>("field.children[0] === made && made.type === 'button'"));
    assert_eq!(seen(), "password, Show, Show password");
    browser.run::<()>("made.fire('click')");
    assert_eq!(seen(), "text, Hide, Hide password");
    assert!(browser.run::<bool>("submit()"));
    assert_eq!(seen(), "password, Show, Show password");
}

#[test]
fn a_form_on_its_way_is_not_sent_again_until_the_page_is_back() {
    let browser = Browser::with(PAGE, &web::assets::LOGIN);
    assert_eq!(browser.run::<Vec<bool>>("[submit(), submit(), submit()]"), [true, false, false]);
    browser.run::<()>("fire('pageshow')");
    assert!(browser.run::<bool>("submit()"));
}
