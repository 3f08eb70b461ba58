//! All SQL: one module per entity, transactions, change notices, migrations.
