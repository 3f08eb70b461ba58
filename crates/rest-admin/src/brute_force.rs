//! Attack detection: failed logins of users.

use actix_web::web::Path;
use model::clock::epoch_millis;
use serde_json::json as value;
use services::brute_force;

use crate::{
    Routes,
    errors::Answer,
    kit::{Admin, json, no_content},
    users::{MANAGE, VIEW, user_in},
};

pub(crate) fn routes(routes: &mut Routes) {
    routes.delete("/attack-detection/brute-force/users", MANAGE, forget_all);
    routes.get("/attack-detection/brute-force/users/{user}", VIEW, status);
    routes.delete("/attack-detection/brute-force/users/{user}", MANAGE, forget);
}

async fn status(admin: Admin, path: Path<(String, String)>) -> Answer {
    let status = brute_force::status(&admin.services, &admin.caller, admin.realm()?, &user_in(path)).await?;
    let failures = status.failures.as_ref();
    json(&value!({
        "disabled": status.disabled,
        "numFailures": failures.map_or(0, |failures| failures.failures),
        "numTemporaryLockouts": failures.map_or(0, |failures| failures.temporary_lockouts),
        "lastFailure": failures.map_or(0, |failures| epoch_millis(failures.last_failure)),
        "lastIPFailure": failures.and_then(|failures| failures.last_ip.as_deref()).unwrap_or("n/a"),
        "failedLoginNotBefore":
            failures.and_then(|failures| failures.locked_until).map_or(0, |until| until.unix_timestamp()),
    }))
}

async fn forget(admin: Admin, path: Path<(String, String)>) -> Answer {
    brute_force::forget(&admin.services, &admin.caller, admin.realm()?, &user_in(path)).await?;
    no_content()
}

async fn forget_all(admin: Admin) -> Answer {
    brute_force::forget_all(&admin.services, &admin.caller, admin.realm()?).await?;
    no_content()
}
