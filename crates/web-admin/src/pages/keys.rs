//! The keys of a realm: which there are, what they are for, and how they are exchanged.

mod provider;
mod rotate;

use std::collections::HashMap;

use askama::Template;
use model::{
    component::{Component, KEY_PROVIDER},
    id::ComponentId,
    key::{Key, KeyUse},
    permission::Permission::{self, ManageClients, ManageRealm, QueryClients, ViewClients, ViewRealm},
};
use services::{
    clients, components, keys,
    store::{clients::Filter as ClientFilter, components::Filter},
};
use web::{Shown, percent_encoded};

use crate::{
    Console,
    frame::Frame,
    list::Moment,
    refusal::{Answer, Refusal},
    routes::Routes,
};

const LOOK: &[Permission] = &[ViewRealm, ManageRealm];
const CHANGE: &[Permission] = &[ManageRealm];
/// Who sees which registries there are.
const CLIENTS: &[Permission] = &[ViewClients, ManageClients, QueryClients];
/// How many registries are named.
const NAMED: usize = 10;
/// A certificate that ends within this many seconds is warned about: 30 days.
const SOON: i64 = 30 * 86_400;

pub(crate) fn routes(routes: &mut Routes) {
    routes.page("/keys", LOOK, list);
    routes.page("/keys/new", CHANGE, provider::choose);
    routes.form("/keys/new", CHANGE, provider::create);
    routes.page("/keys/{component}", LOOK, provider::show);
    routes.form("/keys/{component}", CHANGE, provider::save);
    routes.form("/keys/{component}/rotate", CHANGE, rotate::rotate);
    routes.form("/keys/{component}/state", CHANGE, rotate::set_state);
    routes.page("/keys/{component}/delete", CHANGE, rotate::ask);
    routes.form("/keys/{component}/delete", CHANGE, rotate::delete);
}

/// The path of a provider.
fn path(console: &Console, id: &ComponentId) -> String {
    console.path(&format!("/keys/{}", percent_encoded(&id.0)))
}

#[derive(Template)]
#[template(path = "admin/keys/list.html")]
struct KeysPage {
    frame: Frame,
    editable: bool,
    add: String,
    rows: Vec<Row>,
    algorithm: Shown,
    /// Some of the realm's registries, and where each says what it has to be told.
    registries: Vec<(Shown, String)>,
    /// Where all of them are.
    all: String,
    jwks: String,
    authority: Option<Ending>,
}

struct Row {
    algorithm: Shown,
    purpose: &'static str,
    state: (&'static str, &'static str),
    kid: Shown,
    created: Moment,
    ends: Option<Ending>,
    provider: Option<(Shown, String)>,
    priority: i64,
    enabled: bool,
    active: bool,
}

/// When a certificate ends.
struct Ending {
    at: Moment,
    /// `bad` if it is over, `warn` if it will be soon, else `plain`.
    tone: &'static str,
}

impl Ending {
    fn of(seconds: i64, now: i64) -> Self {
        let tone = match seconds - now {
            ..=0 => "bad",
            left if left < SOON => "warn",
            _ => "plain",
        };
        Self { at: Moment::of_millis(seconds.saturating_mul(1_000)), tone }
    }
}

async fn list(console: Console) -> Answer {
    let realm = console.realm()?;
    let keys = keys::list(&console.services, &console.caller, realm).await?;
    let providers = providers(&console).await?;
    let now = console.services.now().unix_timestamp();
    let mut rows = Vec::new();
    for key in keys.all() {
        let signs = keys.active(key.algorithm).is_some_and(|signs| signs.kid == key.kid);
        rows.push(row(&console, &key.stored, signs, &providers, now));
    }
    rows.extend(keys.others().iter().map(|key| row(&console, key, false, &providers, now)));
    console.show(&KeysPage {
        editable: console.may(CHANGE),
        add: console.path("/keys/new"),
        rows,
        algorithm: Shown::name(&realm.settings.default_signature_algorithm),
        registries: registries(&console).await?,
        all: console.path("/clients?protocol=docker-v2"),
        jwks: format!("{}/protocol/openid-connect/certs", console.services.realm_url(realm)),
        authority: keys.authority_ends().map(|seconds| Ending::of(seconds, now)),
        frame: console.frame("Keys"),
    })
}

/// Some of the realm's registries.
async fn registries(console: &Console) -> Result<Vec<(Shown, String)>, Refusal> {
    if !console.may(CLIENTS) {
        return Ok(Vec::new());
    }
    let filter = ClientFilter {
        protocol: Some("docker-v2".to_owned()),
        max: i64::try_from(NAMED).ok(),
        ..ClientFilter::default()
    };
    let found = clients::brief(&console.services, &console.caller, console.realm()?, &filter).await?;
    let link = |client: &model::client::Client| {
        let path = format!("/clients/{}/installation", percent_encoded(&client.id.0));
        (Shown::name(&client.client_id), console.path(&path))
    };
    Ok(found.iter().map(link).collect())
}

/// The providers of keys, by id.
async fn providers(console: &Console) -> Result<HashMap<ComponentId, Component>, Refusal> {
    let filter = Filter { provider_type: Some(KEY_PROVIDER.to_owned()), ..Filter::default() };
    let found = components::list(&console.services, &console.caller, console.realm()?, &filter).await?;
    Ok(found.into_iter().map(|component| (component.id.clone(), component)).collect())
}

fn row(console: &Console, key: &Key, signs: bool, providers: &HashMap<ComponentId, Component>, now: i64) -> Row {
    let provider = key.component.as_ref().and_then(|id| providers.get(id));
    let state = match (key.enabled, key.active, key.purpose) {
        (false, ..) => ("Off", "plain"),
        (true, _, KeyUse::Signature) if signs => ("Signs", "good"),
        (true, _, KeyUse::Signature) => ("Verifies only", "plain"),
        (true, true, _) => ("In use", "good"),
        (true, false, _) => ("Decrypts only", "plain"),
    };
    Row {
        algorithm: Shown::name(&key.algorithm),
        purpose: match key.purpose {
            KeyUse::Signature => "Signatures",
            KeyUse::Encryption => "Encryption",
            KeyUse::RegistryAuthority => "Registries",
        },
        state,
        kid: Shown::name(&key.kid),
        created: Moment::of(key.created),
        ends: keys::expires(key).map(|seconds| Ending::of(seconds, now)),
        provider: provider.map(|one| (Shown::name(&one.name), path(console, &one.id))),
        priority: key.priority,
        enabled: key.enabled,
        active: key.active,
    }
}
