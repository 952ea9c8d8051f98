"""Outside: AI use in other tools, told as CloudEvents."""
