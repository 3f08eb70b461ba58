//! Attack detection: failed logins of users.

use actix_web::web::Path;
use model::clock::epoch_millis;
use representation::BruteForceStatus;
use services::brute_force;

use crate::{
    Routes,
    answers::{Json, NoContent},
    errors::Answer,
    kit::{Admin, json, no_content},
    users::{MANAGE, VIEW, user_in},
};

pub(crate) fn routes(routes: &mut Routes) {
    routes.delete("/attack-detection/brute-force/users", MANAGE, forget_all);
    routes.get("/attack-detection/brute-force/users/{user}", VIEW, status);
    routes.delete("/attack-detection/brute-force/users/{user}", MANAGE, forget);
}

async fn status(admin: Admin, path: Path<(String, String)>) -> Answer<Json<BruteForceStatus>> {
    let status = brute_force::status(&admin.services, &admin.caller, admin.realm()?, &user_in(path)).await?;
    let failures = status.failures.as_ref();
    json(&BruteForceStatus {
        disabled: Some(status.disabled),
        num_failures: Some(failures.map_or(0, |failures| failures.failures)),
        num_temporary_lockouts: Some(failures.map_or(0, |failures| failures.temporary_lockouts)),
        last_failure: Some(failures.map_or(0, |failures| epoch_millis(failures.last_failure))),
        last_ip_failure: Some(failures.and_then(|failures| failures.last_ip.clone()).unwrap_or("n/a".to_owned())),
        failed_login_not_before: Some(
            failures.and_then(|failures| failures.locked_until).map_or(0, |until| until.unix_timestamp()),
        ),
    })
}

async fn forget(admin: Admin, path: Path<(String, String)>) -> Answer<NoContent> {
    brute_force::forget(&admin.services, &admin.caller, admin.realm()?, &user_in(path)).await?;
    no_content()
}

async fn forget_all(admin: Admin) -> Answer<NoContent> {
    brute_force::forget_all(&admin.services, &admin.caller, admin.realm()?).await?;
    no_content()
}
