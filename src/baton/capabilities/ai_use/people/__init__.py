"""People: what HR and training systems tell, kept so that no screen can show what one person earns."""
