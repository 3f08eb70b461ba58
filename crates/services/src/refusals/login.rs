//! Refused logins and requests of applications: what each error code of an event means, and what helps.

use model::client::{DOCKER_V2, OPENID_CONNECT};

use super::{Change, Place, Reason, SEE_CLIENTS, SEE_USERS, Today, Told};
use crate::{Result, cache, users};

/// What was asked for.
pub(super) fn asked(told: &Told<'_>) -> String {
    let client = told.client_name();
    match told.event.kind.as_str() {
        "LOGIN_ERROR" => format!("To log in to {client}"),
        "LOGOUT_ERROR" => "To log out".to_owned(),
        "CODE_TO_TOKEN_ERROR" => format!("Tokens for {client}, with the code of a login"),
        "REFRESH_TOKEN_ERROR" => format!("New tokens for {client}, with a refresh token"),
        "CLIENT_LOGIN_ERROR" => format!("Tokens for the application {client} itself"),
        "TOKEN_EXCHANGE_ERROR" => format!("Another token for {client} in exchange for one"),
        "OAUTH2_DEVICE_AUTH_ERROR" => format!("Codes for the login of a device with {client}"),
        "OAUTH2_DEVICE_VERIFY_USER_CODE_ERROR" => format!("To let a device of {client} in"),
        "OAUTH2_DEVICE_CODE_TO_TOKEN_ERROR" => format!("Tokens for a device with {client}"),
        "INTROSPECT_TOKEN_ERROR" => format!("What a token says, for {client}"),
        "REVOKE_GRANT_ERROR" => format!("To revoke a token of {client}"),
        "USER_INFO_REQUEST_ERROR" => "What is known of a user, with an access token".to_owned(),
        "PUSHED_AUTHORIZATION_REQUEST_ERROR" => format!("To hand in a login request of {client}"),
        "CLIENT_REGISTER_ERROR" => "To register a client".to_owned(),
        "CLIENT_INFO_ERROR" => format!("To read the registration of {client}"),
        "CLIENT_UPDATE_ERROR" => format!("To change the registration of {client}"),
        "CLIENT_DELETE_ERROR" => format!("To remove the registration of {client}"),
        "UPDATE_PASSWORD_ERROR" => "To set another password".to_owned(),
        "EXECUTE_ACTION_TOKEN_ERROR" | "EXECUTE_ACTIONS_ERROR" => "To follow a link from an e-mail".to_owned(),
        "IMPERSONATE_ERROR" => "To act as another user".to_owned(),
        other => other.trim_end_matches("_ERROR").replace('_', " ").to_lowercase(),
    }
}

/// Why it was refused, what helps, and what would be the answer now.
pub(super) async fn reasons(told: &Told<'_>, error: &str) -> Result<(Vec<Reason>, Option<Today>)> {
    let (rule, changes) = known(told, error);
    // The sentence that was recorded with it knows more than the code.
    let rule = told.detail("reason").map_or(rule, sentence);
    Ok((vec![Reason { about: None, rule, changes }], today(told, error).await?))
}

fn sentence(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

fn known(told: &Told<'_>, error: &str) -> (String, Vec<Change>) {
    let (user, client) = (told.user_place(), told.client_place());
    let name = told.client_name();
    let given = told.who.name.as_deref().unwrap_or("that name");
    let is_docker = told.detail("auth_method") == Some(DOCKER_V2);
    let change = |text: String, place: &Option<Place>| Change::new(text).at(place.clone());
    let (rule, changes) = match error {
        "user_not_found" if is_docker && told.who.name.is_none() => (
            "The registry was asked without a name and password, and none of its rules is for requests without.".to_owned(),
            vec![
                Change::new(format!("Log in first: docker login {name}")),
                change("Or add a rule for everyone that counts without credentials, too".to_owned(), &permissions(told)),
            ],
        ),
        "user_not_found" => (
            "There is no user with this name.".to_owned(),
            vec![change(format!("Check the spelling of {given}, or create the user"), &Some(Place::Users))],
        ),
        "invalid_user_credentials" => (
            "The password is wrong.".to_owned(),
            vec![change("Type it again, or set another password for the user".to_owned(), &user)],
        ),
        "user_disabled" => (
            "The account is disabled.".to_owned(),
            vec![change("Enable the account".to_owned(), &user)],
        ),
        "user_temporarily_disabled" => (
            "The account is locked for a while after too many wrong passwords.".to_owned(),
            vec![
                change("Wait until the lock ends, or unlock the account".to_owned(), &user),
                change("How many wrong passwords lock an account is set for the realm".to_owned(), &Some(Place::Security)),
            ],
        ),
        "resolve_required_actions" => (
            "The password is right, but the user has to do something first.".to_owned(),
            vec![change(
                "Let the user log in once in a browser, where it can be done, or take the required actions away".to_owned(),
                &user,
            )],
        ),
        "invalid_user" => (
            "This is the account of a client; it has no password.".to_owned(),
            vec![Change::new("Use an account of a person, or the client's own credentials")],
        ),
        "different_user_authenticated" => (
            "The user who was logged in should have logged in again; this is another one.".to_owned(),
            vec![Change::new("Log out first, then log in as the other user")],
        ),
        "client_not_found" if is_docker => (
            format!("No enabled registry of this realm answers to the service {name}."),
            vec![
                change("Set the registry's auth.token.service to the client ID of its client".to_owned(), &Some(Place::Clients)),
                Change::new("Or add that name to the further service names of the client"),
            ],
        ),
        "client_not_found" => (
            format!("There is no application {name} in this realm."),
            vec![change("Compare the application's client_id with the list of clients".to_owned(), &Some(Place::Clients))],
        ),
        "client_disabled" => {
            ("The application is switched off.".to_owned(), vec![change("Enable the client".to_owned(), &client)])
        }
        "bearer_only" | "not_allowed" | "unauthorized_client" => (
            format!("The settings of {name} don't allow this kind of request."),
            vec![change("Switch the flow on that the application uses".to_owned(), &client)],
        ),
        "invalid_client" | "invalid_client_credentials" => (
            format!("{name} did not prove that it is this application: its secret or its assertion is wrong."),
            vec![change("Give the application the secret that is shown with its credentials".to_owned(), &client)],
        ),
        "invalid_redirect_uri" => (
            format!("The address to return to is not registered for {name}."),
            vec![change(
                match told.detail("redirect_uri") {
                    Some(uri) => format!("Add {uri} to the valid redirect URIs, if it is the application's"),
                    None => "Add the application's address to the valid redirect URIs".to_owned(),
                },
                &client,
            )],
        ),
        "invalid_code" | "expired_code" => (
            "The code is not valid: it was used already, took too long, or was meant for another application.".to_owned(),
            vec![Change::new("Begin the login anew; a code is good once and for a minute")],
        ),
        "pkce_verification_failed" => (
            "The proof that belongs to the code (PKCE) does not fit.".to_owned(),
            vec![change(
                "The application has to send the code_verifier of the same login; compare its PKCE method with the client's"
                    .to_owned(),
                &client,
            )],
        ),
        "invalid_token" if is_docker => (
            "The stored login is not valid any more: it ended, was revoked, or is for another registry.".to_owned(),
            vec![Change::new(format!("Log in again: docker login {name}"))],
        ),
        "invalid_token" => (
            "The token is not valid: its time is over, its session ended, it was used already, or another server made it."
                .to_owned(),
            vec![Change::new("Get a new token by logging in again")],
        ),
        "invalid_oauth2_device_code" | "expired_oauth2_device_code" => (
            "The code of the device is not valid, or took too long.".to_owned(),
            vec![Change::new("Begin anew on the device")],
        ),
        "rejected_by_user" | "consent_denied" | "access_denied" => (
            "The person said no, or may not do this.".to_owned(),
            vec![Change::new("Begin anew, and agree when asked")],
        ),
        "ssl_required" => (
            "This realm answers only over HTTPS.".to_owned(),
            vec![change("Use an address that begins with https, or change the realm's setting".to_owned(), &Some(Place::Realm))],
        ),
        "realm_disabled" => {
            ("The realm is disabled.".to_owned(), vec![change("Enable the realm".to_owned(), &Some(Place::Realm))])
        }
        "password_rejected" => (
            "The new password breaks the realm's policy.".to_owned(),
            vec![Change::new("Choose a password that keeps the policy, or change the policy").at(Some(Place::Realm))],
        ),
        "server_error" | "unknown_error" => (
            "The server failed.".to_owned(),
            vec![Change::new("The server's log has the cause under this id")],
        ),
        "temporarily_unavailable" => ("The server was busy.".to_owned(), vec![Change::new("Try again in a moment")]),
        "invalid_request" | "invalid_scope" => (
            "The request was not as it has to be.".to_owned(),
            vec![change("Compare the request of the application with the client's settings".to_owned(), &client)],
        ),
        other => (format!("It was refused with {other}."), Vec::new()),
    };
    (rule, changes)
}

fn permissions(told: &Told<'_>) -> Option<Place> {
    told.who.client.clone().map(Place::Permissions)
}

/// What would be the answer now, for reasons that an administrator may have mended since.
async fn today(told: &Told<'_>, error: &str) -> Result<Option<Today>> {
    let Told { services, realm, .. } = told;
    let answer = |mended: bool, yes: &str, no: &str| {
        Some(if mended { Today::Another(yes.to_owned()) } else { Today::Same(no.to_owned()) })
    };
    let about_users = matches!(error, "user_not_found" | "user_disabled" | "resolve_required_actions");
    let about_clients = matches!(error, "client_not_found" | "client_disabled");
    if (about_users && !told.caller.may(SEE_USERS)) || (about_clients && !told.caller.may(SEE_CLIENTS)) {
        return Ok(Some(Today::Unknown("Your account may not see what that depends on.".to_owned())));
    }
    Ok(match error {
        "user_not_found" => match told.who.name.as_deref().filter(|name| !name.is_empty() && !name.contains('\0')) {
            Some(name) => {
                let mut conn = services.store.read().await?;
                let found = store::users::find_by_username(&mut conn, realm.id, &users::login_name(name)).await?;
                answer(
                    found.is_some(),
                    "There is a user with this name by now.",
                    "There is still no user with this name.",
                )
            }
            None => None,
        },
        "user_disabled" | "resolve_required_actions" => match &told.who.user {
            Some(user) => match store::users::find(&mut *services.store.read().await?, realm.id, user).await? {
                Some(user) if error == "user_disabled" => answer(
                    user.enabled && !users::is_permanently_locked(&user),
                    "The account is enabled by now.",
                    "The account is still disabled.",
                ),
                Some(user) => answer(
                    user.required_actions.is_empty(),
                    "Nothing is required of the user any more.",
                    &format!("Still required: {}.", user.required_actions.join(", ")),
                ),
                None => Some(Today::Another("The account does not exist any more.".to_owned())),
            },
            None => None,
        },
        "client_not_found" | "client_disabled" => match told.who.client_id.as_deref().or(told.detail("service")) {
            Some(name) => {
                let docker = told.detail("auth_method") == Some(DOCKER_V2);
                let protocol = if docker { DOCKER_V2 } else { OPENID_CONNECT };
                let found = cache::client(services, realm, name).await?;
                let there = found.is_some_and(|found| found.client.enabled && found.client.protocol == protocol);
                answer(there, "By now there is such a client, and it is enabled.", "It is still so.")
            }
            None => None,
        },
        "realm_disabled" => answer(realm.enabled, "The realm is enabled by now.", "The realm is still disabled."),
        _ => None,
    })
}
