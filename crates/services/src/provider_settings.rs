//! Settings of providers (authenticators, identity providers, user stores): how they are described, bounded, and which of
//! them are secrets. Those are sealed in the database and masked everywhere else.

use std::collections::BTreeMap;

use model::{Attributes, MultiAttributes, secret::Secret};
use protocol::Setting;
use representation::{ConfigPropertyRepresentation, MASK, is_secret_name};

use crate::{Error, Result, Services, realms::MAX_TEXT_LENGTH};

/// The most settings that a provider may have.
const MAX_SETTINGS: usize = 500;
/// The longest name of a setting, in bytes.
const MAX_NAME_LENGTH: usize = 255;

/// A setting as consoles are told of it.
#[must_use]
pub fn property(setting: &Setting) -> ConfigPropertyRepresentation {
    ConfigPropertyRepresentation {
        name: Some(setting.name.to_owned()),
        label: Some(setting.label.to_owned()),
        help_text: Some(setting.help.to_owned()),
        r#type: Some(setting.kind.as_str().to_owned()),
        default_value: setting.default.map(Into::into),
        options: (!setting.options.is_empty())
            .then(|| setting.options.iter().map(|&option| option.to_owned()).collect()),
        secret: Some(is_secret_name(setting.name)),
        required: Some(setting.required),
        read_only: Some(false),
    }
}

/// Goes on only if settings are few enough and short enough to be kept.
///
/// # Errors
/// `Invalid`, naming the one that isn't.
pub(crate) fn check<'a>(settings: impl IntoIterator<Item = (&'a String, &'a String)>) -> Result<()> {
    let mut count = 0;
    for (name, value) in settings {
        count += 1;
        if count > MAX_SETTINGS {
            return Err(Error::invalid("config", format!("There must not be more than {MAX_SETTINGS} settings")));
        }
        if name.is_empty() || name.len() > MAX_NAME_LENGTH {
            return Err(Error::invalid("config", format!("The name of a setting has 1 to {MAX_NAME_LENGTH} bytes")));
        }
        if value.len() > MAX_TEXT_LENGTH {
            return Err(Error::invalid(name, format!("{name} must not be longer than {MAX_TEXT_LENGTH} bytes")));
        }
    }
    Ok(())
}

/// Seals the secrets among settings that were given for `place`, such as `REALM/identity-provider/ID`. The mask stands
/// for what is kept, or for nothing if nothing is.
///
/// # Errors
/// If a secret can't be sealed.
pub(crate) fn seal(
    services: &Services,
    place: &str,
    given: Attributes,
    kept: Option<&Attributes>,
) -> Result<Attributes> {
    let mut sealed = Attributes::new();
    for (name, value) in given {
        let value = match is_secret_name(&name) && !value.is_empty() {
            false => Some(value),
            true if value == MASK => kept.and_then(|kept| kept.get(&name)).cloned(),
            true => Some(services.sealing.seal(&context(place, &name), value.as_bytes())?),
        };
        if let Some(value) = value {
            sealed.insert(name, value);
        }
    }
    Ok(sealed)
}

/// As [`seal`], for settings with several values each.
///
/// # Errors
/// If a secret can't be sealed.
pub(crate) fn seal_lists(
    services: &Services,
    place: &str,
    given: MultiAttributes,
    kept: Option<&MultiAttributes>,
) -> Result<MultiAttributes> {
    let mut sealed = BTreeMap::new();
    for (name, values) in given {
        if !is_secret_name(&name) {
            sealed.insert(name, values);
            continue;
        }
        let mut kept = kept.and_then(|kept| kept.get(&name)).into_iter().flatten();
        let mut sealed_values = Vec::new();
        for value in values {
            match value.as_str() {
                MASK => sealed_values.extend(kept.next().cloned()),
                "" => sealed_values.push(value),
                secret => sealed_values.push(services.sealing.seal(&context(place, &name), secret.as_bytes())?),
            }
        }
        if !sealed_values.is_empty() {
            sealed.insert(name, sealed_values);
        }
    }
    Ok(sealed)
}

/// A sealed setting in the clear, to be used.
///
/// # Errors
/// If it can't be opened.
pub(crate) fn open(services: &Services, place: &str, name: &str, sealed: &str) -> Result<Secret> {
    let opened = services.sealing.open(&context(place, name), sealed)?;
    Ok(Secret::new(String::from_utf8_lossy(&opened).into_owned()))
}

/// Settings with their secrets in the clear, for an export of the whole realm.
///
/// # Errors
/// If a secret can't be opened.
pub(crate) fn opened(services: &Services, place: &str, settings: &Attributes) -> Result<Attributes> {
    let shown = settings.iter().map(|(name, value)| Ok((name.clone(), in_the_clear(services, place, name, value)?)));
    shown.collect()
}

/// As [`opened`], for settings with several values each.
///
/// # Errors
/// If a secret can't be opened.
pub(crate) fn opened_lists(services: &Services, place: &str, settings: &MultiAttributes) -> Result<MultiAttributes> {
    let shown = settings.iter().map(|(name, values)| {
        let values = values.iter().map(|value| in_the_clear(services, place, name, value));
        Ok((name.clone(), values.collect::<Result<_>>()?))
    });
    shown.collect()
}

fn in_the_clear(services: &Services, place: &str, name: &str, value: &str) -> Result<String> {
    match is_secret_name(name) && !value.is_empty() {
        true => Ok(open(services, place, name, value)?.expose().to_owned()),
        false => Ok(value.to_owned()),
    }
}

/// Moves settings to another place: a secret that is sealed for one can't be opened for another.
///
/// # Errors
/// If a secret can't be opened.
pub(crate) fn moved(services: &Services, from: &str, to: &str, settings: &Attributes) -> Result<Attributes> {
    let mut moved = Attributes::new();
    for (name, value) in settings {
        let value = match is_secret_name(name) && !value.is_empty() {
            true => {
                services.sealing.seal(&context(to, name), open(services, from, name, value)?.expose().as_bytes())?
            }
            false => value.clone(),
        };
        moved.insert(name.clone(), value);
    }
    Ok(moved)
}

fn context(place: &str, name: &str) -> String {
    format!("{place}/{name}")
}

/// Settings as they may be shown.
#[must_use]
pub fn masked(settings: &Attributes) -> Attributes {
    let shown = |(name, value): (&String, &String)| (name.clone(), shown(name, value));
    settings.iter().map(shown).collect()
}

/// Settings with several values each, as they may be shown.
#[must_use]
pub fn masked_lists(settings: &MultiAttributes) -> MultiAttributes {
    settings
        .iter()
        .map(|(name, values)| (name.clone(), values.iter().map(|value| shown(name, value)).collect()))
        .collect()
}

fn shown(name: &str, value: &str) -> String {
    if is_secret_name(name) && !value.is_empty() { MASK.to_owned() } else { value.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_holds_no_secret() {
        let settings: Attributes = [("clientSecret", "x"), ("clientId", "y"), ("apiKey", "")]
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .into();
        let shown = masked(&settings);
        assert_eq!(shown["clientSecret"], MASK);
        assert_eq!((shown["clientId"].as_str(), shown["apiKey"].as_str()), ("y", ""));
    }

    #[test]
    fn settings_are_bounded() {
        let long = ("a".to_owned(), "x".repeat(MAX_TEXT_LENGTH + 1));
        assert!(check([(&long.0, &long.1)]).is_err());
        let many: Attributes = (0..=MAX_SETTINGS).map(|n| (n.to_string(), String::new())).collect();
        assert!(check(&many).is_err());
        assert!(check(many.iter().skip(1)).is_ok());
    }
}
