//! The page of the front-channel logout goes on once.

use crate::browser::Browser;

const PAGE: &str = "
    var went = [];
    window.location = { replace: function (url) { went.push(url); } };
    document.getElementById = function (id) { return id === 'kc-continue' ? { href: 'https://notes.example/bye' } : null; };
";

#[test]
fn it_goes_on_when_all_frames_are_loaded() {
    let browser = Browser::with(PAGE, &web::assets::LOGOUT);
    assert_eq!(browser.run::<i32>("went.length"), 0);
    browser.run::<()>("fire('load')");
    browser.run::<()>("timers[0].f()");
    assert_eq!(browser.run::<String>("went.join(' ')"), "https://notes.example/bye");
}

#[test]
fn it_waits_for_nobody_longer_than_five_seconds() {
    let browser = Browser::with(PAGE, &web::assets::LOGOUT);
    assert_eq!(browser.run::<i32>("timers[0].ms"), 5000);
    browser.run::<()>("timers[0].f()");
    assert_eq!(browser.run::<String>("went.join(' ')"), "https://notes.example/bye");
}
