//! The seam between the core and a login protocol: what a protocol declares.
