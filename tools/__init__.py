"""What developers of refinery run; not shipped."""
