"""Identity: who somebody is and what they may: passkeys, sessions, keys, directories that provision, roles, people."""
