"""Keeps the records: one view in, one edit out, one compare-and-swap."""
