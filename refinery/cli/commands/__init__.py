"""One command, one file: each has `HELP`, `EXAMPLES`, `configure(parser)` and `run(arguments)`."""
