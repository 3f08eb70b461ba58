//! The claims that registries look at.

use serde_json::Value;

use super::RegistryVersion;

/// How far clocks may differ, in seconds.
const LEEWAY: i64 = 60;

/// Checks issuer, audience, times and the form of `access`.
pub(super) fn check(
    version: RegistryVersion,
    claims: &Value,
    issuer: &str,
    service: &str,
    now: i64,
) -> Result<(), String> {
    if !claims.is_object() {
        return Err("the claims are no object".to_owned());
    }
    if claims["iss"] != issuer {
        return Err(format!("iss is {}, not {issuer}", claims["iss"]));
    }
    audience(version, &claims["aud"], service)?;
    for name in ["sub", "jti"] {
        if !(claims[name].is_null() || claims[name].is_string()) {
            return Err(format!("{name} is no text"));
        }
    }
    let (expiry, not_before) = (time(claims, "exp")?, time(claims, "nbf")?);
    let _ = time(claims, "iat")?;
    if now > expiry + LEEWAY {
        return Err("it has expired".to_owned());
    }
    if now < not_before - LEEWAY {
        return Err("it is not valid yet".to_owned());
    }
    access(&claims["access"])
}

fn audience(version: RegistryVersion, given: &Value, service: &str) -> Result<(), String> {
    let good = match given {
        Value::String(one) => one == service,
        // Registry 2.8 can't even read a list.
        Value::Array(many) => version != RegistryVersion::V2_8 && many.iter().any(|one| one == service),
        _ => false,
    };
    if good { Ok(()) } else { Err(format!("aud is {given}, not {service}")) }
}

/// Seconds since 1970; a missing time is 0, and anything but an integer can't be read.
fn time(claims: &Value, name: &str) -> Result<i64, String> {
    match &claims[name] {
        Value::Null => Ok(0),
        given => given.as_i64().ok_or_else(|| format!("{name} is no integer")),
    }
}

fn access(given: &Value) -> Result<(), String> {
    let is_text = |value: &Value| value.is_null() || value.is_string();
    match given {
        Value::Null => Ok(()),
        Value::Array(entries) => {
            for entry in entries {
                // Not even `null`: that ends the request in every version.
                let good = entry.is_object()
                    && ["type", "class", "name"].iter().all(|name| is_text(&entry[*name]))
                    && (entry["actions"].is_null()
                        || entry["actions"].as_array().is_some_and(|actions| actions.iter().all(Value::is_string)));
                if !good {
                    return Err(format!("access holds {entry}"));
                }
            }
            Ok(())
        }
        other => Err(format!("access is {other}")),
    }
}
