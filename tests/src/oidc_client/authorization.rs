//! Authorization requests, and what an application is told in the end.

use url::{Url, form_urlencoded};

use super::random_text;
use crate::user_agent::Arrival;

/// The parameters of an authorization request, in their order.
#[derive(Clone, Debug, Default)]
pub struct AuthorizationRequest {
    /// The parameters.
    pub parameters: Vec<(String, String)>,
}

impl AuthorizationRequest {
    /// The usual parameters: `openid`, a state and a nonce.
    #[must_use]
    pub fn new(client_id: &str, redirect_uri: &str, response_type: &str) -> Self {
        Self::default()
            .with("client_id", client_id)
            .with("redirect_uri", redirect_uri)
            .with("scope", "openid")
            .with("state", &random_text(16))
            .with("nonce", &random_text(16))
            .with("response_type", response_type)
    }

    /// The request with this value of a parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        match self.parameters.iter_mut().find(|(given, _)| given == name) {
            Some((_, given)) => value.clone_into(given),
            None => self.parameters.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// The request without a parameter.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.parameters.retain(|(given, _)| given != name);
        self
    }

    /// The request with its parameters in the opposite order.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        self.parameters.reverse();
        self
    }

    /// A parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// Its URL at this endpoint.
    ///
    /// # Panics
    /// If the endpoint is no URL.
    #[must_use]
    pub fn url(&self, endpoint: &str) -> String {
        let mut url: Url = endpoint.parse().expect("a URL");
        url.query_pairs_mut().extend_pairs(&self.parameters);
        url.into()
    }
}

/// How an application is told something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// In the query of the redirect.
    Query,
    /// In the fragment of the redirect.
    Fragment,
    /// In a form that the browser sends.
    Form,
}

/// What an application was told.
#[derive(Clone, Debug)]
pub struct AuthorizationResponse {
    /// In which way.
    pub channel: Channel,
    /// The parameters.
    pub parameters: Vec<(String, String)>,
    /// The pairs of the query that are none of the parameters.
    pub other_query: Vec<(String, String)>,
    /// The address without query and fragment.
    pub endpoint: String,
}

impl AuthorizationResponse {
    /// Reads what has arrived at an application whose redirect URI is `redirect_uri`.
    ///
    /// # Panics
    /// If there is more than one channel with something in it.
    #[must_use]
    pub fn read(arrival: &Arrival, redirect_uri: &str) -> Self {
        let own: Vec<_> = Url::parse(redirect_uri).expect("a URL").query_pairs().into_owned().collect();
        let (query, mut further): (Vec<_>, Vec<_>) =
            arrival.url.query_pairs().into_owned().partition(|pair| own.contains(pair));
        let other_query = query;
        let fragment =
            arrival.url.fragment().map(|text| form_urlencoded::parse(text.as_bytes()).into_owned().collect());
        let (channel, parameters) = match (&arrival.form, fragment) {
            (Some(form), None) => (Channel::Form, form.clone()),
            (None, Some(fragment)) => (Channel::Fragment, fragment),
            (None, None) => (Channel::Query, std::mem::take(&mut further)),
            (Some(_), Some(_)) => panic!("a form and a fragment: {arrival:?}"),
        };
        assert!(further.is_empty(), "beside the {channel:?} there is a query: {arrival:?}");
        let mut names: Vec<_> = parameters.iter().map(|(name, _)| name).collect();
        names.sort();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "a parameter twice: {arrival:?}");
        let mut endpoint = arrival.url.clone();
        endpoint.set_query(None);
        endpoint.set_fragment(None);
        Self { channel, parameters, other_query, endpoint: endpoint.into() }
    }

    /// A parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// A parameter that has to be there.
    ///
    /// # Panics
    /// If it is missing.
    #[must_use]
    #[track_caller]
    pub fn expect(&self, name: &str) -> &str {
        self.get(name).unwrap_or_else(|| panic!("no {name}: {:?}", self.parameters))
    }
}
