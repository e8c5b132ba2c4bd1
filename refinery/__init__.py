"""A merge queue that lives in git itself: records in refs, landings in one atomic push."""

__version__ = "0.1.0"
