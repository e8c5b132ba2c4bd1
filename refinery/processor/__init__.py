"""The processor: the process that watches queues and runs the engine when one of them moves.

It lies below the command line because the live view and the page say whether one runs as well.
"""
