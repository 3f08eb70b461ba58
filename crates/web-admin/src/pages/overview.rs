//! A realm at a glance: what happened lately, what was refused, which keys need care, and what to do next.

use askama::Template;
use model::permission::Permission::{self, *};
use services::{
    overview::{self, Care, Overview, Span},
    refusals,
};
use web::Shown;

use crate::{Console, Rule, chart::Chart, frame::Frame, list::Query, refusal::Answer, routes::Routes};

const CLIENTS: &[Permission] = &[ManageClients];
const USERS: &[Permission] = &[ManageUsers];

pub(crate) fn routes(routes: &mut Routes) {
    routes.open("/realms/{realm}", Rule::AnyPermission, show);
}

/// A reason of refusals, with how often.
struct Refused {
    /// In words.
    reason: String,
    n: i64,
    /// The length of its bar, of a hundred.
    share: i64,
}

/// What a realm's numbers say.
struct Numbers {
    charts: Vec<Chart>,
    refused: Vec<Refused>,
    events_stored: bool,
    /// Where one page shows the last day and another the last fortnight.
    spans: [(&'static str, String, bool); 2],
    nothing: bool,
}

/// A key or certificate that needs care, as it is shown.
pub(crate) struct CareShown {
    pub what: Shown,
    pub kid: Shown,
    pub matter: Shown,
    pub urgent: bool,
}

impl From<&Care> for CareShown {
    fn from(care: &Care) -> Self {
        Self {
            what: Shown::name(&care.what),
            kid: Shown::name(&care.kid),
            matter: Shown::sentence(&care.matter),
            urgent: care.urgent,
        }
    }
}

#[derive(Template)]
#[template(path = "admin/overview.html")]
struct OverviewPage {
    frame: Frame,
    numbers: Option<Numbers>,
    care: Vec<CareShown>,
    may_see_keys: bool,
    keys: String,
    refusals: String,
    /// What to do next: where to, what it says, and what it is good for.
    next: Vec<(String, &'static str, &'static str)>,
    enabled: bool,
}

async fn show(console: Console) -> Answer {
    let realm = console.realm()?;
    let query = Query::of(&console.address);
    let span = if query.get("span") == "fortnight" { Span::Fortnight } else { Span::Day };
    let (numbers, care) = if console.may(refusals::VIEW) {
        let mut seen = overview::overview(&console.services, &console.caller, realm, span).await?;
        let care = std::mem::take(&mut seen.care);
        (Some(numbers(&query, span, &seen)), care)
    } else {
        (None, overview::care(&console.services, &console.caller, realm).await?)
    };
    let ways = [
        (
            CLIENTS,
            "/registries/new",
            "Connect a registry",
            "Docker and OCI registries that ask Portcullis who may pull and push.",
        ),
        (CLIENTS, "/applications/new", "Connect an application", "Websites, apps and services that people log in to."),
        (
            USERS,
            "/users",
            "Look after people",
            "Create users, give them roles and groups, help when they can't log in.",
        ),
    ];
    let next = ways.into_iter().filter(|(permissions, ..)| console.may(permissions));
    console.show(&OverviewPage {
        frame: console.frame("Overview"),
        numbers,
        care: care.iter().map(CareShown::from).collect(),
        may_see_keys: console.may(&[ViewRealm, ManageRealm]),
        keys: console.path("/keys"),
        refusals: console.path("/refusals"),
        next: next.map(|(_, path, label, text)| (console.path(path), label, text)).collect(),
        enabled: realm.enabled,
    })
}

fn numbers(query: &Query, span: Span, seen: &Overview) -> Numbers {
    let by_day = span == Span::Fortnight;
    let chart = |named, kinds: &[_]| Chart::new(named, &seen.columns, by_day, kinds);
    let charts = vec![
        chart(
            ("logins", "Logins"),
            &[("Logged in", "series-1", &seen.logins), ("Refused", "series-2", &seen.logins_refused)],
        ),
        chart(("tokens", "Token requests"), &[("Tokens given", "series-1", &seen.tokens)]),
        chart(
            ("registries", "Registries"),
            &[("Pulls", "series-1", &seen.pulls), ("Pushes", "series-3", &seen.pushes)],
        ),
    ];
    let most = seen.refusals.iter().map(|(_, n)| *n).max().unwrap_or(1).max(1);
    let refused = seen.refusals.iter().map(|(reason, n)| Refused {
        reason: words(reason),
        n: *n,
        share: (n * 100 / most).max(1),
    });
    Numbers {
        refused: refused.collect(),
        events_stored: seen.events_stored,
        spans: [
            ("Last 24 hours", query.with("span", ""), !by_day),
            ("Last 14 days", query.with("span", "fortnight"), by_day),
        ],
        nothing: charts.iter().all(|chart| chart.bars.is_empty()) && seen.refusals.is_empty(),
        charts,
    }
}

/// An error code in words.
fn words(reason: &str) -> String {
    match reason {
        "" => "Other reasons",
        "not_granted" => "A registry's token grants less than was asked for",
        "admin_request" => "An administrator lacks a permission",
        "user_not_found" => "There is no user with the name, or nobody logged in",
        "invalid_user_credentials" => "Wrong password",
        "user_disabled" => "The account is disabled",
        "user_temporarily_disabled" => "The account is locked for a while",
        "resolve_required_actions" => "The user has to do something first",
        "client_not_found" => "There is no such client",
        "client_disabled" => "The client is off",
        "invalid_client" | "invalid_client_credentials" => "A client did not prove who it is",
        "invalid_redirect_uri" => "The address to return to is not registered",
        "invalid_code" | "expired_code" => "The code of a login is not valid any more",
        "invalid_token" => "The token is not valid",
        "not_allowed" | "unauthorized_client" => "The client's settings don't allow it",
        "rejected_by_user" | "consent_denied" | "access_denied" => "The person said no",
        "pkce_verification_failed" => "The proof of a login's code doesn't fit",
        "invalid_request" => "The request was not as it has to be",
        other => return other.replace('_', " "),
    }
    .to_owned()
}
