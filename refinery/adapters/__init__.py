"""Translates between the engine and systems outside: issue trackers."""
