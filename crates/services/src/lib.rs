//! The rules: what may be done to realms, clients and users, by whom, and with which event.
