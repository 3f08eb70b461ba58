//! Being written.

pub(crate) fn routes(_routes: &mut crate::Routes) {}
