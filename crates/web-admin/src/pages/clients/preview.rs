//! Token preview: what a chosen person would get from a client, and which mappers and roles took part. No token is made
//! that anything would take.

use actix_web::web::Path;
use askama::Template;
use model::{
    id::{ClientId, UserId},
    user::User,
};
use services::{
    Error,
    access::LOOK_INTO,
    clients,
    evaluation::{self, Applying, Example},
    role_mappings::{self, Holder},
    users,
};
use url::form_urlencoded;
use web::{Shown, percent_encoded};

use super::tabs::{self, Tabs};
use crate::{
    Console, Rule,
    frame::Frame,
    list::Query,
    refusal::{Answer, Refusal, sentence},
    routes::Routes,
};

/// How many people are offered if a name fits several.
const OFFERED: i64 = 10;

pub(super) fn routes(routes: &mut Routes) {
    routes.open("/realms/{realm}/clients/{client}/preview", Rule::Each(LOOK_INTO), show);
}

/// A client scope that can be asked for.
struct Optional {
    name: String,
    asked: bool,
}

/// A mapper that takes part.
struct Part {
    name: Shown,
    kind: Shown,
    href: String,
    of: Shown,
    of_scope: bool,
}

/// One of the tokens.
struct Token {
    id: &'static str,
    title: &'static str,
    help: &'static str,
    /// The claims, or why there are none.
    claims: Result<String, Shown>,
}

#[derive(Template)]
#[template(path = "admin/clients/preview.html")]
struct PreviewPage {
    frame: Frame,
    tabs: Tabs,
    here: String,
    typed: String,
    scopes: Vec<Optional>,
    /// Further words of the scope.
    further: String,
    /// People to choose from: name, what else is known, and the way.
    people: Vec<(Shown, Shown, String)>,
    nobody: bool,
    person: Option<Shown>,
    tokens: Vec<Token>,
    parts: Vec<Part>,
    roles: Vec<Shown>,
    all_roles: bool,
}

/// What is asked for: the words of `scope`, from boxes and from the field.
fn asked(address: &str) -> Vec<String> {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let given = form_urlencoded::parse(query.as_bytes()).take(200).filter(|(name, _)| name == "scope");
    let mut words: Vec<String> = Vec::new();
    for (_, value) in given {
        for word in value.split_ascii_whitespace() {
            if words.len() < 100 && !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        }
    }
    words
}

/// The people that a text may mean; one alone if it is that one's name.
async fn people(console: &Console, text: &str, id: &str) -> Result<Vec<User>, Refusal> {
    let search = if id.is_empty() { text.to_owned() } else { format!("id:{id}") };
    let query = users::Query { search: Some(search), ..users::Query::default() };
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let found = users::list(services, caller, realm, &query, 0, Some(OFFERED)).await?;
    let found: Vec<User> = found.into_iter().map(|shown| shown.user).collect();
    let name = text.to_lowercase();
    match found.iter().find(|user| id.is_empty() && user.username == name) {
        Some(user) => Ok(vec![user.clone()]),
        None => Ok(found),
    }
}

async fn token(
    console: &Console,
    (client, user): (&ClientId, &UserId),
    (id, title, help): (&'static str, &'static str, &'static str),
    what: Example<'_>,
    scope: &str,
) -> Result<Token, Refusal> {
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let claims = match evaluation::example(services, caller, realm, client, user, what, Some(scope)).await {
        Ok(claims) => Ok(serde_json::to_string_pretty(&claims).unwrap_or_default()),
        Err(error @ Error::Refused(_)) => Err(Shown::sentence(&sentence(&error))),
        Err(error) => return Err(error.into()),
    };
    Ok(Token { id, title, help, claims })
}

fn part(console: &Console, applying: &Applying) -> Part {
    let mapper = &applying.mapper;
    let kinds = console.services.protocols.get(&mapper.protocol).map(|protocol| protocol.mapper_kinds());
    let label = kinds.and_then(|kinds| kinds.iter().find(|kind| kind.id == mapper.kind)).map(|kind| kind.label);
    let (owner, id) = (percent_encoded(&applying.container), percent_encoded(mapper.id.as_str()));
    let whose = if applying.of_scope { "client-scopes" } else { "clients" };
    Part {
        name: Shown::name(&mapper.name),
        kind: Shown::name(label.unwrap_or(&mapper.kind)),
        href: console.path(&format!("/{whose}/{owner}/mappers/{id}")),
        of: Shown::name(&applying.container_name),
        of_scope: applying.of_scope,
    }
}

async fn show(console: Console, path: Path<(String, String, ClientId)>) -> Answer {
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let client = clients::find(services, caller, realm, &path.2).await?;
    let query = Query::of(&console.address);
    let mut words = asked(&console.address);
    let here = tabs::path(&console, &client, "/preview");
    let (typed, id) = (query.get("user").to_owned(), query.get("userId").to_owned());
    let found = match typed.is_empty() && id.is_empty() {
        true => Vec::new(),
        false => people(&console, &typed, &id).await?,
    };
    let scopes = client.optional_scopes.iter().map(|name| Optional { asked: words.contains(name), name: name.clone() });
    let scopes: Vec<_> = scopes.collect();
    let further: Vec<_> =
        words.iter().filter(|word| !client.optional_scopes.contains(word) && *word != "openid").cloned().collect();
    if !words.iter().any(|word| word == "openid") {
        words.insert(0, "openid".to_owned());
    }
    let scope = words.join(" ");
    let mut page = PreviewPage {
        frame: console.frame(&format!("{}: token preview", client.client_id)),
        tabs: Tabs::of(&console, &client, "/preview"),
        nobody: found.is_empty() && !(typed.is_empty() && id.is_empty()),
        further: further.join(" "),
        person: None,
        people: Vec::new(),
        tokens: Vec::new(),
        parts: Vec::new(),
        roles: Vec::new(),
        all_roles: client.settings.full_scope_allowed,
        here,
        typed,
        scopes,
    };
    match found.as_slice() {
        [user] => {
            if page.typed.is_empty() {
                page.typed.clone_from(&user.username);
            }
            page.person = Some(Shown::name(&user.username));
            let who = (&path.2, &user.id);
            let access = ("access", "Access token", "What services get that the application calls.");
            page.tokens.push(token(&console, who, access, Example::AccessToken(&[]), &scope).await?);
            let id_token = ("id", "ID token", "What the application itself learns at the login.");
            page.tokens.push(token(&console, who, id_token, Example::IdToken, &scope).await?);
            let userinfo = ("userinfo", "Userinfo", "What the application gets if it asks for more.");
            page.tokens.push(token(&console, who, userinfo, Example::UserInfo, &scope).await?);
            let parts = evaluation::mappers(services, caller, realm, &path.2, &scope).await?;
            page.parts = parts.iter().map(|applying| part(&console, applying)).collect();
            let (roles, of) = role_mappings::all(services, caller, realm, Holder::User(&user.id)).await?;
            let name = |role: &model::role::Role| match &role.container {
                model::role::RoleContainer::Realm => Shown::name(&role.name),
                model::role::RoleContainer::Client(id) => {
                    let of = of.iter().find(|(known, _)| known == id).map_or("", |(_, name)| name);
                    Shown::name(&format!("{of}: {}", role.name))
                }
            };
            page.roles = roles.iter().map(name).collect();
        }
        several => {
            let offered = |user: &User| {
                let query = form_urlencoded::Serializer::new(String::new())
                    .append_pair("userId", user.id.as_str())
                    .append_pair("scope", &scope)
                    .finish();
                let email = Shown::name(user.email.as_deref().unwrap_or_default());
                (Shown::name(&user.username), email, format!("{}?{query}", page.here))
            };
            page.people = several.iter().map(offered).collect();
        }
    }
    console.show(&page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_come_from_boxes_and_from_the_field() {
        assert_eq!(asked("/x?scope=a&scope=b+c&user=d&scope=a"), ["a", "b", "c"]);
        assert!(asked("/x").is_empty());
    }
}
