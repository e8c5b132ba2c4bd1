"""Submits: the one function that every door ends in, and the forecast that it prints."""
