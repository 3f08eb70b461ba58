//! Roles that something has, and those that could be added: of the realm, or of one client.

use model::{
    id::ClientId,
    role::{Role, RoleContainer},
};
use representation::RoleRepresentation;
use services::{clients, store::clients::Filter};
use web::Shown;

use crate::{Console, list::Query, posted::Form, refusal::Refusal};

/// The most that are offered at a time; searching finds the others.
const MOST: usize = 50;

/// A role.
pub(crate) struct Entry {
    /// Its id.
    pub id: String,
    /// The id of the client that defines it; empty for the realm's.
    pub container: String,
    /// Its name.
    pub name: Shown,
    /// The `clientId` of the client that defines it; none for the realm's.
    pub of: Option<Shown>,
    /// What it is for.
    pub description: Shown,
}

/// What a page with roles shows; `admin/parts/role_picker.html` shows it.
pub(crate) struct Picker {
    /// The roles that it has.
    pub has: Vec<Entry>,
    /// The roles that could be added.
    pub offered: Vec<Entry>,
    /// There are more than those.
    pub more: bool,
    /// The page.
    pub here: String,
    /// Where roles to be added are sent.
    pub add: String,
    /// Where roles to be taken away are sent.
    pub remove: String,
    /// Of which client roles are offered.
    pub client: String,
    /// There is no such client.
    pub unknown: bool,
    /// What is searched for.
    pub search: String,
    /// The person may change it.
    pub manage: bool,
    /// What is said if it has none.
    pub none: &'static str,
}

/// From where roles are offered.
pub(crate) struct Source {
    /// The realm or a client; none if there is no such client.
    pub container: Option<RoleContainer>,
    client: String,
    search: String,
}

impl Source {
    /// The text that is searched for.
    pub fn search(&self) -> Option<&str> {
        Some(self.search.as_str()).filter(|text| !text.is_empty())
    }

    /// What a page's address asks for: `of` is a `clientId`, `q` a part of a name.
    pub async fn of(console: &Console) -> Result<Self, Refusal> {
        let query = Query::of(&console.address);
        let (client, search) = (query.get("of").to_owned(), query.get("q").to_owned());
        if client.is_empty() {
            return Ok(Self { container: Some(RoleContainer::Realm), client, search });
        }
        let filter = Filter { client_id: Some(client.clone()), max: Some(1), ..Filter::default() };
        let found = clients::brief(&console.services, &console.caller, console.realm()?, &filter).await?;
        let container = found.into_iter().next().map(|client| RoleContainer::Client(client.id));
        Ok(Self { container, client, search })
    }
}

fn entry(role: &Role, of: Option<&str>) -> Entry {
    let container = match &role.container {
        RoleContainer::Realm => String::new(),
        RoleContainer::Client(client) => client.0.clone(),
    };
    let description = role.description.as_deref().filter(|text| !text.starts_with("${")).unwrap_or_default();
    Entry {
        id: role.id.0.clone(),
        container,
        name: Shown::name(&role.name),
        of: of.map(Shown::name),
        description: Shown::sentence(description),
    }
}

impl Picker {
    /// What a page shows whose thing has these roles, and could have those of `source`.
    pub fn new(
        console: &Console,
        (roles, clients): &(Vec<Role>, Vec<(ClientId, String)>),
        source: &Source,
        offered: &[Role],
        manage: bool,
        none: &'static str,
    ) -> Self {
        let named = |role: &Role| match &role.container {
            RoleContainer::Realm => None,
            RoleContainer::Client(id) => clients.iter().find(|(known, _)| known == id).map(|(_, name)| name.as_str()),
        };
        let search = source.search.to_lowercase();
        let of = Some(source.client.as_str()).filter(|client| !client.is_empty());
        let matching: Vec<_> = offered
            .iter()
            .filter(|role| role.name.to_lowercase().contains(&search) && !roles.iter().any(|held| held.id == role.id))
            .collect();
        let here = console.here().to_owned();
        Self {
            has: roles.iter().map(|role| entry(role, named(role))).collect(),
            more: matching.len() > MOST,
            offered: matching.into_iter().take(MOST).map(|role| entry(role, of)).collect(),
            add: format!("{here}/add"),
            remove: format!("{here}/remove"),
            here,
            client: source.client.clone(),
            unknown: source.container.is_none(),
            search: source.search.clone(),
            manage,
            none,
        }
    }
}

/// The roles that a form names, and what defines them.
pub(crate) fn chosen(form: &Form) -> (RoleContainer, Vec<RoleRepresentation>) {
    let container = match form.text("container") {
        "" => RoleContainer::Realm,
        client => RoleContainer::Client(ClientId(client.to_owned())),
    };
    let role = |id: &str| RoleRepresentation { id: Some(id.to_owned()), ..RoleRepresentation::default() };
    (container, form.all("role").map(role).collect())
}

/// The fields of a form that names the same roles.
pub(crate) fn again(form: &Form) -> Vec<(String, String)> {
    let kept = form.fields().filter(|(name, _)| matches!(*name, "role" | "container"));
    kept.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// How many roles a sentence is about.
pub(crate) fn count(roles: &[RoleRepresentation]) -> String {
    match roles.len() {
        1 => "The role was".to_owned(),
        count => format!("{count} roles were"),
    }
}
