"""Checks what is there: what landed, what the records say, how the repository is set up."""
