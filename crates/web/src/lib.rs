//! The kit of every HTTP surface: extractors, forms, headers, CORS, error page.
