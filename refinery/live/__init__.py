"""The live view: a queue on a terminal, as it is now, with keys to steer it."""
