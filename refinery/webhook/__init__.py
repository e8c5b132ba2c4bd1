"""Webhooks: what forges say is checked, kept, understood, and done to the queue."""
