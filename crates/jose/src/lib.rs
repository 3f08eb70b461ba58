//! Keys, signatures, key ids, JWKS, certificates and sealing, in the words of JOSE.
