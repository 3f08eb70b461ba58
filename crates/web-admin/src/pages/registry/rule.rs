//! A rule of a registry as a form: whom it is about, which repositories, what they may do, allowed or denied.

use model::{permission::Permission::*, role::RoleContainer};
use protocol::{PermissionRow, RuleSubject};
use services::{
    permission_table::{self, TableRow},
    roles,
};
use web::Shown;

use crate::{Console, form_errors::FormErrors, posted::Form, refusal::Refusal};

/// The fields whose errors stand beside them, as the mapper's settings are called.
pub(super) const FIELDS: &[&str] = &["role", "group", "repositories", "actions", "name"];
/// The most patterns whose examples are shown.
const MOST_SHOWN: usize = 20;
/// How many roles are offered.
const MOST_ROLES: i64 = 200;

/// What is typed.
#[derive(Clone, Debug, Default)]
pub(super) struct RuleForm {
    /// `role`, `group`, `signed-in` or `anonymous`.
    pub subject: String,
    pub role: String,
    pub group: String,
    pub subgroups: bool,
    /// One on each line.
    pub patterns: String,
    pub pull: bool,
    pub push: bool,
    pub delete: bool,
    pub catalog: bool,
    pub denies: bool,
    pub name: String,
}

impl RuleForm {
    /// A rule that isn't there yet.
    pub fn beginning() -> Self {
        Self { subject: "role".to_owned(), pull: true, ..Self::default() }
    }

    pub fn of(form: &Form) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        Self {
            subject: text("subject"),
            role: text("role"),
            group: text("group"),
            subgroups: form.has("include.subgroups"),
            patterns: text("repositories"),
            pull: form.has("pull"),
            push: form.has("push"),
            delete: form.has("delete"),
            catalog: form.has("catalog"),
            denies: form.text("effect") == "deny",
            name: text("name"),
        }
    }

    /// As a rule that is there is typed.
    pub fn of_row(row: &TableRow) -> Option<Self> {
        let rule = row.rule.as_ref().ok().filter(|rule| !rule.everything)?;
        let may = |action: &str| rule.actions.iter().any(|one| one == action);
        let mut typed = Self {
            patterns: rule.patterns.join("\n"),
            pull: may("pull"),
            push: may("push"),
            delete: may("delete"),
            catalog: rule.catalog,
            denies: !rule.allows,
            name: row.name.clone(),
            ..Self::default()
        };
        match &rule.subject {
            RuleSubject::Anonymous => typed.subject = "anonymous".to_owned(),
            RuleSubject::SignedIn => typed.subject = "signed-in".to_owned(),
            RuleSubject::Role(role) => (typed.subject, typed.role) = ("role".to_owned(), role.clone()),
            RuleSubject::Group { path, include_subgroups } => {
                (typed.subject, typed.group) = ("group".to_owned(), path.clone());
                typed.subgroups = *include_subgroups;
            }
        }
        Some(typed)
    }

    /// As a form sends it.
    pub fn fields(&self) -> Vec<(String, String)> {
        let texts = [
            ("subject", &self.subject),
            ("role", &self.role),
            ("group", &self.group),
            ("repositories", &self.patterns),
            ("name", &self.name),
        ];
        let mut fields: Vec<_> = texts.into_iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
        for (name, on) in [
            ("include.subgroups", self.subgroups),
            ("pull", self.pull),
            ("push", self.push),
            ("delete", self.delete),
            ("catalog", self.catalog),
        ] {
            if on {
                fields.push((name.to_owned(), "on".to_owned()));
            }
        }
        fields.push(("effect".to_owned(), if self.denies { "deny" } else { "allow" }.to_owned()));
        fields
    }

    /// The rule that is meant.
    pub fn row(&self) -> PermissionRow {
        let actions = [("pull", self.pull), ("push", self.push), ("delete", self.delete)];
        PermissionRow {
            subject: match self.subject.as_str() {
                "group" => RuleSubject::Group { path: self.group.clone(), include_subgroups: self.subgroups },
                "signed-in" => RuleSubject::SignedIn,
                "anonymous" => RuleSubject::Anonymous,
                _ => RuleSubject::Role(self.role.clone()),
            },
            patterns: self.lines().map(str::to_owned).collect(),
            actions: actions.into_iter().filter(|(_, on)| *on).map(|(action, _)| action.to_owned()).collect(),
            catalog: self.catalog,
            allows: !self.denies,
            everything: false,
        }
    }

    fn lines(&self) -> impl Iterator<Item = &str> {
        self.patterns.lines().map(str::trim).filter(|line| !line.is_empty())
    }
}

/// What a pattern stands for.
pub(super) struct PatternShown {
    pub pattern: Shown,
    pub error: Option<Shown>,
    pub matching: Vec<Shown>,
    pub others: Vec<Shown>,
    pub personal: bool,
}

/// What is found out about a rule while it is typed.
pub(super) struct Checked {
    pub patterns: Vec<PatternShown>,
    /// In words, what the rule says.
    pub says: Option<String>,
}

/// Looks at a rule without saving it: problems beside the fields, and what its patterns stand for. What nobody has typed yet
/// is no problem.
pub(super) fn check(console: &Console, typed: &RuleForm) -> Result<(FormErrors, Checked), Refusal> {
    let row = typed.row();
    let mut errors = FormErrors::default();
    let protocol = model::client::DOCKER_V2;
    for problem in permission_table::check(&console.services, protocol, &row)? {
        let untyped = match problem.field.as_str() {
            "role" => typed.role.is_empty(),
            "group" => typed.group.is_empty(),
            "repositories" => typed.patterns.is_empty(),
            _ => false,
        };
        if !untyped {
            errors.add(&problem.field, &problem.message);
        }
    }
    let mut patterns = Vec::new();
    for pattern in typed.lines().take(MOST_SHOWN) {
        let names = |names: Vec<String>| names.iter().map(|name| Shown::sentence(name)).collect();
        let shown = Shown::sentence(pattern);
        patterns.push(match permission_table::examples(&console.services, protocol, pattern)? {
            Ok(found) => PatternShown {
                pattern: shown,
                error: None,
                personal: found.personal,
                matching: names(found.matching),
                others: names(found.others),
            },
            Err(text) => PatternShown {
                pattern: shown,
                error: Some(Shown::sentence(&text)),
                matching: Vec::new(),
                others: Vec::new(),
                personal: false,
            },
        });
    }
    let says = (errors.is_empty() && !typed.patterns.is_empty()).then(|| words(&row));
    Ok((errors, Checked { patterns, says }))
}

/// What a rule says.
pub(super) fn words(row: &PermissionRow) -> String {
    let who = match &row.subject {
        RuleSubject::Anonymous => "Everyone, without logging in too,".to_owned(),
        RuleSubject::SignedIn => "Everyone who is logged in".to_owned(),
        RuleSubject::Role(role) => format!("Whoever has the role {role}"),
        RuleSubject::Group { path, include_subgroups: false } => format!("Members of the group {path}"),
        RuleSubject::Group { path, .. } => format!("Members of the group {path} and of groups below it"),
    };
    let may = if row.allows { "may" } else { "may not, whatever other rules say," };
    format!("{who} {may} {} the repositories {}", list(&row.actions, "and"), list(&row.patterns, "and"))
}

fn list(words: &[String], joint: &str) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {joint} {last}", first.join(", ")),
    }
}

/// Names of roles to choose from, for those who may see them.
pub(super) async fn roles_offered(console: &Console) -> Result<Vec<String>, Refusal> {
    if !console.may(&[ViewRealm, ManageRealm]) {
        return Ok(Vec::new());
    }
    let realm = console.realm()?;
    let found =
        roles::list(&console.services, &console.caller, realm, &RoleContainer::Realm, None, 0, Some(MOST_ROLES))
            .await?;
    Ok(found.into_iter().map(|role| role.name).collect())
}
