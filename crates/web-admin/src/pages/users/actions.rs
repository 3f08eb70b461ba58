//! What is done with an account as a whole: mail a link, forget wrong passwords, log in as its user, delete it.

use actix_web::{HttpResponse, http::header::LOCATION};
use model::permission::Permission;
use services::{
    Error,
    action_links::{self, Asked, Purpose},
    brute_force, impersonation, users,
};
use web::cookies;

use super::{MANAGE, OneUser, address, details, viewed};
use crate::{
    Console, Posted, confirm::Question, form_errors::FormErrors, notice::Notice, refusal::Answer, routes::Routes,
};

const IMPERSONATE: &[Permission] = &[Permission::Impersonation];

pub(super) fn routes(routes: &mut Routes) {
    routes.form("/users/{user}/mail", MANAGE, mail);
    routes.form("/users/{user}/unlock", MANAGE, unlock);
    routes.page("/users/{user}/impersonate", IMPERSONATE, ask_to_impersonate);
    routes.form("/users/{user}/impersonate", IMPERSONATE, impersonate);
    routes.page("/users/{user}/delete", MANAGE, ask_to_delete);
    routes.form("/users/{user}/delete", MANAGE, delete);
}

async fn mail(Posted { console, form }: Posted, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    let actions: Vec<String> = form.all("actions").map(str::to_owned).collect();
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let mut errors = FormErrors::default();
    if actions.is_empty() {
        errors.add("actions", "Choose what the person is to do.");
    } else {
        let asked = Asked { actions, ..Asked::default() };
        match action_links::send(services, caller, realm, &id, Purpose::ExecuteActions, asked).await {
            Ok(()) => return console.lead_to(&address(&console, &id, ""), Notice::new("The e-mail was sent.")),
            Err(error) => errors = FormErrors::of(error)?,
        }
    }
    let found = users::get(services, caller, realm, &id).await?;
    details::page(&console, &found, None, (&FormErrors::default(), &errors)).await?.show_again(&console)
}

async fn unlock(Posted { console, .. }: Posted, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    brute_force::forget(&console.services, &console.caller, console.realm()?, &id).await?;
    console.lead_to(&address(&console, &id, ""), Notice::new("The wrong passwords are forgotten."))
}

async fn ask_to_impersonate(console: Console, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    let realm = console.realm()?;
    let user = users::get(&console.services, &console.caller, realm, &id).await;
    // Whoever may act as users need not be one who sees them.
    let name = match user {
        Ok(found) => found.user.username,
        Err(Error::Forbidden) => "this user".to_owned(),
        Err(error) => return Err(error.into()),
    };
    let own = if console.caller.realm == realm.id {
        " You are logged out of this realm, and so of this console."
    } else {
        ""
    };
    console.ask(Question {
        title: &format!("Log in as {name}?"),
        consequence: &format!("This browser gets a session of that user, and an event says that it was you.{own}"),
        action: address(&console, &id, "/impersonate"),
        verb: "Log in as this user",
        back: address(&console, &id, ""),
        fields: Vec::new(),
        name: None,
    })
}

async fn impersonate(Posted { console, .. }: Posted, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    let realm = console.realm()?;
    let begun = impersonation::impersonate(&console.services, &console.caller, realm, &id).await?;
    let mut answer = if begun.same_realm {
        // This session is over; the console lets in whoever the browser is now.
        HttpResponse::SeeOther().insert_header((LOCATION, format!("{}/", console.base()))).finish()
    } else {
        let text = "This browser is logged in as this user now. Open an application of the realm to see what they see.";
        console.lead_to(&address(&console, &id, ""), Notice::new(text))?
    };
    cookies::enter(&mut answer, &console.services, realm, &begun.session.id, &begun.cookie, None);
    Ok(answer)
}

async fn ask_to_delete(console: Console, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    let user = viewed(&console, &id).await?;
    console.ask(Question {
        title: &format!("Delete the user {}?", user.username),
        consequence: "The account goes with its passwords, sessions, roles and memberships. It can't be had back.",
        action: address(&console, &id, "/delete"),
        verb: "Delete the user",
        back: address(&console, &id, ""),
        fields: Vec::new(),
        name: None,
    })
}

async fn delete(Posted { console, .. }: Posted, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    users::delete(&console.services, &console.caller, console.realm()?, &id).await?;
    console.lead_to(&console.path("/users"), Notice::new("The user was deleted."))
}
