//! Which addresses may be called: the public internet's, and those of further networks that a realm names.

use std::net::IpAddr;

use model::network::{Network, NotANetwork};
use url::{Host, Url};

use crate::{ranges::is_public, refused::Refused};

/// The longest address that is called, in bytes.
pub const MAX_URL: usize = 2_048;
/// The most networks that a policy may name.
pub const MAX_NETWORKS: usize = 64;

/// Which addresses may be called: public ones over `https`, and those in the networks named here over `http` too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressPolicy {
    networks: Vec<Network>,
}

impl AddressPolicy {
    /// The public internet, over `https`.
    #[must_use]
    pub fn public_only() -> Self {
        Self::default()
    }

    /// The public internet and these networks, in CIDR notation with commas between them, such as
    /// `127.0.0.0/8,::1/128`.
    ///
    /// # Errors
    /// If a part is no range of addresses, or there are more than [`MAX_NETWORKS`].
    pub fn parse(text: &str) -> Result<Self, NotANetwork> {
        let mut networks = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let network = part.parse()?;
            if networks.len() == MAX_NETWORKS {
                return Err(NotANetwork::new(format!("{part} and what follows it")));
            }
            networks.push(network);
        }
        Ok(Self { networks })
    }

    /// The policy of a realm whose attribute has this value. A value that can't be read allows nothing more.
    #[must_use]
    pub fn of_attribute(value: Option<&str>) -> Self {
        Self::parse(value.unwrap_or_default()).unwrap_or_default()
    }

    /// Reads an address and refuses it if it can be seen without asking for its name that it may not be called. To be
    /// asked when an address is registered; the client asks it again, and checks what the name stands for, at each call.
    ///
    /// # Errors
    /// If it is no address, or not one that may be called.
    pub fn check(&self, url: &str) -> Result<Url, Refused> {
        if url.len() > MAX_URL {
            return Err(Refused::NoAddress);
        }
        // The URL standard's parser brings every way to write an IP address (decimal, octal, hexadecimal, short) into
        // the one form that is compared here and called later.
        let url = match Url::parse(url) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => url,
            Ok(_) => return Err(Refused::Scheme),
            Err(error) => {
                tracing::debug!(%error, "no address");
                return Err(Refused::NoAddress);
            }
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refused::Credentials);
        }
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) => None,
            None => return Err(Refused::NoAddress),
        };
        let filter = self.filter(&url);
        match literal {
            Some(address) => filter.check(address)?,
            // Nothing that a name may stand for could be called.
            None if !filter.public && filter.networks.is_empty() => return Err(Refused::Plain),
            None => {}
        }
        Ok(url)
    }

    /// What is allowed for the scheme of this address.
    pub(crate) fn filter(&self, url: &Url) -> Filter {
        self.filter_for(url.scheme() == "https")
    }

    /// What is allowed where TLS says who answers, or doesn't.
    pub(crate) fn filter_for(&self, encrypted: bool) -> Filter {
        Filter { networks: self.networks.clone(), public: encrypted }
    }
}

/// Which IP addresses may be called for one scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    networks: Vec<Network>,
    /// Without TLS nobody knows who answers, so only networks that were named may be called without.
    public: bool,
}

impl Filter {
    /// Refuses an address that may not be called.
    pub fn check(&self, address: IpAddr) -> Result<(), Refused> {
        if self.networks.iter().any(|network| network.contains(address)) {
            return Ok(());
        }
        match (is_public(address), self.public) {
            (true, true) => Ok(()),
            (true, false) => Err(Refused::Plain),
            (false, _) => Err(Refused::Internal),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_read_and_bounded() {
        let policy = AddressPolicy::parse(" 127.0.0.0/8, ::1/128,,10.0.0.1 ").unwrap();
        assert_eq!(policy.networks.len(), 3);
        assert_eq!(AddressPolicy::parse("").unwrap(), AddressPolicy::public_only());
        for wrong in ["localhost", "10.0.0.0/33", "127.0.0.0/8;::1"] {
            assert!(AddressPolicy::parse(wrong).is_err(), "{wrong}");
            assert_eq!(AddressPolicy::of_attribute(Some(wrong)), AddressPolicy::public_only());
        }
        assert!(AddressPolicy::parse(&"10.0.0.1,".repeat(MAX_NETWORKS)).is_ok());
        assert!(AddressPolicy::parse(&"10.0.0.1,".repeat(MAX_NETWORKS + 1)).is_err());
    }

    #[test]
    fn what_is_wrong_with_an_address_is_seen_without_calling_it() {
        let public = AddressPolicy::public_only();
        for (url, refused) in [
            ("", Refused::NoAddress),
            ("jwks.json", Refused::NoAddress),
            ("https://", Refused::NoAddress),
            ("https://[::1", Refused::NoAddress),
            ("https://a b/", Refused::NoAddress),
            ("https://10.0.0.1.300/", Refused::NoAddress),
            ("ftp://rp.example/", Refused::Scheme),
            ("file:///etc/passwd", Refused::Scheme),
            ("javascript:alert(1)", Refused::Scheme),
            ("gopher://127.0.0.1:6379/_x", Refused::Scheme),
            ("https://name@rp.example/", Refused::Credentials),
            ("https://:password@rp.example/", Refused::Credentials),
            ("https://rp.example:password@127.0.0.1/", Refused::Credentials),
            ("http://rp.example/jwks", Refused::Plain),
            ("http://8.8.8.8/jwks", Refused::Plain),
            ("http://127.0.0.1/jwks", Refused::Internal),
            ("https://127.0.0.1/jwks", Refused::Internal),
        ] {
            assert_eq!(public.check(url), Err(refused), "{url}");
        }
        assert_eq!(public.check(&format!("https://rp.example/{}", "x".repeat(MAX_URL))), Err(Refused::NoAddress));
        for url in
            ["https://rp.example/jwks?x=1#y", "https://8.8.8.8/", "https://[2a00::1]:8443/", "HTTPS://RP.Example"]
        {
            assert!(public.check(url).is_ok(), "{url}");
        }
        let inside = AddressPolicy::parse("127.0.0.0/8").unwrap();
        for url in ["http://127.0.0.1:1/", "https://127.9.9.9/", "http://localhost/", "https://rp.example/"] {
            assert!(inside.check(url).is_ok(), "{url}");
        }
        assert_eq!(inside.check("http://[::1]/"), Err(Refused::Internal));
        assert_eq!(inside.check("http://8.8.8.8/"), Err(Refused::Plain));
    }
}
