"""The page: what a browser is shown of a queue, live from a server or as static files."""
