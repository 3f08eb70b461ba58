//! Days.

use time::{Date, format_description::BorrowedFormatItem, macros::format_description};

const ISO: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
/// How English writes a day.
const LOCAL: &[BorrowedFormatItem<'_>] = format_description!("[month padding:none]/[day padding:none]/[year]");

/// Whether it is a day like 2024-02-29.
pub(super) fn is_iso(text: &str) -> bool {
    Date::parse(text, ISO).is_ok()
}

/// Whether it is a day like 2/29/2024 or 2/29/24, as forms in English ask for it.
pub(super) fn is_local(text: &str) -> bool {
    let Some((day, year)) = text.rsplit_once('/') else { return false };
    // Two figures are of this century, which is as good as any for finding out whether there is such a day.
    let century = if year.len() == 2 { "20" } else { "" };
    Date::parse(&format!("{day}/{century}{year}"), LOCAL).is_ok()
}
