//! What all pages have in common: they are rendered here, and each brings the policy that fits what is on it.

mod form_error;
mod policy;
mod sample;

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
pub use sample::Sample;

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

#[cfg(test)]
mod tests {
    use actix_web::{
        App, Route,
        http::header::X_FRAME_OPTIONS,
        middleware::from_fn,
        test::{TestRequest, call_service, init_service},
        web::get,
    };

    use super::*;
    use crate::{pages, security_headers};

    /// Policy and `X-Frame-Options` of a page as it leaves the server.
    async fn headers(route: Route) -> (String, Option<String>) {
        let application = init_service(App::new().wrap(from_fn(security_headers::added)).route("/", route)).await;
        let response = call_service(&application, TestRequest::get().uri("/").to_request()).await;
        let text = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        (text(CONTENT_SECURITY_POLICY).unwrap(), text(X_FRAME_OPTIONS))
    }

    #[actix_web::test]
    async fn only_pages_made_for_it_may_be_framed() {
        let (policy, framing) = headers(get().to(async || pages::LoggedOutPage::sample().answer(StatusCode::OK))).await;
        assert_eq!((policy.contains("frame-ancestors 'none'"), framing.as_deref()), (true, Some("DENY")));
        let (policy, framing) =
            headers(get().to(async || pages::LoginStatusFrame::sample().answer(StatusCode::OK))).await;
        assert_eq!((policy.contains("frame-ancestors"), framing), (false, None));
        let (policy, framing) = headers(get().to(async || "no page")).await;
        assert_eq!((policy.contains("frame-ancestors 'none'"), framing.as_deref()), (true, Some("DENY")));
    }
}
