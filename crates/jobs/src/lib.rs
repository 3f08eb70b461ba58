//! Background work: event writing, retention, cache notices.
