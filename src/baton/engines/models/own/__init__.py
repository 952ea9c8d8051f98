"""An organisation's own intents: learned from its own labelled texts, by numpy alone, and measured before they are used."""
