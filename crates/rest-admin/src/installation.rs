//! Ready-made configurations of a client for the other side.

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    web::Path,
};
use model::{id::ClientId, permission::Permission};
use services::installations;

use crate::{Routes, answers::File, errors::Answer, kit::Admin};

pub(crate) fn routes(routes: &mut Routes) {
    routes.get(
        "/clients/{client}/installation/providers/{provider}",
        &[Permission::ViewClients, Permission::ManageClients],
        get,
    );
}

async fn get(admin: Admin, path: Path<(String, ClientId, String)>) -> Answer<File> {
    let file = installations::make(&admin.services, &admin.caller, admin.realm()?, &path.1, &path.2).await?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, file.media_type));
    answer.insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file.filename)));
    Ok(File(answer.body(file.content)))
}
