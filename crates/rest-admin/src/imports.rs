//! Realms and parts of realms that come in and go out as a whole.

use actix_web::{http::Method, web::Query};
use model::permission::Permission;
use representation::{
    ImportRemark, ImportReportRepresentation, Masked, PartialImportRepresentation, PartialImportResult,
    PartialImportResults, RealmRepresentation,
};
use serde::Deserialize;
use services::{
    import_report::{ImportReport, Remark},
    realms::{
        self, ImportOptions,
        partial_import::{Action, Entry, partial_import as import_parts},
    },
};

use crate::{
    Routes,
    answers::{CreatedWith, Json, OneOf, created_with, created_with_nothing},
    bodies::Body,
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

async fn create(admin: Admin, query: Query<CreateQuery>, bytes: Body<RealmRepresentation>) -> Answer<Made> {
    let dry_run = query.dry_run.unwrap_or(false);
    let options = ImportOptions { dry_run, overwrite: false };
    let (realm, report) = realms::create(&admin.services, &admin.caller, body(&bytes)?, options).await?;
    let report = ImportReportRepresentation { not_taken_over: Some(remarks(&report)) };
    let address = format!("{}/admin/realms/{}", admin.services.public_url(), realm.name);
    match (dry_run, query.report.unwrap_or(false)) {
        (true, _) => OneOf::second(json(&report)),
        (false, true) => OneOf::first(Ok(created_with(address, &report))),
        (false, false) => OneOf::first(Ok(created_with_nothing(address))),
    }
}

/// A realm that was made, with or without a report; or the report of what would have been.
type Made = OneOf<CreatedWith<ImportReportRepresentation>, Json<ImportReportRepresentation>>;

/// What was not taken over, or not as it was given.
fn remarks(report: &ImportReport) -> Vec<ImportRemark> {
    let remark = |one: &Remark| ImportRemark { path: Some(one.path.to_string()), reason: Some(one.reason.to_string()) };
    report.remarks().iter().map(remark).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExportQuery {
    #[serde(default, deserialize_with = "crate::kit::switch")]
    export_clients: Option<bool>,
    #[serde(default, deserialize_with = "crate::kit::switch")]
    export_groups_and_roles: Option<bool>,
}

async fn partial_export(admin: Admin, query: Query<ExportQuery>) -> Answer<Json<RealmRepresentation>> {
    let (clients, groups) = (query.export_clients.unwrap_or(false), query.export_groups_and_roles.unwrap_or(false));
    json(&realms::partial_export(&admin.services, &admin.caller, admin.realm()?, clients, groups).await?)
}

async fn partial_import(admin: Admin, bytes: Body<PartialImportRepresentation>) -> Answer<Json<PartialImportResults>> {
    let given: PartialImportRepresentation = body(&bytes)?;
    let (entries, report) = import_parts(&admin.services, &admin.caller, admin.realm()?, given).await?;
    let count = |action| i32::try_from(entries.iter().filter(|entry| entry.action == action).count()).ok();
    json(&PartialImportResults {
        overwritten: count(Action::Overwritten),
        added: count(Action::Added),
        skipped: count(Action::Skipped),
        error_message: None,
        results: Some(entries.iter().map(result).collect()),
        not_taken_over: Some(remarks(&report)).filter(|remarks| !remarks.is_empty()),
    })
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
