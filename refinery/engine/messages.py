"""The messages of landing commits: a template, and trailers that programs read."""

from __future__ import annotations

import re

from refinery.config.config import DEFAULT_MESSAGES, Config
from refinery.queue.resolving import in_words
from refinery.records.merge_request import MergeRequest, Method
from refinery.records.names import Sha
from refinery.repo.trailers import trailers

MR = "Refinery-MR"
TREE = "Refinery-Tree"
RESOLVED = "Refinery-Resolved"

_FIELD = re.compile(r"\{(\w+)\}")
_OURS = re.compile(r"(?im)^refinery-[a-z-]+[^\S\n]*:.*\n?")


def landing_message(mr: MergeRequest, config: Config, *, body: str = "") -> str:
    """The message of a merge or squash commit, without trailers; `{name}` fields are replaced."""
    template = config.message or DEFAULT_MESSAGES.get(config.method, "{title}\n\n{body}")
    if config.message is None and config.method is Method.SQUASH and not body:
        template = "{title}"
    fields = {
        "title": mr.title,
        "branch": mr.branch,
        "target": mr.target,
        "id": mr.id,
        "worker": mr.worker,
        "source_issue": mr.source_issue or "",
        "body": body,
    }
    text = _FIELD.sub(lambda found: fields.get(found[1], found[0]), template)
    return authored(text) or f"Land {mr.id}"


def authored(text: str) -> str:
    """An author's text without lines that only refinery may write."""
    return _OURS.sub("", text).strip()


def with_trailers(message: str, mr: MergeRequest, tested: Sha | None) -> str:
    """The message with whom it lands, which of its files were resolved without asking anybody,
    and, on a candidate's last commit, which tree was tested."""
    ways = mr.resolution.ways if mr.resolution else ()
    lines = f"{MR}: {mr.id}\n" + "".join(f"{RESOLVED}: {in_words((each,))}\n" for each in ways)
    lines += f"{TREE}: {tested}\n" if tested else ""
    gap = "\n" if trailers(message) else "\n\n"
    return f"{message.rstrip()}{gap}{lines}"
