//! Direct authentication: password check, account state and brute-force protection. No HTML, no SQL.
