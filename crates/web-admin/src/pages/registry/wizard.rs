//! "Connect a registry": its name, who may do what, and then what goes into it. What was typed stands in the address or in
//! the form, so that going back loses nothing.

use actix_web::{HttpResponse, http::header::LOCATION};
use askama::Template;
use model::{client::DOCKER_V2, permission::Permission::*, role::RoleContainer};
use protocol::{PermissionRow, RuleSubject};
use representation::{ClientRepresentation, ProtocolMapperRepresentation, RoleRepresentation};
use services::{Error, clients, permission_table, roles, store::clients::Filter};
use url::form_urlencoded;
use web::percent_encoded;

use super::rule::{self, Checked, RuleForm};
use crate::{
    Console, Posted,
    form_errors::FormErrors,
    frame::Frame,
    notice::Notice,
    pages::clients::MANAGE,
    posted::Form,
    refusal::{Answer, Refusal, sentence},
    routes::Routes,
};

const PATH: &str = "/registries/new";
const TITLE: &str = "Connect a registry";
/// The fields whose errors stand beside them.
const FIELDS: &[&str] = &["clientId", "displayName", "pusher", "role", "group", "repositories", "actions", "name"];

pub(super) fn routes(routes: &mut Routes) {
    routes.page(PATH, MANAGE, show);
    routes.form(PATH, MANAGE, go);
}

/// A registry that isn't there yet.
#[derive(Clone, Debug, Default)]
struct Draft {
    client_id: String,
    display_name: String,
    /// Whoever is logged in pulls everything.
    everyone_pulls: bool,
    /// Whoever is logged in has a place of their own.
    own_place: bool,
    /// Whoever asks pulls what is public.
    public: bool,
    /// Whoever has this role pushes everything.
    role_pushes: bool,
    pusher: String,
    rule: RuleForm,
}

impl Draft {
    fn of(form: &Form) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        // Before anything was chosen, what most people want is.
        let chosen = form.has("chosen");
        Self {
            client_id: text("clientId"),
            display_name: text("displayName"),
            everyone_pulls: form.has("everyone") || !chosen,
            own_place: form.has("own"),
            public: form.has("public"),
            role_pushes: form.has("pushes") || !chosen,
            pusher: if form.has("pusher") { text("pusher") } else { "pusher".to_owned() },
            rule: if form.has("subject") { RuleForm::of(form) } else { RuleForm::beginning() },
        }
    }

    /// As the query of an address.
    fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("clientId", &self.client_id).append_pair("displayName", &self.display_name);
        query.append_pair("chosen", "1").append_pair("pusher", &self.pusher);
        for (name, on) in [
            ("everyone", self.everyone_pulls),
            ("own", self.own_place),
            ("public", self.public),
            ("pushes", self.role_pushes),
        ] {
            if on {
                query.append_pair(name, "1");
            }
        }
        query.extend_pairs(self.rule.fields());
        query.finish()
    }

    /// Whether a rule of one's own was begun.
    fn has_rule(&self) -> bool {
        !self.rule.patterns.is_empty() || self.rule.catalog
    }

    /// The rules that were chosen, each with its name.
    fn rules(&self) -> Vec<(&str, PermissionRow)> {
        let row = |subject, pattern: &str, actions: &[&str]| PermissionRow {
            subject,
            patterns: vec![pattern.to_owned()],
            actions: actions.iter().map(|action| (*action).to_owned()).collect(),
            catalog: false,
            allows: true,
            everything: false,
        };
        let mut rules = Vec::new();
        if self.everyone_pulls {
            rules.push(("Everyone who is logged in pulls", row(RuleSubject::SignedIn, "**", &["pull"])));
        }
        if self.role_pushes {
            let row = row(RuleSubject::Role(self.pusher.clone()), "**", &["pull", "push"]);
            rules.push(("The role pushes", row));
        }
        if self.own_place {
            let row = row(RuleSubject::SignedIn, "${username}/**", &["pull", "push", "delete"]);
            rules.push(("Everyone has a place of their own", row));
        }
        if self.public {
            rules.push(("Everyone pulls what is public", row(RuleSubject::Anonymous, "public/**", &["pull"])));
        }
        if self.has_rule() {
            rules.push((self.rule.name.as_str(), self.rule.row()));
        }
        rules
    }

    /// The client that is asked for.
    fn wanted(&self, console: &Console) -> services::Result<ClientRepresentation> {
        let mapper = |(name, row): &(&str, PermissionRow)| -> services::Result<ProtocolMapperRepresentation> {
            permission_table::representation_of(&console.services, DOCKER_V2, name, row)
        };
        Ok(ClientRepresentation {
            client_id: Some(self.client_id.clone()),
            name: Some(self.display_name.clone()).filter(|name| !name.is_empty()),
            protocol: Some(DOCKER_V2.to_owned()),
            enabled: Some(true),
            protocol_mappers: Some(self.rules().iter().map(mapper).collect::<services::Result<_>>()?),
            ..ClientRepresentation::default()
        })
    }
}

#[derive(Template)]
#[template(path = "admin/registry/name.html")]
struct NamePage {
    frame: Frame,
    action: String,
    back: String,
    draft: Draft,
    /// What was chosen on the next page.
    kept: Vec<(String, String)>,
    errors: FormErrors,
}

#[derive(Template)]
#[template(path = "admin/registry/rules.html")]
struct RulesPage {
    frame: Frame,
    action: String,
    draft: Draft,
    form: RuleForm,
    open: bool,
    errors: FormErrors,
    checked: Checked,
    roles: Vec<String>,
    may_make_roles: bool,
}

fn name_page(console: &Console, draft: Draft, errors: FormErrors) -> NamePage {
    let query = draft.query();
    let kept = form_urlencoded::parse(query.as_bytes());
    let kept = kept
        .filter(|(name, _)| name != "clientId" && name != "displayName")
        .map(|(name, value)| (name.into_owned(), value.into_owned()));
    NamePage {
        frame: console.frame(TITLE),
        action: console.path(PATH),
        back: console.path("/clients"),
        kept: kept.collect(),
        draft,
        errors,
    }
}

async fn rules_page(console: &Console, draft: Draft, errors: Option<FormErrors>) -> Result<RulesPage, Refusal> {
    let (found, checked) = rule::check(console, &draft.rule)?;
    Ok(RulesPage {
        frame: console.frame(TITLE),
        action: console.path(PATH),
        form: draft.rule.clone(),
        open: draft.has_rule(),
        draft,
        errors: errors.unwrap_or(found),
        checked,
        roles: rule::roles_offered(console).await?,
        may_make_roles: console.may(&[ManageRealm]),
    })
}

/// What is wrong with the name.
async fn check_name(console: &Console, draft: &Draft) -> Result<FormErrors, Refusal> {
    let mut errors = FormErrors::default();
    if draft.client_id.is_empty() {
        errors.add("clientId", "The registry needs a name, which is best its host, such as registry.example.org.");
        return Ok(errors);
    }
    let named = Filter { client_id: Some(draft.client_id.clone()), max: Some(1), ..Filter::default() };
    if !clients::brief(&console.services, &console.caller, console.realm()?, &named).await?.is_empty() {
        errors.add("clientId", "There is a client of this name already.");
    }
    Ok(errors)
}

async fn show(console: Console) -> Answer {
    let query = console.address.split_once('?').map_or("", |(_, query)| query);
    let form = Form::parse(query.as_bytes())?;
    let draft = Draft::of(&form);
    if form.text("step") != "rules" {
        return console.show(&name_page(&console, draft, FormErrors::default()));
    }
    let errors = check_name(&console, &draft).await?;
    if errors.is_empty() {
        let page = rules_page(&console, draft, None).await?;
        console.show(&page)
    } else {
        console.show_again(&name_page(&console, draft, errors))
    }
}

async fn go(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let draft = Draft::of(&form);
    match form.text("go") {
        "back" => {
            let path = format!("{}?{}", console.path(PATH), draft.query());
            console.dressed(HttpResponse::SeeOther().insert_header((LOCATION, path)).finish())
        }
        "check" => {
            let page = rules_page(&console, draft, None).await?;
            console.show(&page)
        }
        _ => create(console, draft).await,
    }
}

async fn create(console: Console, draft: Draft) -> Answer {
    let mut errors = check_name(&console, &draft).await?;
    if draft.role_pushes && draft.pusher.is_empty() {
        errors.add("pusher", "Name the role whose holders may push.");
    }
    if errors.is_empty() {
        let realm = console.realm()?;
        match clients::create(&console.services, &console.caller, realm, draft.wanted(&console)?).await {
            Ok(id) => {
                let made = make_role(&console, &draft).await?;
                let path = console.path(&format!("/clients/{}/installation?new=1", percent_encoded(id.as_str())));
                let text = format!(
                    "The registry {} is known here now.{made} What follows goes into the registry.",
                    draft.client_id
                );
                return console.lead_to(&path, Notice::new(text));
            }
            Err(Error::Conflict(_)) => errors.add("clientId", "There is a client of this name already."),
            Err(error) => errors = FormErrors::of(error)?,
        }
    }
    if errors.about("clientId").is_some() {
        return console.show_again(&name_page(&console, draft, errors));
    }
    let page = rules_page(&console, draft, Some(errors)).await?;
    console.show_again(&page)
}

/// Makes the role whose holders push, if it isn't there and the person may; tells what to do with it.
async fn make_role(console: &Console, draft: &Draft) -> Result<String, Refusal> {
    if !draft.role_pushes {
        return Ok(String::new());
    }
    let role = &draft.pusher;
    if console.may(&[ManageRealm]) && !role.contains('.') {
        let given = RoleRepresentation {
            name: Some(role.clone()),
            description: Some(format!("May push to the registry {}", draft.client_id)),
            ..RoleRepresentation::default()
        };
        match roles::create(&console.services, &console.caller, console.realm()?, RoleContainer::Realm, given).await {
            Ok(_) => return Ok(format!(" The role {role} was made: give it to the people who push.")),
            Err(Error::Conflict(_)) => {}
            // The registry is there: what went wrong is told with it.
            Err(error) => return Ok(format!(" The role {role} could not be made: {}", sentence(&error))),
        }
    }
    Ok(format!(" Whoever has the role {role} may push."))
}
