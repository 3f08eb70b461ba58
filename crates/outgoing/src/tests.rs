//! What is called and what isn't, against listening sockets.

mod attack_55;
mod peer;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use peer::{Peer, authority, names};

use super::*;

const MAX: usize = 1_000;

fn client() -> Client {
    Client::new(None).unwrap()
}

fn loopback() -> AddressPolicy {
    AddressPolicy::parse("127.0.0.0/8,::1").unwrap()
}

#[tokio::test]
async fn an_allowed_address_is_read_to_its_bound() {
    let peer = Peer::answering("200 OK", "Content-Type: application/json; charset=utf-8\r\n", &"x".repeat(MAX));
    let fetched = client().get(&peer.url("http", "127.0.0.1"), &loopback(), MAX).await.unwrap();
    assert_eq!(fetched.content_type.as_deref(), Some("application/json; charset=utf-8"));
    assert_eq!(fetched.body.len(), MAX);
    let [request] = &peer.requests()[..] else { panic!() };
    let head = request.to_lowercase();
    assert!(head.starts_with("get /path?query "), "{head}");
    for absent in ["referer", "cookie", "accept-encoding", "authorization"] {
        assert!(!head.contains(absent), "{head}");
    }
    assert_eq!(
        client().get(&peer.url("http", "127.0.0.1"), &loopback(), MAX - 1).await,
        Err(Refused::TooLarge(MAX - 1))
    );
}

#[tokio::test]
async fn an_answer_without_a_length_is_bounded_too_and_half_an_answer_is_none() {
    let broken = Peer::answering("200 OK", "Transfer-Encoding: chunked\r\n", "400\r\n");
    assert_eq!(client().get(&broken.url("http", "127.0.0.1"), &loopback(), MAX).await, Err(Refused::Unreadable));
    let body = format!("400\r\n{}\r\n400\r\n{0}\r\n0\r\n\r\n", "x".repeat(0x400));
    let chunked = Peer::answering("200 OK", "Transfer-Encoding: chunked\r\n", &body);
    assert_eq!(client().get(&chunked.url("http", "127.0.0.1"), &loopback(), MAX).await, Err(Refused::TooLarge(MAX)));
    assert_eq!(client().get(&chunked.url("http", "127.0.0.1"), &loopback(), 0x800).await.unwrap().body.len(), 0x800);
}

#[tokio::test]
async fn a_form_is_posted_and_its_status_told() {
    let peer = Peer::answering("400 Bad Request", "", "secret of the other side");
    let status = client().post_form(&peer.url("http", "127.0.0.1"), &loopback(), &[("logout_token", "a.b&c")]).await;
    assert_eq!(status, Ok(400));
    let [request] = &peer.requests()[..] else { panic!() };
    assert!(request.starts_with("POST /path?query "), "{request}");
    assert!(request.to_lowercase().contains("content-type: application/x-www-form-urlencoded"), "{request}");
    assert!(request.ends_with("\r\n\r\nlogout_token=a.b%26c"), "{request}");
    let refused = client().get(&peer.url("http", "127.0.0.1"), &loopback(), MAX).await.unwrap_err();
    assert_eq!(refused.to_string(), "it answered with status 400");
}

#[tokio::test]
async fn json_is_posted_with_its_headers() {
    let peer = Peer::answering("204 No Content", "", "");
    let headers = [("webhook-id", "one".to_owned())];
    let url = peer.url("http", "127.0.0.1");
    assert_eq!(client().post_json(&url, &loopback(), &headers, "{}".to_owned()).await, Ok(204));
    let refused = client().post_json(&url, &AddressPolicy::public_only(), &headers, "{}".to_owned()).await;
    assert_eq!(refused, Err(Refused::Internal));
    let [request] = &peer.requests()[..] else { panic!() };
    let head = request.to_lowercase();
    assert!(head.contains("content-type: application/json") && head.contains("webhook-id: one"), "{head}");
    assert!(request.ends_with("\r\n\r\n{}"), "{request}");
}

#[tokio::test]
async fn nobody_there_and_no_such_name_are_told_apart() {
    let port = Peer::closed_port();
    let refused = client().get(&format!("http://127.0.0.1:{port}/"), &loopback(), MAX).await;
    assert_eq!(refused, Err(Refused::NoConnection));
    let nowhere = Client::with_names(None, names([Err(std::io::ErrorKind::NotFound)])).unwrap();
    assert_eq!(nowhere.get("https://rp.example/", &loopback(), MAX).await, Err(Refused::UnknownHost));
    let empty = Client::with_names(None, names([Ok("")])).unwrap();
    assert_eq!(empty.get("https://rp.example/", &loopback(), MAX).await, Err(Refused::UnknownHost));
}

#[tokio::test(start_paused = true)]
async fn somebody_who_never_answers_is_not_waited_for() {
    let peer = Peer::silent();
    assert_eq!(client().get(&peer.url("http", "127.0.0.1"), &loopback(), MAX).await, Err(Refused::TimedOut));
}

#[tokio::test]
async fn what_is_no_http_is_told() {
    let peer = Peer::saying("+PONG\r\n");
    assert_eq!(client().get(&peer.url("http", "127.0.0.1"), &loopback(), MAX).await, Err(Refused::Unreadable));
}

#[tokio::test]
async fn certificates_are_believed_by_the_anchors_that_were_given() {
    let (anchor, config) = authority("localhost");
    let peer = Peer::with_tls(config);
    let url = peer.url("https", "localhost");
    let trusting = Client::new(Some(&anchor)).unwrap();
    assert_eq!(trusting.get(&url, &loopback(), MAX).await.unwrap().body, b"hello");
    assert_eq!(client().get(&url, &loopback(), MAX).await, Err(Refused::NoConnection));
    // for another name
    assert_eq!(trusting.get(&peer.url("https", "127.0.0.1"), &loopback(), MAX).await, Err(Refused::NoConnection));
    assert!(matches!(Client::new(Some(b"")), Err(BadTrust::Empty)));
    assert!(matches!(Client::new(Some(b"no PEM")), Err(BadTrust::Empty)));
    let broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(matches!(Client::new(Some(broken)), Err(BadTrust::Certificate(_))));
    assert!(matches!(Client::new(Some(b"-----BEGIN CERTIFICATE-----\n?\n")), Err(BadTrust::Pem(_))));
}

/// A connection that one realm's policy allowed is not there for another realm.
#[tokio::test]
async fn connections_are_kept_apart_by_policy() {
    let peer = Peer::answering("200 OK", "", "hello");
    let client = client();
    let url = peer.url("http", "localhost");
    for _ in 0..3 {
        assert!(client.get(&url, &loopback(), MAX).await.is_ok());
    }
    assert_eq!(peer.connections(), 1, "connections are kept");
    assert_eq!(client.get(&url, &AddressPolicy::parse("10.0.0.0/8").unwrap(), MAX).await, Err(Refused::Internal));
    assert_eq!(client.get(&url, &AddressPolicy::public_only(), MAX).await, Err(Refused::Plain));
    assert_eq!(peer.requests().len(), 3);
    // more policies than are kept
    for number in 0..40 {
        let policy = AddressPolicy::parse(&format!("127.0.0.0/8,::1,10.0.0.{number}")).unwrap();
        assert!(client.get(&url, &policy, MAX).await.is_ok());
    }
    assert_eq!(peer.connections(), 41);
}
