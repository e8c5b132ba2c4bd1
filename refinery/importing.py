"""Imports modules while git works: what is needed once it has answered loads in the meantime."""

from __future__ import annotations

from importlib import import_module

TO_FETCH = ("refinery.store.layout", "refinery.store.ref_store", "refinery.repo.remote")
TO_READ = (
    "refinery.queue.folding",
    "refinery.records.compiled.merge_request",
    "refinery.records.compiled.queue",
    "refinery.records.compiled.claim",
    "refinery.store.update",
    "hashlib",
)

_waiting: list[str] = []


def import_while_git_works(modules: tuple[str, ...]) -> None:
    """Import these during the next run of git."""
    _waiting[:] = modules


def git_works() -> None:
    """A run of git has begun, and nothing can be done before it ends."""
    while _waiting:
        try:
            module = _waiting.pop(0)
        except IndexError:  # another thread's git took the last one
            return
        import_module(module)
