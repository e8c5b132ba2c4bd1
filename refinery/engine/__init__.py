"""Does: builds, tests and lands what the queue decides."""
