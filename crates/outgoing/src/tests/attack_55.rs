//! Attack 55: an address of a client that leads inside. Every way to write or to hide one, times both schemes and both
//! kinds of request; the sockets that would be reached see no connection.

use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};

use super::*;

/// Sockets on every address of this machine, with one port.
struct Trap(Vec<TcpListener>, u16);

impl Trap {
    fn set() -> Self {
        let v4 = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
        let port = v4.local_addr().unwrap().port();
        // A machine without IPv6 can't be reached that way either.
        let v6 = TcpListener::bind((Ipv6Addr::UNSPECIFIED, port)).ok();
        let listeners: Vec<_> = std::iter::once(v4).chain(v6).collect();
        for listener in &listeners {
            listener.set_nonblocking(true).unwrap();
        }
        Self(listeners, port)
    }

    /// A connection that somebody made waits in the queue, whether or not they waited for it.
    #[track_caller]
    fn untouched(&self, by: &str) {
        for listener in &self.0 {
            let error = listener.accept().expect_err(by);
            assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock, "{by}");
        }
    }
}

/// Addresses that are inside, as an IP address is usually written.
const INSIDE: [&str; 25] = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fec0::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
];

/// Every way to write this address as the host of a URL.
fn spellings(address: &str) -> Vec<String> {
    let Ok(v4) = address.parse::<Ipv4Addr>() else {
        let v6: Ipv6Addr = address.parse().unwrap();
        let long: Vec<String> = v6.segments().iter().map(|part| format!("{part:04X}")).collect();
        return vec![format!("[{v6}]"), format!("[{}]", long.join(":"))];
    };
    let [a, b, c, d] = v4.octets();
    let number = u32::from(v4);
    vec![
        format!("{v4}"),
        format!("{v4}."),
        format!("{number}"),
        format!("{number:#x}"),
        format!("0{number:o}"),
        format!("{a:#x}.{b:#x}.{c:#x}.{d:#x}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("{a}.{b:#x}.{}", u32::from(c) << 8 | u32::from(d)),
        format!("{a}.{}", number & 0x00ff_ffff),
        // percent-encoded and full-width digits, which the URL standard brings back
        format!("%3{}{}", &a.to_string()[..1], &v4.to_string()[1..]),
        v4.to_string().replace('.', "\u{3002}"),
        v4.to_string()
            .chars()
            .map(|sign| {
                char::from_digit(sign.to_digit(10).unwrap_or(99), 10)
                    .map_or('.', |digit| char::from_u32(0xff10 + u32::from(digit) - 0x30).unwrap())
            })
            .collect(),
        format!("[::ffff:{v4}]"),
        format!("[::ffff:{:x}:{:x}]", number >> 16, number & 0xffff),
        format!("[::{v4}]"),
        format!("[::ffff:0:{v4}]"),
        format!("[64:ff9b::{v4}]"),
        format!("[64:ff9b:1::{v4}]"),
        format!("[2002:{:x}:{:x}::1]", number >> 16, number & 0xffff),
        format!("[2001:0:{:x}:{:x}::1]", number >> 16, number & 0xffff),
    ]
}

async fn refused(client: &Client, url: &str, policy: &AddressPolicy) -> [Refused; 2] {
    [
        client.get(url, policy, MAX).await.expect_err(url),
        client.post_form(url, policy, &[("logout_token", "x")]).await.expect_err(url),
    ]
}

#[tokio::test]
async fn attack_55_an_address_inside_is_not_called_however_it_is_written() {
    let trap = Trap::set();
    let (client, port) = (client(), trap.1);
    // What one realm allows is no other realm's, and an allowed network allows nothing beside it.
    let policies = [AddressPolicy::public_only(), AddressPolicy::parse("10.11.12.0/24,fd12::/64").unwrap()];
    let mut tried = 0;
    for host in INSIDE.iter().flat_map(|address| spellings(address)) {
        for (scheme, policy) in
            [("http", &policies[0]), ("https", &policies[0]), ("http", &policies[1]), ("https", &policies[1])]
        {
            let url = format!("{scheme}://{host}:{port}/jwks");
            assert_eq!(refused(&client, &url, policy).await, [Refused::Internal; 2], "{url}");
            trap.untouched(&url);
            tried += 1;
        }
    }
    assert_eq!(tried, (18 * 20 + 7 * 2) * 4);
}

#[tokio::test]
async fn attack_55_a_name_that_stands_for_an_address_inside_is_not_called() {
    let trap = Trap::set();
    let port = trap.1;
    for address in INSIDE {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://rp.example:{port}/jwks");
            // twice, because a client that was kept must ask again
            let client = Client::with_names(None, names([Ok(address), Ok(address)])).unwrap();
            let policy = AddressPolicy::parse("10.11.12.0/24").unwrap();
            assert_eq!(refused(&client, &url, &policy).await, [Refused::Internal; 2], "{address}");
            trap.untouched(address);
        }
    }
    // names of this machine
    for host in ["localhost", "LOCALHOST", "localhost."] {
        let url = format!("https://{host}:{port}/");
        let refusals = refused(&client(), &url, &AddressPolicy::public_only()).await;
        assert!(refusals.iter().all(|refused| matches!(refused, Refused::Internal | Refused::UnknownHost)), "{url}");
        trap.untouched(&url);
    }
}

/// A name that stands for an allowed address when it is asked for first, and for one inside after that.
#[tokio::test]
async fn attack_55_a_name_that_changes_its_address_is_called_where_it_was_checked() {
    let trap = Trap::set();
    let peer = Peer::answering("200 OK", "Connection: close\r\n", "hello");
    let policy = AddressPolicy::parse("127.0.0.1").unwrap();
    let client =
        Client::with_names(None, names([Ok("127.0.0.1"), Ok("127.0.0.2"), Ok("127.0.0.2 127.0.0.1")])).unwrap();
    // one look-up per request: there is none between the check and the connection
    assert!(client.get(&peer.url("http", "rp.example"), &policy, MAX).await.is_ok());
    let url = format!("http://rp.example:{}/", trap.1);
    assert_eq!(client.get(&url, &policy, MAX).await, Err(Refused::Internal));
    trap.untouched(&url);
    // of several addresses only the allowed ones are tried
    assert!(client.get(&peer.url("http", "rp.example"), &policy, MAX).await.is_ok());
    assert_eq!(peer.requests().len(), 2);
}

#[tokio::test]
async fn attack_55_a_redirect_to_inside_is_not_followed() {
    let trap = Trap::set();
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let location = format!("Location: http://127.0.0.1:{}/\r\n", trap.1);
        let peer = Peer::answering(status, &location, "");
        let url = peer.url("http", "127.0.0.1");
        let code: u16 = status[..3].parse().unwrap();
        assert_eq!(client().get(&url, &loopback(), MAX).await, Err(Refused::Status(code)));
        assert_eq!(client().post_form(&url, &loopback(), &[]).await, Ok(code));
        assert_eq!(peer.requests().len(), 2);
        trap.untouched(status);
    }
}

/// A proxy of the environment would call what we may not.
#[tokio::test]
async fn attack_55_other_ways_out_are_closed() {
    let trap = Trap::set();
    let port = trap.1;
    for url in [
        format!("gopher://127.0.0.1:{port}/"),
        format!("ftp://127.0.0.1:{port}/"),
        format!("ws://127.0.0.1:{port}/"),
        format!("unix://127.0.0.1:{port}/"),
        format!("data:text/plain,127.0.0.1:{port}"),
        format!("//127.0.0.1:{port}/"),
        format!("https://rp.example@127.0.0.1:{port}/"),
        format!("https://rp.example:x@127.0.0.1:{port}/"),
        format!("https:\\\\127.0.0.1:{port}\\@rp.example/"),
        format!("https:127.0.0.1:{port}/"),
        format!("\t https://127.0.0.1:{port}/\r\n"),
        format!("https://127.0.0.1:{port}\u{0}/"),
        format!("https://[::1%25lo]:{port}/"),
    ] {
        refused(&client(), &url, &AddressPolicy::public_only()).await;
        trap.untouched(&url);
    }
}
