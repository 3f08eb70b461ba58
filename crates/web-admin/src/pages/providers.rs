//! Pages that identity providers and user stores have alike.

use askama::Template;
use web::Shown;

use crate::{
    frame::Frame,
    list::{Cell, List},
    settings::{Control, SettingsForm},
};

/// Which of them there are.
#[derive(Template)]
#[template(path = "admin/providers/list.html")]
pub(super) struct ListPage {
    pub(super) frame: Frame,
    pub(super) about: &'static str,
    /// What the server does not do with them yet.
    pub(super) honest: &'static str,
    pub(super) add: Option<(String, &'static str)>,
    pub(super) list: List,
}

/// Which kind a new one is to be: its name, what it is for, and where it leads.
#[derive(Template)]
#[template(path = "admin/providers/choose.html")]
pub(super) struct ChoosePage {
    pub(super) frame: Frame,
    pub(super) crumbs: Vec<(Shown, String)>,
    pub(super) question: &'static str,
    pub(super) kinds: Vec<(&'static str, &'static str, String)>,
}

/// A mapper.
#[derive(Template)]
#[template(path = "admin/providers/mapper.html")]
pub(super) struct MapperPage {
    pub(super) frame: Frame,
    pub(super) crumbs: Vec<(Shown, String)>,
    pub(super) form: SettingsForm,
    /// Where it is removed, for those who may.
    pub(super) delete: Option<String>,
}
