//! All automation: dev, test, check, bench, SQL description, layering, licences.
fn main() {}
