//! Import into a realm and export of one.

mod given;
mod report;

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, ContentType},
};
use askama::Template;
use model::permission::Permission::{self, ManageRealm, ViewRealm};
use services::Error;
use services::realms::{
    partial_export,
    partial_import::{partial_import, plan_partial_import},
};
use web::{Policy, Shown};

pub(crate) use self::given::{Counted, realm_of};
pub(crate) use self::report::Report;
use crate::{
    Console, Posted,
    form_errors::FormErrors,
    frame::Frame,
    list::{Cell, Query},
    notice::Notice,
    posted::Form,
    refusal::Answer,
    routes::Routes,
};

const MANAGE: &[Permission] = &[ManageRealm];
const LOOK: &[Permission] = &[ViewRealm, ManageRealm];

/// What is done about things that are there already: what is kept, what it says, and what it means.
const POLICIES: [(&str, &str, &str); 3] = [
    ("FAIL", "Stop", "Nothing is imported if anything of the file is there already."),
    ("SKIP", "Leave it", "What is there stays as it is; the rest is imported."),
    ("OVERWRITE", "Replace it", "What is there is removed and made anew, as the file has it."),
];

pub(crate) fn routes(routes: &mut Routes) {
    routes.page("/transfer", LOOK, show);
    routes.page("/transfer/export", MANAGE, export);
    routes.form("/transfer/import", MANAGE, import);
}

#[derive(Template)]
#[template(path = "admin/transfer/page.html")]
struct TransferPage {
    frame: Frame,
    may_import: bool,
    export: String,
    import: String,
    kinds: Vec<(&'static str, &'static str, bool)>,
    policies: Vec<(&'static str, &'static str, &'static str, bool)>,
    errors: FormErrors,
    report: Option<Report>,
}

impl TransferPage {
    fn new(console: &Console, form: Option<&Form>, errors: FormErrors) -> Self {
        let chosen = |name: &str| form.is_none_or(|form| form.has(name));
        let policy = form.map_or("FAIL", |form| form.text("ifResourceExists"));
        Self {
            frame: console.frame("Import and export"),
            may_import: console.may(MANAGE),
            export: console.path("/transfer/export"),
            import: console.path("/transfer/import"),
            kinds: given::KINDS.iter().map(|(name, label)| (*name, *label, chosen(name))).collect(),
            policies: POLICIES.iter().map(|(value, label, help)| (*value, *label, *help, *value == policy)).collect(),
            errors,
            report: None,
        }
    }
}

async fn show(console: Console) -> Answer {
    console.show(&TransferPage::new(&console, None, FormErrors::default()))
}

/// The realm as a file.
async fn export(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let realm = console.realm()?;
    let (clients, roles) = (query.get("clients") == "on", query.get("roles") == "on");
    let exported = partial_export(&console.services, &console.caller, realm, clients, roles).await?;
    // A file that holds less would be missed only when it is needed.
    let text = serde_json::to_vec_pretty(&exported)
        .map_err(|error| Error::Failed(format!("The realm can't be written as a file: {error}")))?;
    // The name of a realm holds no quotes, and a browser takes no path from it.
    let name: String =
        realm.name.chars().filter(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(*letter)).collect();
    let answer = HttpResponse::Ok()
        .content_type(ContentType::json())
        .insert_header((CONTENT_SECURITY_POLICY, Policy::default().to_string()))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}-realm.json\"")))
        .body(text);
    console.dressed(answer)
}

/// Imports a file, or says what that would do.
async fn import(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let realm = console.realm()?;
    let plan = form.has("plan");
    let mut errors = FormErrors::default();
    let given = match form.file("file") {
        None => Err("Choose a file first.".to_owned()),
        Some(file) => given::parts_of(file, &form),
    };
    let given = match given {
        Ok(given) => given,
        Err(text) => {
            errors.add("file", &text);
            return refused(&console, &form, errors, plan);
        }
    };
    let done = match plan {
        true => plan_partial_import(&console.services, &console.caller, realm, given).await,
        false => partial_import(&console.services, &console.caller, realm, given).await,
    };
    let (entries, remarks) = match done {
        Ok(done) => done,
        Err(error) => return refused(&console, &form, FormErrors::of(error)?, plan),
    };
    let report = Report::of_parts(&entries, &remarks, plan);
    let mut page = TransferPage::new(&console, Some(&form), errors);
    if !plan {
        page.frame.notice = Some(Notice::new("The file was imported."));
    }
    page.report = Some(report);
    console.show(&page)
}

/// The page once more. A plan is an answer like any other, so that scripts show it.
fn refused(console: &Console, form: &Form, errors: FormErrors, plan: bool) -> Answer {
    let mut page = TransferPage::new(console, Some(form), errors.clone());
    page.report =
        plan.then(|| Report::refused(errors.beyond(&[]).map(|text| Shown::sentence(text.as_str())).collect()));
    if plan { console.show(&page) } else { console.show_again(&page) }
}
