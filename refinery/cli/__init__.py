"""The command line: parses, asks the app, renders."""
