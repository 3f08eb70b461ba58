//! The settings of clients as data, by what they are for, with the values that are safe (RFC 9700).
//!
//! What the server keeps for Keycloak's sake without acting on it is not asked for.

use model::client::Client;

use crate::settings::{Field, Kind, Section};

const MINUTE: i64 = 60;

/// Signatures with key pairs.
const SIGNATURES: &[(&str, &str)] = &[
    ("", "As the realm"),
    ("ES256", "ES256"),
    ("ES384", "ES384"),
    ("ES512", "ES512"),
    ("EdDSA", "EdDSA"),
    ("PS256", "PS256"),
    ("PS384", "PS384"),
    ("PS512", "PS512"),
    ("RS256", "RS256"),
    ("RS384", "RS384"),
    ("RS512", "RS512"),
];
const KEY_MANAGEMENT: &[(&str, &str)] = &[
    ("", "Not encrypted"),
    ("ECDH-ES", "ECDH-ES"),
    ("ECDH-ES+A128KW", "ECDH-ES+A128KW"),
    ("ECDH-ES+A192KW", "ECDH-ES+A192KW"),
    ("ECDH-ES+A256KW", "ECDH-ES+A256KW"),
    ("RSA-OAEP-256", "RSA-OAEP-256"),
    ("RSA-OAEP", "RSA-OAEP"),
];
const ENCRYPTION: &[(&str, &str)] = &[
    ("", "A128CBC-HS256 (usual)"),
    ("A128CBC-HS256", "A128CBC-HS256"),
    ("A192CBC-HS384", "A192CBC-HS384"),
    ("A256CBC-HS512", "A256CBC-HS512"),
    ("A128GCM", "A128GCM"),
    ("A192GCM", "A192GCM"),
    ("A256GCM", "A256GCM"),
];

fn naming() -> Section {
    Section::new(
        "naming",
        "Names",
        "",
        vec![
            Field::text("clientId", "Client ID").required().help(
                "What the application calls itself in requests. If you change it, change it in the application too.",
            ),
            Field::text("name", "Name").help("What people read on the login page and in their account."),
            Field::text("description", "Description").help("For administrators."),
        ],
    )
}

/// The first page of an application.
pub(super) fn application(client: &Client) -> Vec<Section> {
    let redirects = Section::new(
        "addresses",
        "Addresses",
        "Where browsers may come back to. What isn't listed here is refused.",
        vec![
            Field::new("redirectUris", "Redirect URIs", Kind::Many).help(
                "One per line: where a browser comes back to after the login. Written in full they are compared letter \
                 by letter; http://127.0.0.1 stands for any port. A * at the end lets in everything that begins so, \
                 which is less safe.",
            ),
            Field::new("attributes.post.logout.redirect.uris", "Addresses after a logout", Kind::Many)
                .help("One per line. A + stands for the redirect URIs, a - for none. Empty is as with +."),
            Field::new("webOrigins", "Web origins", Kind::Many).help(
                "One per line: the origins of pages whose scripts may call this server, such as \
                 https://app.example.org. A + stands for the origins of the redirect URIs. Only single-page \
                 applications need any.",
            ),
            Field::text("rootUrl", "Root URL").help("What addresses that begin with a slash are below."),
            Field::text("baseUrl", "Home page").help("Where links back to the application lead."),
        ],
    );
    vec![naming(), redirects, ways(client), consent(), logout(), shown()]
}

fn ways(client: &Client) -> Section {
    let mut fields = vec![
        Field::switch("publicClient", "It can't keep a secret (public client)").help(
            "For applications that run in people's browsers or on their devices. Others prove who they are: see \
             Credentials.",
        ),
        Field::switch("standardFlowEnabled", "People log in through the browser, with a code")
            .help("The usual way for everything that has people (authorization code flow)."),
        Field::choice(
            "attributes.pkce.code.challenge.method",
            "Proof Key for Code Exchange (PKCE)",
            &[
                ("", "As the application likes; needed of public clients"),
                ("S256", "Always, S256"),
                ("plain", "Always, plain"),
            ],
        )
        .absent("")
        .safe("S256", "A stolen code is of no use to anybody else."),
        Field::switch("implicitFlowEnabled", "Tokens come in the address (implicit flow)")
            .safe(false, "Addresses end up in histories and logs, and tokens with them."),
        Field::switch("directAccessGrantsEnabled", "The application takes passwords itself (direct access grants)")
            .safe(
                false,
                "Passwords belong on this server's login page alone; nothing beyond a password works this way.",
            ),
        Field::switch("serviceAccountsEnabled", "It acts for itself (service account)")
            .help("It gets tokens without anybody logging in, as a user of its own. Public clients can't."),
        Field::switch("attributes.oauth2.device.authorization.grant.enabled", "People log in on another device")
            .help("For devices without a browser: they show a code, which people type on their phone."),
    ];
    if !client.settings.public_client {
        fields.push(
            Field::switch("attributes.standard.token.exchange.enabled", "It may exchange tokens")
                .help("For services that call others on behalf of the person whose token they got (RFC 8693)."),
        );
    }
    fields.push(
        Field::switch("bearerOnly", "It only checks tokens (bearer only)")
            .help("For services that never start a login and get no tokens themselves."),
    );
    Section::new("login", "How it gets tokens", "Turn on what the application needs, and nothing else.", fields)
}

fn consent() -> Section {
    Section::new(
        "consent",
        "Consent",
        "For applications of others: people are asked once what the application may know and do.",
        vec![
            Field::switch("consentRequired", "Ask people for their consent"),
            Field::switch("attributes.display.on.consent.screen", "Name the application itself among what is asked"),
            Field::text("attributes.consent.screen.text", "What is asked then"),
            Field::text("attributes.policyUri", "Privacy policy").help("Linked from the page that asks."),
            Field::text("attributes.tosUri", "Terms of service").help("Linked from the page that asks."),
        ],
    )
}

fn logout() -> Section {
    Section::new(
        "logout",
        "Logout",
        "How the application hears that a session has ended, so that it ends its own.",
        vec![
            Field::new("attributes.backchannel.logout.url", "Tell it here, from server to server", Kind::Url).help(
                "It gets a signed logout token by POST (OpenID Connect Back-Channel Logout). The more reliable way.",
            ),
            Field::switch("attributes.backchannel.logout.session.required", "Name the session")
                .absent("true")
                .help("Without it, all sessions of the person are meant."),
            Field::switch("attributes.backchannel.logout.revoke.offline.tokens", "It is to forget offline access too"),
            Field::switch("frontchannelLogout", "Tell it through the browser")
                .help("The person's browser loads the address below while they log out."),
            Field::new("attributes.frontchannel.logout.url", "Address that the browser loads", Kind::Url),
            Field::switch("attributes.frontchannel.logout.session.required", "Name the session and this server")
                .absent("true"),
        ],
    )
}

fn shown() -> Section {
    Section::new(
        "shown",
        "How it is shown",
        "",
        vec![
            Field::text("attributes.logoUri", "Logo").help("Shown where people are asked for their consent."),
            Field::switch("alwaysDisplayInConsole", "Always listed in people's account"),
            Field::new("attributes.initiate.login.uri", "Where others begin a login", Kind::Url)
                .help("A page of the application that starts a login at once."),
        ],
    )
}

/// What few applications need.
pub(super) fn advanced() -> Vec<Section> {
    vec![lifetimes(), signatures(), requests(), compatibility()]
}

fn lifetimes() -> Section {
    Section::new(
        "lifetimes",
        "How long things last",
        "Left empty, the realm's settings count.",
        vec![
            Field::duration("attributes.access.token.lifespan", "Access tokens last", 1)
                .help("Services that check tokens by themselves honour a stolen one for so long: minutes are enough."),
            Field::duration("attributes.client.session.idle.timeout", "Refresh tokens: when not used for", 0),
            Field::duration("attributes.client.session.max.lifespan", "Refresh tokens: in any case after", 0),
            Field::duration("attributes.client.offline.session.idle.timeout", "Offline access: when not used for", 0),
            Field::duration("attributes.client.offline.session.max.lifespan", "Offline access: in any case after", 0),
            Field::switch("attributes.use.refresh.tokens", "It gets refresh tokens").absent("true"),
            Field::duration("attributes.oauth2.device.code.lifespan", "Codes for other devices last", 1),
            Field::duration("attributes.oauth2.device.polling.interval", "Devices ask every", 1),
        ],
    )
}

fn signatures() -> Section {
    Section::new(
        "signatures",
        "Signatures and encryption",
        "Change these only if the application can't do what the realm does.",
        vec![
            Field::choice("attributes.access.token.signed.response.alg", "Access tokens are signed with", SIGNATURES)
                .absent(""),
            Field::choice("attributes.id.token.signed.response.alg", "ID tokens are signed with", SIGNATURES)
                .absent(""),
            Field::choice("attributes.id.token.encrypted.response.alg", "ID tokens are encrypted", KEY_MANAGEMENT)
                .absent("")
                .help("To a key of the application: see Keys."),
            Field::choice("attributes.id.token.encrypted.response.enc", "\u{2026} with", ENCRYPTION).absent(""),
            Field::choice(
                "attributes.user.info.response.signature.alg",
                "Answers of userinfo",
                &[&[("", "Not signed: plain JSON")], SIGNATURES.get(1..).unwrap_or_default()].concat(),
            )
            .absent(""),
            Field::choice(
                "attributes.user.info.encrypted.response.alg",
                "Answers of userinfo are encrypted",
                KEY_MANAGEMENT,
            )
            .absent(""),
            Field::choice("attributes.user.info.encrypted.response.enc", "\u{2026} with", ENCRYPTION).absent(""),
            Field::switch(
                "attributes.client.use.lightweight.access.token.enabled",
                "Access tokens carry neither roles nor personal data",
            )
            .help("For services that ask this server about each token instead (introspection)."),
        ],
    )
}

fn requests() -> Section {
    let mut objects = vec![("", "Any that this server knows"), ("none", "None (not signed)")];
    objects.extend(["ES256", "ES384", "ES512", "EdDSA", "PS256", "RS256"].map(|name| (name, name)));
    Section::new(
        "requests",
        "Requests",
        "How the application begins a login.",
        vec![
            Field::switch("attributes.require.pushed.authorization.requests", "It has to push its requests").help(
                "It sends them from server to server first, and the browser carries a reference only (RFC 9126).",
            ),
            Field::choice(
                "attributes.request.object.required",
                "Request objects",
                &[
                    ("", "As the application likes"),
                    ("not required", "As the application likes"),
                    ("request or request_uri", "Always"),
                    ("request only", "Always, in the request"),
                    ("request_uri only", "Always, by an address"),
                ],
            )
            .absent("")
            .help("A request as a signed token (RFC 9101)."),
            Field::choice("attributes.request.object.signature.alg", "They are signed with", &objects).absent(""),
            Field::new("attributes.request.uris", "Addresses of request objects", Kind::Many)
                .help("One per line, in full."),
            Field::duration("attributes.default.max.age", "People log in again after", 0)
                .help("If the application doesn't say. Left empty, a running session is enough."),
        ],
    )
}

fn compatibility() -> Section {
    Section::new(
        "compatibility",
        "Compatibility",
        "For applications that stumble over newer parts of the standards.",
        vec![
            Field::switch("attributes.exclude.issuer.from.auth.response", "Leave out who answers (iss)").safe(
                false,
                "With it, applications that use several servers can't be confused about which one answered.",
            ),
            Field::switch("attributes.exclude.session.state.from.auth.response", "Leave out session_state"),
            Field::text("adminUrl", "Admin URL")
                .help("Where adapters of Keycloak take orders. Only old libraries have one."),
        ],
    )
}

/// How a client proves who it is.
pub(super) fn credentials() -> Vec<Section> {
    let mut assertions = vec![("", "Any that this server knows")];
    assertions.extend(["ES256", "ES384", "ES512", "EdDSA", "PS256", "PS384", "PS512"].map(|name| (name, name)));
    assertions.extend(["RS256", "RS384", "RS512", "HS256", "HS384", "HS512"].map(|name| (name, name)));
    vec![Section::new(
        "authenticator",
        "How the application proves who it is",
        "",
        vec![
            Field::choice(
                "clientAuthenticatorType",
                "It proves it with",
                &[
                    ("client-jwt", "A token that it signs with its private key"),
                    ("client-secret", "A secret"),
                    ("client-secret-jwt", "A token that it signs with its secret"),
                ],
            )
            .safe("client-jwt", "A private key never leaves the application; a secret is known to both sides."),
            Field::choice(
                "attributes.client.secret.authentication.allowed.method",
                "The secret comes",
                &[
                    ("", "In the header or in the body"),
                    ("client_secret_basic", "In the header Authorization"),
                    ("client_secret_post", "In the body"),
                ],
            )
            .absent("")
            .help("Counts only if it proves itself with a secret."),
            Field::choice("attributes.token.endpoint.auth.signing.alg", "Its tokens are signed with", &assertions)
                .absent("")
                .help("Counts only if it signs tokens."),
        ],
    )]
}

/// Where the keys of an application are.
pub(super) fn keys() -> Vec<Section> {
    vec![Section::new(
        "source",
        "Where its keys are",
        "The application signs with a private key; this server needs the public one.",
        vec![
            Field::switch("attributes.use.jwks.url", "Fetch them from the application")
                .help("So it can change its keys by itself."),
            Field::new("attributes.jwks.url", "Address of its keys (JWKS)", Kind::Url)
                .help("Must begin with https and be on the public internet, unless the realm allows its network."),
        ],
    )]
}

/// The settings of a registry.
pub(super) fn registry() -> Vec<Section> {
    let algorithms = [("", "RS256 (usual)"), ("RS256", "RS256"), ("RS384", "RS384"), ("RS512", "RS512")];
    let further = [("ES256", "ES256"), ("EdDSA", "EdDSA (not for registry 2.8)")];
    let mut naming = naming();
    if let Some(id) = naming.fields.first_mut() {
        id.label = "Service name";
        id.help =
            "What the registry calls itself: \u{201c}service\u{201d} in its configuration. Change it in both places.";
    }
    naming.fields.push(
        Field::new("attributes.docker.services", "Further service names", Kind::Many)
            .help("One per line: other registries that these permissions hold for."),
    );
    let tokens = Section::new(
        "tokens",
        "Tokens",
        "What docker gets from this server and shows to the registry.",
        vec![
            Field::duration("attributes.access.token.lifespan", "Tokens last", MINUTE)
                .help("From one minute to a day; fifteen minutes if left empty. A stolen one is good for so long."),
            Field::duration("attributes.docker.identity.token.lifespan", "A login lasts", 0)
                .help("What docker login keeps instead of the password. 0: it keeps the password; empty: 90 days."),
            Field::choice(
                "attributes.access.token.signed.response.alg",
                "They are signed with",
                &[&algorithms[..], &further[..]].concat(),
            )
            .absent(""),
            Field::choice(
                "attributes.docker.token.header",
                "They name their key by",
                &[
                    ("", "A certificate (usual; every registry)"),
                    ("x5c", "A certificate (every registry)"),
                    ("libtrust", "Docker's libtrust id"),
                    ("thumbprint", "Its thumbprint (registry 3)"),
                ],
            )
            .absent(""),
        ],
    );
    vec![naming, tokens]
}
