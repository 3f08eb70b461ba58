//! Applications that exchange their refresh tokens, each of them once.

use std::collections::VecDeque;

use tests::bench::{load::Client, message::Answer};

use crate::{
    browser::Session,
    scene::{client_post, member},
};

/// Refresh tokens that are exchanged one after the other.
pub struct Refreshing(VecDeque<(&'static str, String)>);

impl Refreshing {
    /// Divides the sessions' tokens among so many connections, or fewer if there aren't enough.
    pub fn clients<'a>(sessions: impl Iterator<Item = &'a Session>, connections: usize) -> Vec<Self> {
        let mut clients: Vec<_> = (0..connections).map(|_| Self(VecDeque::new())).collect();
        for (number, session) in sessions.enumerate() {
            let client = clients.get_mut(number % connections).expect("a connection");
            client.0.push_back((session.app, session.refresh_token.clone()));
        }
        clients.retain(|client| !client.0.is_empty());
        clients
    }
}

impl Client for Refreshing {
    fn next(&mut self, request: &mut Vec<u8>) {
        let (app, token) = self.0.front().expect("a session");
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        request.extend(client_post(app, "token", &form));
    }

    fn answered(&mut self, answer: &Answer<'_>) -> bool {
        let token = member(answer.expect(200).body, "refresh_token").to_owned();
        let (app, _) = self.0.pop_front().expect("the token that was sent");
        self.0.push_back((app, token));
        true
    }
}
