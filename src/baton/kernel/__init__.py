"""The kernel: events, facts, decisions and the loop. It knows no capability, no database and no network."""
