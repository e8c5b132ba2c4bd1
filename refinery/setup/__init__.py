"""Sets a repository up: finds out what it can, shows what it will write, writes it."""
