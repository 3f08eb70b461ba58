//! The probe for cookies in a frame.

use crate::browser::Browser;

const SET: &str = "
    var jar = [], went = null;
    Object.defineProperty(document, 'cookie', { set: function (cookie) { jar.push(cookie); } });
    window.location = { replace: function (url) { went = url; } };
";

/// A page that has these cookies.
fn read(cookies: &str, more: &str) -> Browser {
    let page = format!(
        "var told = [], jar = [];
         Object.defineProperty(document, 'cookie', {{
             get: function () {{ return '{cookies}'; }},
             set: function (cookie) {{ jar.push(cookie); }}
         }});
         window.parent = {{ postMessage: function (message) {{ told.push(message); }} }};
         {more}"
    );
    Browser::with(&page, &web::assets::COOKIE_PROBE_READ)
}

fn told(browser: &Browser) -> String {
    browser.run("told.join(' ')")
}

#[test]
fn the_first_page_sets_cookies_and_goes_on() {
    let browser = Browser::with(SET, &web::assets::COOKIE_PROBE_SET);
    assert_eq!(
        browser.run::<Vec<String>>("jar"),
        ["KEYCLOAK_3P_COOKIE=supported", "KEYCLOAK_3P_COOKIE_SAMESITE=supported; SameSite=None; Secure"]
    );
    assert_eq!(browser.run::<String>("went"), "step2.html");
}

#[test]
fn the_second_page_tells_whether_one_is_there_and_takes_it_away() {
    for cookies in ["KEYCLOAK_3P_COOKIE=supported", "a=b; KEYCLOAK_3P_COOKIE_SAMESITE=supported; c=d"] {
        let browser = read(cookies, "");
        assert_eq!(told(&browser), "supported");
        assert!(
            browser.run::<bool>("jar.length === 2 && jar.every(function (c) { return c.indexOf('Max-Age=0') > 0; })")
        );
    }
    for cookies in ["", "a=b", "X_KEYCLOAK_3P_COOKIE=supported", "KEYCLOAK_3P_COOKIE="] {
        assert_eq!(told(&read(cookies, "")), "unsupported", "{cookies}");
    }
}

#[test]
fn a_jar_of_the_frame_s_own_is_not_enough() {
    let access = |answer: &str| {
        let more = format!(
            "window.isSecureContext = true; document.hasStorageAccess = function () {{ return Promise.{answer}; }};"
        );
        told(&read("KEYCLOAK_3P_COOKIE=supported", &more))
    };
    assert_eq!(access("resolve(true)"), "supported");
    assert_eq!(access("resolve(false)"), "unsupported");
    assert_eq!(access("reject('no')"), "unsupported");
}
