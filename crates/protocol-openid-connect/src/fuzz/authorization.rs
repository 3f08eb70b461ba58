//! The authorization endpoint: parameters, redirect URIs, request objects.

use std::collections::{BTreeMap, BTreeSet};

use jose::{UnsecuredToken, UnverifiedToken};
use login::browser::BrowserReply;
use model::{protocol_mapper::ProtocolMapper, subject::Subject};
use serde_json::{Map, Value};
use url::{Host, Url, form_urlencoded};

use super::scene::{CALLBACK, CHALLENGE, CLIENT, HERE, ISSUER, NOW, client, config};
use crate::{
    authorize::{
        AuthorizationRequest, ResponseMode, ResponseType, claims_parameter::essential_acr, object, read,
        respond::Destination, wanted_subject,
    },
    claims::{ClaimMapper, Facts, RoleScope, Target, build, protected},
    form::Form,
    prepared, redirect_uri as uris,
    scope::Scopes,
};

/// A request that is good but for what follows it.
fn good_request() -> String {
    format!("client_id={CLIENT}&redirect_uri={CALLBACK}&code_challenge={CHALLENGE}&code_challenge_method=S256&nonce=n&")
}

/// Any bytes as parameters, for a client whose switches the first byte says.
pub fn authorization_request(data: &[u8]) {
    let Some((switches, query)) = data.split_first() else { return };
    let good = good_request();
    for query in [
        query.to_vec(),
        [good.as_bytes(), query].concat(),
        [good.as_bytes(), b"response_type=code&scope=openid&", query].concat(),
        [good.as_bytes(), b"response_type=code+id_token&scope=openid+phone&prompt=", query].concat(),
    ] {
        if let Ok(form) = Form::parse(&query) {
            asked(*switches, &form);
        }
    }
}

fn asked(switches: u8, form: &Form) {
    let config = config(switches);
    let target = (CALLBACK.to_owned(), true);
    let outcome = read::request(&config, form, target, false);
    let issuer = Some(ISSUER.to_owned());
    let destination = |mode, state| Destination { redirect_uri: CALLBACK.to_owned(), mode, state, issuer };
    let reply = match outcome {
        Err(error) => destination(ResponseMode::Query, None).error(&error),
        Ok(asked) => {
            let settings = &config.client.settings;
            let (kind, front) = (asked.response_type, asked.response_type.is_front_channel());
            assert_eq!(ResponseType::parse(&kind.text()), Some(kind));
            assert!(!front || settings.implicit_flow_enabled);
            assert!(settings.standard_flow_enabled || (front && !kind.code));
            assert!(!(front && asked.response_mode == ResponseMode::Query));
            assert!(!(kind.id_token && asked.nonce.is_none()));
            // RFC 9700 section 2.1.1.
            assert!(!(kind.code && settings.public_client && asked.code_challenge.is_none()));
            assert!(!(asked.prompts("none") && asked.prompt.len() > 1));
            assert!(asked.max_age.is_none_or(|seconds| seconds >= 0));
            assert!(!config.client.attributes.contains_key("require.pushed.authorization.requests"));
            // It travels with the browser and comes back the same.
            let text = serde_json::to_string(&asked).unwrap_or_default();
            let again =
                serde_json::from_str::<AuthorizationRequest>(&text).map(|again| serde_json::to_string(&again).ok());
            assert_eq!(again.ok().flatten(), Some(text));
            destination(asked.response_mode, asked.state).reply(vec![("code", "x".to_owned())])
        }
    };
    match reply {
        BrowserReply::Redirect(to) => {
            assert!(to.starts_with(CALLBACK) && to.bytes().all(|byte| byte.is_ascii_graphic()), "{to}");
        }
        BrowserReply::PostForm { action, .. } => assert_eq!(action, CALLBACK),
    }
}

/// Any text as `scope`, and a second line as the scope of an earlier token.
pub fn scope(text: &str) {
    let (wanted, had) = text.split_once('\n').unwrap_or((text, "openid profile phone"));
    let prepared = prepared::of(&config(0));
    if let Ok(scopes) = Scopes::granted(&prepared, Some(wanted)) {
        let text = scopes.text();
        let again = Scopes::granted(&prepared, Some(&text)).map(|scopes| scopes.text());
        assert_eq!(again.as_deref(), Ok(text.as_str()));
    }
    let Ok(all) = Scopes::narrowed(&prepared, had, None) else { return };
    if let Ok(fewer) = Scopes::narrowed(&prepared, had, Some(wanted)) {
        let all: BTreeSet<_> = all.scopes().map(|scope| &scope.name).collect();
        assert!(fewer.scopes().all(|scope| all.contains(&scope.name)), "{fewer:?} of {all:?}");
    }
}

/// A line as redirect URI, the further ones as those that are registered.
pub fn redirect_uri(text: &str) {
    let mut lines = text.split('\n');
    let given = lines.next().unwrap_or_default();
    let registered: Vec<_> = lines.map(str::to_owned).collect();
    let settings = client(0).settings;
    if uris::matches_any(&registered, &settings, HERE, given) {
        assert!(given.len() <= uris::MAX_LENGTH && !given.contains(['#', '\\']));
        assert!(Url::parse(given).is_ok());
    }
    for (registered, starts, varying_port) in [
        ("https://app.example/cb", "https://app.example/cb", false),
        ("https://app.example/cb/*", "https://app.example/cb/", false),
        ("/own/*", "https://id.example/own/", false),
        ("http://127.0.0.1/cb", "http://127.0.0.1/cb", true),
        ("http://[::1]:8080/cb/*", "http://[::1]/cb/", true),
        ("org.example.app:/*", "org.example.app:/", false),
    ] {
        for given in [given.to_owned(), format!("{starts}{given}"), registered.replace('*', given)] {
            if !uris::matches_any(&[registered.to_owned()], &settings, HERE, &given) {
                continue;
            }
            let read = (Url::parse(&given), Url::parse(starts));
            assert!(read.0.is_ok(), "{registered} lets {given} in, which nobody can read");
            let (Ok(given), Ok(mut wanted)) = read else { continue };
            assert_eq!(
                (given.scheme(), given.host_str()),
                (wanted.scheme(), wanted.host_str()),
                "{registered} {given}"
            );
            assert!(given.username().is_empty() && given.password().is_none(), "{registered} {given}");
            if varying_port {
                assert!(matches!(given.host(), Some(Host::Ipv4(_) | Host::Ipv6(_))));
                let _ = wanted.set_port(given.port());
            }
            assert_eq!(given.port(), wanted.port(), "{registered} {given}");
            // A browser, which resolves dots, stays below as well.
            assert!(given.path().starts_with(wanted.path()), "{registered} {given}");
        }
    }
}

/// Any text as `claims`: what is asked for never writes a claim that says who somebody is.
pub fn claims_parameter(text: &str) {
    for text in [text.to_owned(), format!(r#"{{"id_token":{text},"userinfo":{text}}}"#)] {
        let form = format!("{}response_type=code&scope=openid&claims={}", good_request(), encoded(&text));
        let Ok(form) = Form::parse(form.as_bytes()) else { return };
        let Ok(asked) = read::request(&config(0), &form, (CALLBACK.to_owned(), true), false) else { continue };
        let parameter = asked.claims.as_ref();
        let _ = wanted_subject(parameter);
        let _ = essential_acr(parameter);
        let (client, roles, notes) = (client(0), BTreeSet::new(), BTreeMap::new());
        let subject =
            Subject { username: "jane".to_owned(), email: Some("jane@example.org".to_owned()), ..Subject::default() };
        let facts = Facts {
            client: &client,
            subject: &subject,
            role_scope: RoleScope::of(&client, &roles),
            group_attributes: &[],
            created: None,
            notes: &notes,
            session: None,
            auth_time: None,
            acr: None,
            amr: &[],
            nonce: None,
            claims_parameter: parameter,
        };
        let mapper = |kind: &str, claim: &str| ProtocolMapper {
            id: model::id::MapperId(kind.to_owned()),
            name: kind.to_owned(),
            protocol: "openid-connect".to_owned(),
            kind: kind.to_owned(),
            config: [("claim.name", claim), ("id.token.claim", "true"), ("userinfo.token.claim", "true")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        };
        let mappers =
            [mapper("oidc-claims-param-token-mapper", ""), mapper("oidc-claims-param-value-idtoken-mapper", "sub")];
        let mappers = ClaimMapper::parse_all(&mappers);
        for target in [Target::Id, Target::UserInfo, Target::Access] {
            let mut claims = Map::new();
            build(&mappers, &facts, target, &mut claims);
            for name in claims.keys() {
                assert!(protected::may_write(name, protected::Source::User), "{name} of {text}");
            }
        }
    }
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Any text as request object, and as the claims of one that is verified.
pub fn request_object(text: &str) {
    let _ = UnsecuredToken::parse(text);
    let _ = UnverifiedToken::parse(text);
    let Ok(claims) = serde_json::from_str::<Value>(text) else { return };
    if object::check_claims(&claims, CLIENT, ISSUER, NOW).is_ok() {
        for name in ["iss", "client_id"] {
            assert!(claims.get(name).is_none_or(|value| value == CLIENT));
        }
    }
    if let Ok(form) = object::to_form(CLIENT, &claims) {
        assert_eq!(form.get("client_id"), Some(CLIENT));
        for name in ["request", "request_uri", "iss", "aud", "exp"] {
            assert_eq!(form.get(name), None);
        }
        asked(!0b1_0010, &form);
    }
}
