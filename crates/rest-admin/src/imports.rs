//! Realms and parts of realms that come in and go out as a whole.

use actix_web::{
    HttpResponse,
    http::{Method, header::LOCATION},
    web::{Bytes, Query},
};
use model::permission::Permission;
use representation::{Masked, PartialImportRepresentation, PartialImportResult, PartialImportResults};
use serde::{Deserialize, Serialize};
use services::{
    import_report::ImportReport,
    realms::{
        self, ImportOptions,
        partial_import::{Action, Entry, partial_import as import_parts},
    },
};

use crate::{
    Routes,
    errors::Answer,
    kit::{Admin, body, json},
    routes::Rule,
};

const MANAGE: &[Permission] = &[Permission::ManageRealm];

pub(crate) fn routes(routes: &mut Routes) {
    routes.add(Method::POST, "/realms", Rule::CreateRealm, create);
    routes.post("/partial-export", MANAGE, partial_export);
    routes.post("/partialImport", MANAGE, partial_import);
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreateQuery {
    /// Ours: answer with what was not taken over as it was given.
    #[serde(default, deserialize_with = "crate::kit::switch")]
    report: Option<bool>,
    /// Ours: try it, and leave nothing behind.
    #[serde(default, deserialize_with = "crate::kit::switch")]
    dry_run: Option<bool>,
}

async fn create(admin: Admin, query: Query<CreateQuery>, bytes: Bytes) -> Answer {
    let dry_run = query.dry_run.unwrap_or(false);
    let options = ImportOptions { dry_run, overwrite: false };
    let (realm, report) = realms::create(&admin.services, &admin.caller, body(&bytes)?, options).await?;
    let address = format!("{}/admin/realms/{}", admin.services.public_url(), realm.name);
    let mut answer = match dry_run {
        true => HttpResponse::Ok(),
        false => HttpResponse::Created(),
    };
    if !dry_run {
        answer.insert_header((LOCATION, address));
    }
    match dry_run || query.report.unwrap_or(false) {
        true => Ok(answer.json(Report::of(&report))),
        false => Ok(answer.finish()),
    }
}

/// What was not taken over, or not as it was given.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(rename = "notTakenOver")]
    remarks: Vec<Remark<'a>>,
}

/// One remark of a report.
#[derive(Serialize)]
struct Remark<'a> {
    path: &'a str,
    reason: &'a str,
}

impl<'a> Report<'a> {
    fn of(report: &'a ImportReport) -> Self {
        let remark = |one: &'a services::import_report::Remark| Remark { path: &one.path, reason: &one.reason };
        Self { remarks: report.remarks().iter().map(remark).collect() }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExportQuery {
    #[serde(default, deserialize_with = "crate::kit::switch")]
    export_clients: Option<bool>,
    #[serde(default, deserialize_with = "crate::kit::switch")]
    export_groups_and_roles: Option<bool>,
}

async fn partial_export(admin: Admin, query: Query<ExportQuery>) -> Answer {
    let (clients, groups) = (query.export_clients.unwrap_or(false), query.export_groups_and_roles.unwrap_or(false));
    json(&realms::partial_export(&admin.services, &admin.caller, admin.realm()?, clients, groups).await?)
}

async fn partial_import(admin: Admin, bytes: Bytes) -> Answer {
    let given: PartialImportRepresentation = body(&bytes)?;
    let (entries, report) = import_parts(&admin.services, &admin.caller, admin.realm()?, given).await?;
    let count = |action| i32::try_from(entries.iter().filter(|entry| entry.action == action).count()).ok();
    let results = PartialImportResults {
        overwritten: count(Action::Overwritten),
        added: count(Action::Added),
        skipped: count(Action::Skipped),
        error_message: None,
        results: Some(entries.iter().map(result).collect()),
    };
    json(&Imported { results, report: (!report.remarks().is_empty()).then(|| Report::of(&report)) })
}

/// Keycloak's results; beside them what was not taken over, if there is anything.
#[derive(Serialize)]
struct Imported<'a> {
    #[serde(flatten)]
    results: PartialImportResults,
    #[serde(flatten)]
    report: Option<Report<'a>>,
}

fn result(entry: &Entry) -> PartialImportResult {
    let action = match entry.action {
        Action::Added => "ADDED",
        Action::Skipped => "SKIPPED",
        Action::Overwritten => "OVERWRITTEN",
    };
    PartialImportResult {
        action: Some(action.to_owned()),
        resource_type: Some(entry.kind.as_str().to_owned()),
        resource_name: Some(entry.name.clone()),
        id: Some(entry.id.clone()),
        representation: Some(Masked::new(entry.representation.clone())),
    }
}
