"""People, keys, roles and sessions over HTTP, for an administrator's other systems: the same rights and checks as the pages, one way to do each thing."""
