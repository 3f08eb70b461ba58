//! Which addresses are the public internet's.
//!
//! After the registries of special-purpose addresses (RFC 6890, RFC 8190 and what was registered since). What is not
//! known to be public is not called.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// IPv4 ranges that are somebody's own, somebody else's on purpose, or nobody's: first address and prefix.
const NOT_PUBLIC_V4: [([u8; 4], u32); 15] = [
    ([0, 0, 0, 0], 8),       // this network; 0.0.0.0 reaches the machine itself (RFC 791)
    ([10, 0, 0, 0], 8),      // private (RFC 1918)
    ([100, 64, 0, 0], 10),   // carrier-grade NAT (RFC 6598)
    ([127, 0, 0, 0], 8),     // loopback (RFC 1122)
    ([169, 254, 0, 0], 16),  // link-local (RFC 3927): here the metadata of cloud machines is
    ([172, 16, 0, 0], 12),   // private (RFC 1918)
    ([192, 0, 0, 0], 24),    // protocol assignments (RFC 6890)
    ([192, 0, 2, 0], 24),    // documentation (RFC 5737)
    ([192, 88, 99, 0], 24),  // relays of 6to4, given up (RFC 7526)
    ([192, 168, 0, 0], 16),  // private (RFC 1918)
    ([198, 18, 0, 0], 15),   // benchmarks (RFC 2544)
    ([198, 51, 100, 0], 24), // documentation (RFC 5737)
    ([203, 0, 113, 0], 24),  // documentation (RFC 5737)
    ([224, 0, 0, 0], 4),     // multicast (RFC 5771)
    ([240, 0, 0, 0], 4),     // reserved, and broadcast (RFC 1112)
];

/// Parts of 2000::/3 that aren't public.
const NOT_PUBLIC_V6: [([u16; 2], u32); 3] = [
    ([0x2001, 0x0000], 23), // protocol assignments (RFC 2928), among them Teredo, which hides an IPv4 address
    ([0x2001, 0x0db8], 32), // documentation (RFC 3849)
    ([0x3fff, 0x0000], 20), // documentation (RFC 9637)
];

/// Whether this address belongs to the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let number = u32::from(address);
    !NOT_PUBLIC_V4.iter().any(|(network, prefix)| (number ^ u32::from(Ipv4Addr::from(*network))) >> (32 - prefix) == 0)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, third, fourth, fifth, sixth, seventh, eighth] = address.segments();
    match (first, second) {
        // 6to4 (RFC 3056): whoever routes it sends it to the IPv4 address within.
        (0x2002, _) => is_public_v4(embedded(second, third)),
        // NAT64 (RFC 6052): machines without IPv4 see the whole IPv4 internet behind this prefix.
        (0x0064, 0xff9b) if [third, fourth, fifth, sixth] == [0; 4] => is_public_v4(embedded(seventh, eighth)),
        // Only 2000::/3 is given out (RFC 4291, section 2.4). Outside are loopback, unspecified, unique local,
        // link-local, site-local, multicast, and the forms that write an IPv4 address.
        _ => {
            let start = u32::from(first) << 16 | u32::from(second);
            let excepted = |([one, two], prefix): &([u16; 2], u32)| {
                (start ^ (u32::from(*one) << 16 | u32::from(*two))) >> (32 - prefix) == 0
            };
            first >> 13 == 0b001 && !NOT_PUBLIC_V6.iter().any(excepted)
        }
    }
}

fn embedded(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(high) << 16 | u32::from(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(text: &str) -> bool {
        is_public(text.parse().unwrap())
    }

    /// First and last address of each range, and their neighbours outside.
    #[test]
    fn ranges_begin_and_end_where_they_are_registered() {
        for (inside, outside) in [
            (["0.0.0.0", "0.255.255.255"], vec!["1.0.0.0"]),
            (["10.0.0.0", "10.255.255.255"], vec!["9.255.255.255", "11.0.0.0"]),
            (["100.64.0.0", "100.127.255.255"], vec!["100.63.255.255", "100.128.0.0"]),
            (["127.0.0.0", "127.255.255.255"], vec!["126.255.255.255", "128.0.0.0"]),
            (["169.254.0.0", "169.254.255.255"], vec!["169.253.255.255", "169.255.0.0"]),
            (["172.16.0.0", "172.31.255.255"], vec!["172.15.255.255", "172.32.0.0"]),
            (["192.0.0.0", "192.0.0.255"], vec!["191.255.255.255", "192.0.1.0"]),
            (["192.0.2.0", "192.0.2.255"], vec!["192.0.1.255", "192.0.3.0"]),
            (["192.88.99.0", "192.88.99.255"], vec!["192.88.98.255", "192.88.100.0"]),
            (["192.168.0.0", "192.168.255.255"], vec!["192.167.255.255", "192.169.0.0"]),
            (["198.18.0.0", "198.19.255.255"], vec!["198.17.255.255", "198.20.0.0"]),
            (["198.51.100.0", "198.51.100.255"], vec!["198.51.99.255", "198.51.101.0"]),
            (["203.0.113.0", "203.0.113.255"], vec!["203.0.112.255", "203.0.114.0"]),
            (["224.0.0.0", "255.255.255.255"], vec!["223.255.255.255"]),
            (["::", "::1"], vec!["2a00::1"]),
            (["::2", "1fff:ffff::"], vec!["2000::", "2600::1"]),
            (["2001::", "2001:1ff:ffff::"], vec!["2000:ffff::", "2001:200::", "2001:4860:4860::8888"]),
            (["2001:db8::", "2001:db8:ffff:ffff::"], vec!["2001:db7:ffff::", "2001:db9::"]),
            (["3fff::", "3fff:fff:ffff::"], vec!["3fff:1000::", "3ffe:ffff::"]),
            (["4000::", "fbff:ffff::"], vec!["3ffe::"]),
            (["fc00::", "fdff:ffff::"], vec![]),
            (["fe80::1", "febf::1"], vec![]),
            (["fec0::1", "feff::1"], vec![]),
            (["ff00::", "ffff:ffff::"], vec![]),
        ] {
            for inside in inside {
                assert!(!public(inside), "{inside}");
            }
            for outside in outside {
                assert!(public(outside), "{outside}");
            }
        }
    }

    #[test]
    fn an_ipv4_address_counts_in_whatever_form_it_is_written() {
        for v4 in ["127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "0.0.0.0", "8.8.8.8"] {
            let [a, b, c, d] = v4.parse::<Ipv4Addr>().unwrap().octets();
            let expected = v4 == "8.8.8.8";
            for form in
                [format!("::ffff:{v4}"), format!("64:ff9b::{v4}"), format!("2002:{a:02x}{b:02x}:{c:02x}{d:02x}::1")]
            {
                assert_eq!(public(&form), expected, "{form}");
            }
            // Forms that nobody routes to the internet: compatible, translated, local NAT64, Teredo.
            for form in [
                format!("::{v4}"),
                format!("::ffff:0:{v4}"),
                format!("64:ff9b:1::{v4}"),
                format!("64:ff9b:0:1::{v4}"),
                format!("2001:0:{a:02x}{b:02x}:{c:02x}{d:02x}::1"),
            ] {
                assert!(!public(&form), "{form}");
            }
        }
    }
}
