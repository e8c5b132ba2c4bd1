"""Resolving: what can be done with conflicting files without asking anybody, and with somebody."""
