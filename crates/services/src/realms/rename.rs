//! A realm's name stands in the addresses of its consoles, and so in what their clients may be led back to. When the realm
//! gets another name, these follow, as in Keycloak: else nobody could log in to its consoles any more.

use representation::RealmRepresentation;
use store::{Tx, clients::Filter};

use crate::{Result, Services, clients};

/// The clients of the consoles.
const CONSOLES: [&str; 3] = ["account", "account-console", "security-admin-console"];

/// The addresses of consoles before and after.
struct Renaming([(String, String); 2]);

impl Renaming {
    fn new(from: &str, to: &str) -> Self {
        let of = |begin: &str, end: &str| (format!("/{begin}/{from}/{end}/"), format!("/{begin}/{to}/{end}/"));
        Self([of("realms", "account"), of("admin", "console")])
    }

    fn apply(&self, address: &mut String) {
        for (from, to) in &self.0 {
            if address.contains(from.as_str()) {
                *address = address.replace(from.as_str(), to);
            }
        }
    }
}

/// Makes the clients of the consoles follow.
pub(super) async fn follow(services: &Services, tx: &mut Tx, from: &str, to: &str) -> Result<()> {
    let renaming = Renaming::new(from, to);
    let realm = tx.realm();
    for name in CONSOLES {
        let filter = Filter { client_id: Some(name.to_owned()), ..Filter::default() };
        for before in store::clients::list(tx, realm, &filter).await? {
            let mut client = before.clone();
            client.settings.base_url.iter_mut().for_each(|address| renaming.apply(address));
            client.settings.redirect_uris.iter_mut().for_each(|address| renaming.apply(address));
            if client != before {
                let names = clients::further_names(services, &client);
                store::clients::update(tx, &client, &names).await?;
            }
        }
    }
    Ok(())
}

/// Makes the export of a realm one of another realm, with another name.
pub fn under_another_name(given: &mut RealmRepresentation, name: &str) {
    let Some(before) = given.realm.replace(name.to_owned()).filter(|before| before != name) else { return };
    // It is not the realm of the export, which may be here too.
    given.id = None;
    let renaming = Renaming::new(&before, name);
    for client in given.clients.iter_mut().flatten() {
        if client.client_id.as_deref().is_some_and(|client| CONSOLES.contains(&client)) {
            client.base_url.iter_mut().for_each(|address| renaming.apply(address));
            client.redirect_uris.iter_mut().flatten().for_each(|address| renaming.apply(address));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_consoles_follow_and_others_stay() {
        let renaming = Renaming::new("a", "b");
        for (before, after) in [
            ("/admin/a/console/*", "/admin/b/console/*"),
            ("https://id.example/realms/a/account/", "https://id.example/realms/b/account/"),
            ("/realms/ab/account/", "/realms/ab/account/"),
            ("https://app.example/a/", "https://app.example/a/"),
        ] {
            let mut address = before.to_owned();
            renaming.apply(&mut address);
            assert_eq!(address, after);
        }
    }
}
