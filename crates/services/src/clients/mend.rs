//! What an import does with a client that can't be kept as it is: the parts that are at fault are left out, and if that is
//! not enough, the client.

use model::{client::Client, problem::Problem};

use super::change::check;
use crate::{Error, Services, import_report::ImportReport};

/// Takes out of a client what can't be kept, and notes it. False if the rest can't be kept either.
pub(super) fn mend(services: &Services, client: &mut Client, path: &str, report: &mut ImportReport) -> bool {
    let Err(error) = check(services, client) else { return true };
    if let Error::Invalid(problems) = error {
        for problem in problems {
            take_out(services, client, &problem);
            report.note(format!("{path}.{}", problem.field), format!("{}; left out", problem.message));
        }
    }
    match check(services, client) {
        Ok(()) => true,
        Err(error) => {
            report.note(path, format!("{error}; left out"));
            false
        }
    }
}

fn take_out(services: &Services, client: &mut Client, problem: &Problem) {
    let settings = &mut client.settings;
    match problem.field.as_str() {
        "name" => settings.name = None,
        "description" => settings.description = None,
        "rootUrl" => settings.root_url = None,
        "baseUrl" => settings.base_url = None,
        "adminUrl" => settings.admin_url = None,
        "serviceAccountsEnabled" => settings.service_accounts_enabled = false,
        "redirectUris" => {
            let urls = std::mem::take(&mut settings.redirect_uris);
            let sound = sound(services, client, urls, |client, url| client.settings.redirect_uris = vec![url]);
            client.settings.redirect_uris = sound;
        }
        "webOrigins" => {
            let urls = std::mem::take(&mut settings.web_origins);
            let sound = sound(services, client, urls, |client, url| client.settings.web_origins = vec![url]);
            client.settings.web_origins = sound;
        }
        attribute => {
            client.attributes.remove(attribute);
        }
    }
}

/// Those of the addresses at which nothing is wrong, each looked at alone, up to [`MOST`].
fn sound(services: &Services, client: &Client, urls: Vec<String>, set: fn(&mut Client, String)) -> Vec<String> {
    let faults = |client: &Client| match check(services, client) {
        Err(Error::Invalid(problems)) => problems.len(),
        _ => 0,
    };
    let without = faults(client);
    let mut alone = client.clone();
    urls.into_iter()
        .take(MOST)
        .filter(|url| {
            set(&mut alone, url.clone());
            faults(&alone) <= without
        })
        .collect()
}

/// The most addresses of one kind that a client of any protocol may have.
const MOST: usize = 200;
