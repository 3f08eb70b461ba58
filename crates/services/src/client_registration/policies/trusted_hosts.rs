//! Which callers and which addresses of clients are trusted.
//!
//! Names are never looked up, in neither direction: whoever runs a name server could otherwise decide who is trusted. A
//! caller is compared with the addresses and networks of the list, the host in an address with its names as well.

use std::{net::IpAddr, str::FromStr};

use model::network::Network;
use url::Url;

/// A host, or several, that an administrator trusts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Host {
    /// An address or a range of addresses.
    Network(Network),
    /// One name, in lower case.
    Name(String),
    /// What ends in this, such as `.example.org`, in lower case.
    Below(String),
    /// The machine itself.
    Localhost,
    /// Nobody.
    #[default]
    Nobody,
}

/// A text that names no host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotAHost;

impl FromStr for Host {
    type Err = NotAHost;

    fn from_str(text: &str) -> Result<Self, NotAHost> {
        if let Ok(network) = text.trim().parse() {
            return Ok(Self::Network(network));
        }
        let name = text.trim().trim_end_matches('.').to_ascii_lowercase();
        let (below, labels) = match name.strip_prefix("*.") {
            Some(labels) => (true, labels),
            None => (false, name.as_str()),
        };
        let fits = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        if labels.len() > 253 || !labels.split('.').all(fits) {
            return Err(NotAHost);
        }
        Ok(match (below, labels) {
            (true, labels) => Self::Below(format!(".{labels}")),
            (false, "localhost") => Self::Localhost,
            (false, labels) => Self::Name(labels.to_owned()),
        })
    }
}

impl Host {
    fn is_address(&self, address: IpAddr) -> bool {
        match self {
            Self::Network(network) => network.contains(address),
            Self::Localhost => address.to_canonical().is_loopback(),
            Self::Name(_) | Self::Below(_) | Self::Nobody => false,
        }
    }

    fn is_name(&self, name: &str) -> bool {
        match self {
            Self::Name(own) => own == name,
            Self::Below(end) => name.ends_with(end.as_str()),
            Self::Localhost => name == "localhost",
            Self::Network(_) | Self::Nobody => false,
        }
    }
}

/// The policy.
#[derive(Clone, Debug, Default)]
pub(super) struct TrustedHosts {
    /// Who is trusted.
    pub hosts: Vec<Host>,
    /// Callers have to be.
    pub callers: bool,
    /// The hosts in addresses of clients have to be.
    pub addresses: bool,
}

impl TrustedHosts {
    /// Whether a caller from this address may come in.
    pub fn trusts_caller(&self, address: Option<&str>) -> bool {
        let known = || address.and_then(|text| text.parse::<IpAddr>().ok());
        !self.callers || known().is_some_and(|address| self.hosts.iter().any(|host| host.is_address(address)))
    }

    /// Whether a client may have this absolute address. One without a host is nobody's.
    pub fn trusts_address(&self, address: &str) -> bool {
        if !self.addresses {
            return true;
        }
        // The URL standard's parser brings every way to write an IP address into one form, and names into lower case.
        match Url::parse(address).as_ref().map(Url::host) {
            Ok(Some(url::Host::Domain(name))) => {
                let name = name.trim_end_matches('.').to_ascii_lowercase();
                self.hosts.iter().any(|host| host.is_name(&name))
            }
            Ok(Some(url::Host::Ipv4(address))) => self.hosts.iter().any(|host| host.is_address(address.into())),
            Ok(Some(url::Host::Ipv6(address))) => self.hosts.iter().any(|host| host.is_address(address.into())),
            Ok(None) | Err(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(hosts: &[&str]) -> TrustedHosts {
        let hosts = hosts.iter().map(|text| text.parse().unwrap()).collect();
        TrustedHosts { hosts, callers: true, addresses: true }
    }

    #[test]
    fn nobody_is_trusted_by_an_empty_list() {
        let policy = policy(&[]);
        assert!(!policy.trusts_caller(Some("127.0.0.1")));
        assert!(!policy.trusts_caller(None));
        assert!(!policy.trusts_address("https://app.example.org/"));
        let off = TrustedHosts::default();
        assert!(off.trusts_caller(None) && off.trusts_address("anything"));
    }

    #[test]
    fn callers_are_compared_by_address() {
        let policy = policy(&["10.1.0.0/16", "2001:db8::1", "app.example.org", "*.example.com"]);
        for inside in ["10.1.2.3", "::ffff:10.1.2.3", "2001:db8::1"] {
            assert!(policy.trusts_caller(Some(inside)), "{inside}");
        }
        for outside in ["10.2.0.1", "127.0.0.1", "::1", "app.example.org", "", "10.1.2.3.example.com"] {
            assert!(!policy.trusts_caller(Some(outside)), "{outside}");
        }
        assert!(self::policy(&["localhost"]).trusts_caller(Some("127.0.0.1")));
        assert!(!self::policy(&["localhost"]).trusts_caller(Some("10.0.0.1")));
    }

    #[test]
    fn addresses_are_compared_by_host() {
        let policy = policy(&["App.Example.org", "*.example.com", "192.0.2.0/24"]);
        for inside in [
            "https://app.example.org/cb",
            "https://APP.EXAMPLE.ORG.:8443/cb",
            "https://a.b.example.com/",
            "http://192.0.2.7/",
            "http://0xC0000207/",
        ] {
            assert!(policy.trusts_address(inside), "{inside}");
        }
        for outside in [
            "https://example.com/",
            "https://app.example.org.evil.example/",
            "https://evilexample.com/",
            "https://app.example.org@evil.example/",
            "https://evil.example/?app.example.org",
            "com.example.app:/cb",
            "/relative",
            "http://192.0.3.7/",
            "*",
            "",
        ] {
            assert!(!policy.trusts_address(outside), "{outside}");
        }
    }

    #[test]
    fn what_names_no_host_is_refused() {
        for text in ["", "*", "*.", "a..b", "https://a.example", "a b", "10.0.0.0/33", "*.*.example", "é.example"] {
            assert_eq!(text.parse::<Host>(), Err(NotAHost), "{text}");
        }
    }
}
