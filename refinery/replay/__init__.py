"""Queues a real history again in a scratch copy and compares what lands with what history holds."""
