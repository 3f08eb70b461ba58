//! The kinds of applications, and what is safe for each (RFC 9700, RFC 8252, RFC 8628): everybody who logs in through a
//! browser does so by a code with PKCE, to addresses that are registered in full.

use model::client::Client;
use representation::{ClientRepresentation, Masked};

/// A kind of application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A web application with a server of its own.
    Web,
    /// A web application that is nothing but a page.
    Browser,
    /// An application on a phone or a computer.
    Native,
    /// A program that works for itself.
    Service,
    /// A program without a browser.
    Device,
}

impl Kind {
    /// All of them.
    pub(crate) const ALL: [Self; 5] = [Self::Web, Self::Browser, Self::Native, Self::Service, Self::Device];

    /// The word for it in addresses and forms.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Browser => "browser",
            Self::Native => "native",
            Self::Service => "service",
            Self::Device => "device",
        }
    }

    /// The kind of this word.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == text)
    }

    /// What people call it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Web => "Web application with a server",
            Self::Browser => "Single-page application",
            Self::Native => "Mobile or desktop application",
            Self::Service => "Service without people",
            Self::Device => "Device or command line",
        }
    }

    /// How to tell.
    pub(crate) fn help(self) -> &'static str {
        match self {
            Self::Web => {
                "Pages are made on a server, which can keep a secret: Spring, .NET, Django, Rails, Express, PHP, or a proxy in front."
            }
            Self::Browser => {
                "JavaScript in the browser calls services by itself, and no server of yours takes part in the login: React, Vue, Angular."
            }
            Self::Native => {
                "It is installed on people's own phones or computers: Android, iOS, Electron, a desktop program."
            }
            Self::Service => {
                "It acts for itself and nobody logs in: a nightly job, a server that calls another one, a build pipeline."
            }
            Self::Device => {
                "It has no browser or no keyboard, so people log in on their phone or computer instead: a television, a printer, a program in a terminal."
            }
        }
    }

    /// People come back to it by a redirect.
    pub(crate) fn has_redirects(self) -> bool {
        matches!(self, Self::Web | Self::Browser | Self::Native)
    }

    /// A redirect URI of the usual form.
    pub(crate) fn example(self) -> &'static str {
        match self {
            Self::Native => "org.example.app:/callback",
            _ => "https://app.example.org/callback",
        }
    }

    /// Redirect URIs of the usual forms, each with what it is for.
    pub(crate) fn examples(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Web => &[
                ("https://app.example.org/login/oauth2/code/portcullis", "Spring Boot"),
                ("https://app.example.org/signin-oidc", ".NET"),
                ("https://app.example.org/oauth2/callback", "oauth2-proxy"),
                ("http://127.0.0.1:8080/callback", "on your own computer, while you develop"),
            ],
            Self::Browser => &[
                ("https://app.example.org/", "the page itself"),
                ("http://127.0.0.1:5173/", "on your own computer, while you develop"),
            ],
            Self::Native => &[
                ("https://app.example.org/app/callback", "a link that the system gives to the application: the safest"),
                ("org.example.app:/callback", "a scheme of your own: a domain of yours, turned round"),
                ("http://127.0.0.1/callback", "a desktop program that listens: any port will do"),
            ],
            Self::Service | Self::Device => &[],
        }
    }

    /// What is set for an application of this kind, in sentences.
    pub(crate) fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Web => &[
                "It gets a secret, which stays on its server.",
                "Logins carry a code challenge (PKCE, S256), so that a stolen code is of no use.",
                "No tokens in addresses (implicit flow), and it never sees a password (direct access grants).",
            ],
            Self::Browser => &[
                "It has no secret, since everybody can read what is in a page.",
                "Logins carry a code challenge (PKCE, S256) instead.",
                "Pages from the origins of the redirect URIs may call this server, and no others.",
            ],
            Self::Native => &[
                "It has no secret, since everybody can read what is in an installed program.",
                "Logins carry a code challenge (PKCE, S256) instead.",
                "People log in in their own browser, and the application never sees a password.",
            ],
            Self::Service => {
                &["It gets a secret and a user of its own, to whom you give roles.", "Nobody can log in to it."]
            }
            Self::Device => &[
                "It has no secret, and nobody is sent to it by a browser.",
                "It shows a code, which people type on a page of this server.",
            ],
        }
    }

    /// The settings that are safe for it.
    pub(crate) fn safe(self) -> ClientRepresentation {
        let (public, redirects) = (matches!(self, Self::Browser | Self::Native | Self::Device), self.has_redirects());
        let mut attributes = model::Attributes::new();
        if redirects {
            attributes.insert("pkce.code.challenge.method".to_owned(), "S256".to_owned());
        }
        if self == Self::Device {
            attributes.insert("oauth2.device.authorization.grant.enabled".to_owned(), "true".to_owned());
        }
        ClientRepresentation {
            protocol: Some(model::client::OPENID_CONNECT.to_owned()),
            public_client: Some(public),
            bearer_only: Some(false),
            standard_flow_enabled: Some(redirects),
            implicit_flow_enabled: Some(false),
            direct_access_grants_enabled: Some(false),
            service_accounts_enabled: Some(self == Self::Service),
            web_origins: Some(if self == Self::Browser { vec!["+".to_owned()] } else { Vec::new() }),
            attributes: Some(Masked::new(attributes)),
            ..ClientRepresentation::default()
        }
    }

    /// The kind that an existing client seems to be. None for one that only checks tokens.
    pub(crate) fn of(client: &Client) -> Option<Self> {
        let settings = &client.settings;
        let installed = |uri: &String| !uri.starts_with("http") || uri.starts_with("http://127.0.0.1");
        let logs_in = settings.standard_flow_enabled || settings.implicit_flow_enabled;
        match (settings.bearer_only, settings.public_client) {
            (true, _) => None,
            (false, true) if !logs_in => Some(Self::Device),
            (false, true) if settings.redirect_uris.iter().any(installed) && settings.web_origins.is_empty() => {
                Some(Self::Native)
            }
            (false, true) => Some(Self::Browser),
            (false, false) if logs_in => Some(Self::Web),
            (false, false) => Some(Self::Service),
        }
    }
}
