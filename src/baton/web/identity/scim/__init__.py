"""SCIM 2.0: a directory adds people, closes accounts and says who is in which group (RFC 7643, RFC 7644)."""
