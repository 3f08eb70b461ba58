//! The roles of a user.

use services::role_mappings::Holder;

use super::{MANAGE, OneUser, VIEW, about, address, viewed};
use crate::{Console, Posted, pages::granting, refusal::Answer, routes::Routes};

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/users/{user}/roles", VIEW, show);
    routes.form("/users/{user}/roles/grant", MANAGE, grant);
    routes.form("/users/{user}/roles/revoke", MANAGE, revoke);
}

async fn show(console: Console, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    let user = viewed(&console, &id).await?;
    let sheets = about(&console, &user, "/roles");
    let path = address(&console, &id, "/roles");
    granting::page(&console, sheets, Holder::User(&id), &path, console.may(MANAGE)).await?.show(&console)
}

async fn grant(posted: Posted, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    let path = address(&posted.console, &id, "/roles");
    granting::grant(&posted, Holder::User(&id), &path).await
}

async fn revoke(posted: Posted, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    let path = address(&posted.console, &id, "/roles");
    granting::revoke(&posted, Holder::User(&id), &path).await
}
