"""The doors that git opens: what its hooks call, and who puts them in place."""
