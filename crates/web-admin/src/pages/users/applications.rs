//! What a user lets clients do, and the accounts that a user has elsewhere.

use model::{id::UserId, permission::Permission};
use representation::{FederatedIdentityRepresentation, IdentityProviderRepresentation};
use services::{consents, federated_identities, identity_providers};
use web::Shown;

use super::{MANAGE, OneUser, VIEW, about, address, viewed};
use crate::{
    Console, Posted,
    field::Field,
    form_errors::FormErrors,
    list::Cell,
    notice::Notice,
    pages::granting,
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
    sheets::{FormSheet, Sheet, Sheets, Table},
};

const PROVIDERS: &[Permission] = &[Permission::ViewIdentityProviders, Permission::ManageIdentityProviders];

/// How many identity providers can be chosen from.
const MOST_PROVIDERS: i64 = 200;

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/users/{user}/applications", VIEW, show);
    routes.form("/users/{user}/applications/revoke", MANAGE, revoke);
    routes.form("/users/{user}/applications/link", MANAGE, link);
    routes.form("/users/{user}/applications/unlink", MANAGE, unlink);
}

async fn show(console: Console, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    page(&console, &id, None, &FormErrors::default()).await?.show(&console)
}

async fn page(console: &Console, id: &UserId, form: Option<&Form>, errors: &FormErrors) -> Result<Sheets, Refusal> {
    let user = viewed(console, id).await?;
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let may = console.may(MANAGE);
    let granted = consents::list(services, caller, realm, id).await?;
    let row = |granted: &consents::Granted| {
        let scopes = granted.consent.as_ref().map(|consent| consent.scopes.join(", ")).unwrap_or_default();
        let mut row = vec![
            granting::client(console, &granted.client, &granted.client_id),
            Cell::text(&scopes),
            match granted.offline {
                true => Cell::Badge { text: "Goes on without the user", tone: "warn" },
                false => Cell::text(""),
            },
            granted.consent.as_ref().map_or(Cell::text(""), |consent| Cell::time(consent.updated)),
        ];
        if may {
            row.push(Cell::Button {
                action: address(console, id, "/applications/revoke"),
                label: "Take back",
                about: Shown::name(&granted.client_id),
                fields: vec![("client", granted.client_id.clone())],
            });
        }
        row
    };
    let mut columns = vec!["Client", "May have", "", "Since"];
    if may {
        columns.push("");
    }
    let consents = Table::of(
        "What applications may do",
        "What this person agreed to, and what goes on without them: offline access and logins of docker clients.",
        &columns,
        granted.iter().map(row).collect(),
        "This person let no application do anything.",
    );
    let linked = federated_identities::list(services, caller, realm, id).await?;
    let row = |linked: &FederatedIdentityRepresentation| {
        let provider = linked.identity_provider.clone().unwrap_or_default();
        let (account, name) =
            (linked.user_id.clone().unwrap_or_default(), linked.user_name.clone().unwrap_or_default());
        let mut row = vec![Cell::text(&provider), Cell::text(&name), Cell::code(&account)];
        if may {
            row.push(Cell::Button {
                action: address(console, id, "/applications/unlink"),
                label: "Unlink",
                about: Shown::name(&provider),
                fields: vec![("identityProvider", provider), ("userId", account), ("userName", name)],
            });
        }
        row
    };
    let mut columns = vec!["Identity provider", "Name there", "Id there"];
    if may {
        columns.push("");
    }
    let accounts = Table::of(
        "Linked accounts",
        "Whoever logs in to one of these accounts at an identity provider is this user here.",
        &columns,
        linked.iter().map(row).collect(),
        "No account is linked.",
    );
    let sheets = about(console, &user, "/applications").table(consents).table(accounts);
    if !may || !console.may(PROVIDERS) {
        return Ok(sheets);
    }
    let all = identity_providers::Query { max: Some(MOST_PROVIDERS), ..identity_providers::Query::default() };
    let providers = identity_providers::list(services, caller, realm, &all).await?;
    let is_linked = |alias: &str| linked.iter().any(|linked| linked.identity_provider.as_deref() == Some(alias));
    let names: Vec<(String, String)> =
        providers.iter().filter_map(choice).filter(|(alias, _)| !is_linked(alias)).collect();
    Ok(sheets.sheet_if((!names.is_empty()).then(|| Sheet::Form(link_form(console, id, &names, form).with(errors)))))
}

fn choice(provider: &IdentityProviderRepresentation) -> Option<(String, String)> {
    let alias = provider.alias.clone()?;
    let name = provider.display_name.clone().filter(|name| !name.is_empty());
    Some((alias.clone(), name.unwrap_or(alias)))
}

fn link_form(console: &Console, id: &UserId, names: &[(String, String)], form: Option<&Form>) -> FormSheet {
    let typed = |name: &str| form.map(|form| form.text(name).to_owned()).unwrap_or_default();
    let choices = names.iter().map(|(alias, name)| (alias.as_str(), name.as_str()));
    FormSheet {
        id: "link",
        heading: "Link an account",
        action: address(console, id, "/applications/link"),
        fields: vec![
            Field::choice("identityProvider", "Identity provider", &typed("identityProvider"), choices),
            Field::text("userId", "Id there", &typed("userId"))
                .required()
                .help("What the identity provider calls this person in its tokens, such as the claim sub."),
            Field::text("userName", "Name there", &typed("userName")),
        ],
        submit: "Link the account",
        ..FormSheet::default()
    }
}

async fn revoke(Posted { console, form }: Posted, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    let client = form.text("client");
    consents::revoke(&console.services, &console.caller, console.realm()?, &id, client).await?;
    let text = format!("{client} may do nothing for this user any more; its tokens have ended.");
    console.lead_to(&address(&console, &id, "/applications"), Notice::new(text))
}

/// The account that a form names.
fn named(form: &Form) -> FederatedIdentityRepresentation {
    FederatedIdentityRepresentation {
        identity_provider: form.given("identityProvider"),
        user_id: form.given("userId"),
        user_name: form.given("userName"),
    }
}

async fn link(Posted { console, form }: Posted, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    let provider = form.text("identityProvider");
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    match federated_identities::link(services, caller, realm, &id, provider, named(&form)).await {
        Ok(()) => console.lead_to(&address(&console, &id, "/applications"), Notice::new("The account was linked.")),
        Err(error) => page(&console, &id, Some(&form), &FormErrors::of(error)?).await?.show_again(&console),
    }
}

async fn unlink(Posted { console, form }: Posted, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    let provider = form.text("identityProvider");
    federated_identities::unlink(&console.services, &console.caller, console.realm()?, &id, provider).await?;
    let fields = form.fields().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let notice = Notice::new("The account was unlinked.").undo(address(&console, &id, "/applications/link"), fields);
    console.lead_to(&address(&console, &id, "/applications"), notice)
}
