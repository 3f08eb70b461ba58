//! Whether the user has to log in again.

use tests::user_agent::Landing;

use crate::conformance::{
    flow::{Outcome, login_page},
    stage::Stage,
};

/// What a provider says that may show no page but would have to (`OpenID` Connect Core, section 3.1.2.6).
pub const NEEDS_A_PAGE: [&str; 4] =
    ["login_required", "interaction_required", "consent_required", "account_selection_required"];

#[track_caller]
fn is_same_login(first: &Outcome, second: &Outcome) {
    for name in ["sub", "auth_time"] {
        assert_eq!(first.claim(name), second.claim(name), "{name}");
    }
}

#[track_caller]
fn is_later_login(first: &Outcome, second: &Outcome, now: i64) {
    assert_eq!(first.claim("sub"), second.claim("sub"));
    let (earlier, later) = (first.claim("auth_time").as_i64(), second.claim("auth_time").as_i64());
    assert!(later.is_some() && later > earlier, "auth_time was {earlier:?} and is {later:?}");
    assert!(later.is_some_and(|later| (now - later).abs() <= 2), "auth_time is {later:?} at {now}");
}

pub async fn prompt_login(stage: &Stage) {
    let (client, browser) = (stage.client().await, stage.browser());
    let first = stage.flow(&browser, &client, stage.request(&client)).await;
    stage.wait(2);
    let second = stage.flow(&browser, &client, stage.request(&client).with("prompt", "login")).await;
    is_later_login(&first, &second, stage.now());
    stage.is_accepted(&second).await;
}

pub async fn prompt_none_not_logged_in(stage: &Stage) {
    let client = stage.client().await;
    let request = stage.request(&client).with("prompt", "none");
    let landing = stage.start(&stage.browser(), &request).await;
    let error = stage.error(&request, landing);
    assert!(NEEDS_A_PAGE.contains(&error.expect("error")), "{error:?}");
}

pub async fn prompt_none_logged_in(stage: &Stage) {
    let (client, browser) = (stage.client().await, stage.browser());
    let first = stage.flow(&browser, &client, stage.request(&client)).await;
    stage.wait(2);
    let second = stage.flow_without_page(&browser, &client, stage.request(&client).with("prompt", "none")).await;
    is_same_login(&first, &second);
    stage.is_accepted(&second).await;
}

pub async fn max_age_1(stage: &Stage) {
    let (client, browser) = (stage.client().await, stage.browser());
    let first = stage.flow(&browser, &client, stage.request(&client)).await;
    stage.wait(2);
    let request = stage.request(&client).with("max_age", "1");
    let landing = Landing::Page(login_page(stage.start(&browser, &request).await));
    let landing = stage.log_in(&browser, landing).await;
    let second = stage.complete(&client, request, landing).await;
    is_later_login(&first, &second, stage.now());
    stage.is_accepted(&second).await;
}

pub async fn max_age_10000(stage: &Stage) {
    let (client, browser) = (stage.client().await, stage.browser());
    let first = stage.flow(&browser, &client, stage.request(&client).with("max_age", "15000")).await;
    assert!(first.claim("auth_time").is_number(), "OpenID Connect Core, section 2");
    stage.wait(2);
    let second = stage.flow_without_page(&browser, &client, stage.request(&client).with("max_age", "10000")).await;
    is_same_login(&first, &second);
    stage.is_accepted(&second).await;
}

pub async fn id_token_hint(stage: &Stage) {
    let (client, browser) = (stage.client().await, stage.browser());
    let first = stage.flow(&browser, &client, stage.request(&client)).await;
    stage.wait(2);
    let hint = &first.id_token().text;
    let request = stage.request(&client).with("prompt", "none").with("id_token_hint", hint);
    let second = stage.flow_without_page(&browser, &client, request).await;
    is_same_login(&first, &second);
    stage.is_accepted(&second).await;
}
