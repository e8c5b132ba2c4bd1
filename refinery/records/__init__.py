"""The values the queue is made of, and their one textual form."""
