//! What each kind of identity provider is asked for.

use services::identity_providers::kinds::{self, SAML, Speaks};

use crate::settings::{Field, Kind, Section};

/// The name of a kind.
pub(super) fn name(id: &str) -> &str {
    kinds::find(id).map_or(id, |kind| kind.name)
}

/// What a kind is good for, in a sentence.
pub(super) fn help(kind: &kinds::Kind) -> &'static str {
    match kind.speaks {
        Speaks::OpenIdConnect => {
            "Any server that speaks OpenID Connect. Its addresses are read from its discovery address."
        }
        Speaks::OAuth => "A server that speaks OAuth 2.0 and tells who somebody is at an address of its own.",
        Speaks::Saml => "A server that speaks SAML 2.0, as many companies have it.",
        Speaks::Social => "Accounts of this service. Register an application there to get a client id and a secret.",
    }
}

/// Whether a kind publishes its addresses.
pub(super) fn is_discovered(id: &str) -> bool {
    kinds::find(id).is_some_and(|kind| kind.speaks == Speaks::OpenIdConnect)
}

fn url(name: &'static str, label: &'static str) -> Field {
    Field::new(name, label, Kind::Url)
}

/// The sections of a provider of this kind.
pub(super) fn sections(id: &str, new: bool) -> Vec<Section> {
    let speaks = kinds::find(id).map(|kind| kind.speaks);
    let mut sections = vec![Section::new(
        "general",
        "General",
        "",
        vec![
            Field::text("alias", "Alias")
                .help("It is part of addresses, and of the redirect URI that the provider is told. It stays.")
                .required()
                .fixed(!new),
            Field::text("displayName", "Name shown to people").help("Empty is the alias."),
            Field::switch("enabled", "In use"),
            Field::switch("hideOnLogin", "Leave it out on the login page")
                .help("It is used only where an application asks for it."),
            Field::number("config.guiOrder", "Place on the login page", 0, 10_000).help("Lower ones come first."),
        ],
    )];
    let client = |mut more: Vec<Field>| {
        let mut fields = vec![
            Field::text("config.clientId", "Client id").help("What the provider calls this server.").required(),
            Field::new("config.clientSecret", "Client secret", Kind::Secret)
                .help("It is kept encrypted, and has to be given anew if the provider's addresses change."),
        ];
        fields.append(&mut more);
        Section::new("client", "This server, as the provider knows it", "", fields)
    };
    let scope = || Field::text("config.defaultScope", "Scopes to ask for").help("With spaces between them.");
    match speaks {
        Some(Speaks::OpenIdConnect) => {
            sections.push(Section::new(
                "addresses",
                "Addresses of the provider",
                "",
                vec![
                    Field::text("config.issuer", "Issuer").help("Tokens of others are refused."),
                    url("config.authorizationUrl", "Authorization address").required(),
                    url("config.tokenUrl", "Token address").required(),
                    url("config.userInfoUrl", "User info address"),
                    url("config.logoutUrl", "Logout address"),
                    url("config.jwksUrl", "Address of its keys"),
                ],
            ));
            sections.push(client(vec![
                Field::choice(
                    "config.clientAuthMethod",
                    "How it proves who it is",
                    &[
                        ("client_secret_post", "Secret in the form"),
                        ("client_secret_basic", "Secret in the header"),
                        ("client_secret_jwt", "Signed with the secret"),
                        ("private_key_jwt", "Signed with a key of the realm"),
                    ],
                )
                .absent("client_secret_post")
                .safe("private_key_jwt", "Then no secret is shared that could leak on either side."),
                scope(),
            ]));
            sections.push(Section::new(
                "checks",
                "What is checked",
                "",
                vec![
                    Field::switch("config.validateSignature", "Signatures of its tokens")
                        .safe(true, "Else whoever can speak for the token address says who somebody is."),
                    Field::switch("config.useJwksUrl", "Fetch its keys from their address")
                        .safe(true, "Then the provider can exchange its keys."),
                    Field::switch("config.pkceEnabled", "PKCE").safe(true, "A stolen code is worthless."),
                    Field::choice("config.pkceMethod", "PKCE's method", &[("S256", "S256"), ("plain", "plain")])
                        .absent("S256")
                        .safe("S256", "The other shows the secret on the way."),
                    Field::switch("config.disableUserInfo", "Never ask for user info"),
                ],
            ));
        }
        Some(Speaks::OAuth) => {
            sections.push(Section::new(
                "addresses",
                "Addresses of the provider",
                "",
                vec![
                    url("config.authorizationUrl", "Authorization address").required(),
                    url("config.tokenUrl", "Token address").required(),
                    url("config.userInfoUrl", "User info address").required(),
                ],
            ));
            sections.push(client(vec![scope()]));
        }
        Some(Speaks::Saml) => sections.push(Section::new(
            "saml",
            "SAML",
            "",
            vec![
                Field::text("config.entityId", "Entity id of this server").help("Empty is the realm's address."),
                Field::text("config.idpEntityId", "Entity id of the provider"),
                url("config.singleSignOnServiceUrl", "Login address").required(),
                url("config.singleLogoutServiceUrl", "Logout address"),
                Field::new("config.signingCertificate", "Certificate of the provider", Kind::LongText)
                    .help("One or several, as PEM without its first and last line."),
                Field::switch("config.validateSignature", "Check its signatures")
                    .safe(true, "Else anybody can say who somebody is."),
                Field::switch("config.wantAssertionsSigned", "Assertions have to be signed")
                    .safe(true, "Else anybody can say who somebody is."),
                Field::switch("config.wantAuthnRequestsSigned", "Sign requests to it"),
                Field::switch("config.postBindingAuthnRequest", "Send requests as forms"),
                Field::switch("config.postBindingResponse", "Answers come as forms"),
            ],
        )),
        Some(Speaks::Social) | None => sections.push(client(vec![scope()])),
    }
    let mut login = vec![
        Field::switch("trustEmail", "Believe its e-mail addresses")
            .help("They count as verified.")
            .safe(false, "Whoever can choose an address there could take over the account that has it here."),
        Field::switch("linkOnly", "Only link accounts").help("Nobody logs in for the first time with it."),
        Field::switch("storeToken", "Keep its tokens")
            .safe(false, "They are worth stealing, and few applications need them."),
        Field::text("firstBrokerLoginFlowAlias", "Flow at the first login").help("Empty is the realm's."),
        Field::choice(
            "config.syncMode",
            "When mappers act",
            &[("IMPORT", "At the first login"), ("FORCE", "At every login"), ("LEGACY", "As each mapper is used to")],
        )
        .absent("LEGACY"),
    ];
    if id != SAML {
        login.push(
            Field::switch("config.filteredByClaim", "Only people with a certain claim")
                .help("Name and value of the claim below."),
        );
        login.push(Field::text("config.claimFilterName", "That claim"));
        login.push(Field::text("config.claimFilterValue", "Its value"));
    }
    sections.push(Section::new("login", "Logins through it", "", login));
    sections
}
