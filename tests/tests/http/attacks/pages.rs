//! What an attack's answer has to be: a page of our own from which nothing leads to the attacker.

use crate::http::support::Reply;

/// An address at which the attacker waits, in every address that is tried.
pub const EVIL: &str = "evil.example";

/// A refusal on our own page: no redirect, nothing that runs, nothing that frames it, nothing that leads away.
pub fn refused_on_our_page(reply: &Reply) -> Result<(), String> {
    if !(400..500).contains(&reply.status) {
        return Err("no refusal".to_owned());
    }
    if let Some(location) = reply.headers.get("location") {
        return Err(format!("a redirect to {location:?}"));
    }
    locked_down(reply)?;
    let body = reply.text().to_ascii_lowercase();
    for leading in ["href=\"http", "action=\"http", "http-equiv=\"refresh\""] {
        let own = format!("{leading}://127.0.0.1");
        if body.matches(leading).count() > body.matches(&own).count() {
            return Err(format!("the page leads away: {leading}"));
        }
    }
    Ok(())
}

/// A page that can't be framed and runs nothing that stands in it.
pub fn locked_down(reply: &Reply) -> Result<(), String> {
    let header = |name: &str| reply.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let policy = header("content-security-policy");
    let wrong = if !header("content-type").starts_with("text/html") {
        "it is no page".to_owned()
    } else if !policy.contains("default-src 'none'") || policy.contains("unsafe") {
        format!("the policy allows too much: {policy}")
    } else if !policy.contains("frame-ancestors 'none'") || header("x-frame-options") != "DENY" {
        format!("it may be framed: {policy}")
    } else if header("x-content-type-options") != "nosniff" || header("referrer-policy") != "no-referrer" {
        "its type may be guessed, or its address told".to_owned()
    } else if !header("cache-control").contains("no-store") {
        "it may be stored".to_owned()
    } else {
        return Ok(());
    };
    Err(wrong)
}

/// A refusal in the form of RFC 6749 section 5.2 with one of these codes.
pub fn refused_in_json(reply: &Reply, codes: &[&str]) -> Result<(), String> {
    if !(400..500).contains(&reply.status) {
        return Err("no refusal".to_owned());
    }
    let content_type = reply.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.starts_with("application/json") {
        return Err(format!("no JSON: {content_type}"));
    }
    let body: serde_json::Value = serde_json::from_slice(&reply.body).map_err(|error| error.to_string())?;
    match body["error"].as_str() {
        Some(code) if codes.contains(&code) && body["error_description"].is_string() => Ok(()),
        _ => Err(format!("not one of {codes:?}")),
    }
}
