"""The simulator: traces of changes, policies that decide what is tested, and what comes of them."""
