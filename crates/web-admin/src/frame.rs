//! What stands around every page: the realm in front, the way to everything else, who is logged in.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CONTENT_SECURITY_POLICY, ContentType, LOCATION, REFERRER_POLICY},
    },
};
use askama::Template;
use web::{Policy, Shown, reply};

use crate::{
    Console,
    nav::{self, Group},
    notice::Notice,
    refusal::Answer,
};

/// The frame of a page. Templates that extend `admin/frame.html` have one in their field `frame`.
pub struct Frame {
    /// The page's title.
    pub title: Shown,
    /// The console's path, without a slash at its end.
    pub base: String,
    /// The realm in front: its name as shown, and its path.
    pub realm: Option<(Shown, String)>,
    /// The ways to everything in the realm that the person may see.
    pub nav: Vec<Group>,
    /// Who is logged in.
    pub person: Shown,
    /// The session's secret, for every form.
    pub csrf: String,
    /// What the page before has to say.
    pub notice: Option<Notice>,
    /// The person may make realms.
    pub create_realm: bool,
}

impl Console {
    /// The frame of a page with this title.
    #[must_use]
    pub fn frame(&self, title: &str) -> Frame {
        let realm = self.realm().ok();
        Frame {
            title: Shown::name(title),
            base: self.base(),
            realm: realm.map(|realm| (Shown::name(reply::shown_name(realm)), self.path(""))),
            nav: realm.map(|_| nav::of(self)).unwrap_or_default(),
            person: Shown::name(&self.session.name),
            csrf: self.session.csrf.expose().to_owned(),
            notice: self.notice.clone(),
            create_realm: self.caller.create_realm,
        }
    }

    /// The answer with a page.
    ///
    /// # Errors
    /// If the cryptographic library fails.
    pub fn show(&self, page: &impl Template) -> Answer {
        self.show_as(StatusCode::OK, page)
    }

    /// The answer with a page whose form was refused: nothing that was typed is lost.
    ///
    /// # Errors
    /// If the cryptographic library fails.
    pub fn show_again(&self, page: &impl Template) -> Answer {
        self.show_as(StatusCode::UNPROCESSABLE_ENTITY, page)
    }

    fn show_as(&self, status: StatusCode, page: &impl Template) -> Answer {
        let mut answer = match page.render() {
            Ok(html) => HttpResponse::build(status)
                .content_type(ContentType::html())
                // With it browsers say with each form where it comes from; other sites still learn nothing.
                .insert_header((REFERRER_POLICY, "same-origin"))
                .insert_header((CONTENT_SECURITY_POLICY, Policy::default().with_scripts().with_calls().to_string()))
                .body(html),
            Err(error) => {
                tracing::error!(%error, "a page can't be rendered");
                HttpResponse::InternalServerError().finish()
            }
        };
        if self.notice.is_some() {
            Notice::forget(&mut answer, &self.base());
        }
        self.dressed(answer)
    }

    /// Leads to another page of the console, after something was done.
    ///
    /// # Errors
    /// If the cryptographic library fails.
    pub fn lead_to(&self, path: &str, notice: Notice) -> Answer {
        let mut answer = HttpResponse::SeeOther().insert_header((LOCATION, path)).finish();
        notice.send(&mut answer, &self.base());
        self.dressed(answer)
    }

    /// Any answer, with the browser's session anew if it is time.
    ///
    /// # Errors
    /// If the cryptographic library fails.
    pub fn dressed(&self, mut answer: HttpResponse) -> Answer {
        if self.renewed {
            crate::session::put(&mut answer, &self.session.cookie(&self.services, &self.home)?);
        }
        Ok(answer)
    }
}
