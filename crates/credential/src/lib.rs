//! Password hashing and password policy. Pure: records in, verdict out.
