//! The roles that a group brings.

use services::role_mappings::Holder;

use super::{MANAGE, OneGroup, VIEW, about, group_address, viewed};
use crate::{Console, Posted, pages::granting, refusal::Answer, routes::Routes};

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/groups/{group}/roles", VIEW, show);
    routes.form("/groups/{group}/roles/grant", MANAGE, grant);
    routes.form("/groups/{group}/roles/revoke", MANAGE, revoke);
}

async fn show(console: Console, path: OneGroup) -> Answer {
    let (_, _, id) = path.into_inner();
    let group = viewed(&console, &id).await?;
    let sheets = about(&console, &group.found, "/roles");
    let path = group_address(&console, &id, "/roles");
    granting::page(&console, sheets, Holder::Group(&id), &path, console.may(MANAGE)).await?.show(&console)
}

async fn grant(posted: Posted, path: OneGroup) -> Answer {
    let (_, _, id) = path.into_inner();
    let path = group_address(&posted.console, &id, "/roles");
    granting::grant(&posted, Holder::Group(&id), &path).await
}

async fn revoke(posted: Posted, path: OneGroup) -> Answer {
    let (_, _, id) = path.into_inner();
    let path = group_address(&posted.console, &id, "/roles");
    granting::revoke(&posted, Holder::Group(&id), &path).await
}
