//! What all pages have in common: they are rendered here, and each brings the policy that fits what is on it.

mod form_error;
mod policy;

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CONTENT_SECURITY_POLICY, ContentType},
    },
};
use askama::Template;

pub use form_error::FormError;
pub use policy::Policy;

/// A page for people.
pub trait Page: Template {
    /// What the browser may do with it: by default nothing but show it, with forms that stay on this server.
    fn policy(&self) -> Policy {
        Policy::default()
    }

    /// The answer with this page. If it can't be rendered, which only a broken template can cause, its status stands
    /// alone.
    fn answer(&self, status: StatusCode) -> HttpResponse {
        match self.render() {
            Ok(html) => HttpResponse::build(status)
                .content_type(ContentType::html())
                .insert_header((CONTENT_SECURITY_POLICY, self.policy().to_string()))
                .body(html),
            Err(error) => {
                tracing::error!(%error, "a page can't be rendered");
                HttpResponse::build(status).finish()
            }
        }
    }
}
