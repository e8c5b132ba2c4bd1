"""Takes secrets out of text that people and logs will see."""

from __future__ import annotations

import re
from typing import Final

_HIDDEN: Final = "***"
_RULES: Final = (
    # http user names are tokens as often as not; ssh's `git@` is not a secret.
    (re.compile(r"(https?://)[^/\s@]+@", re.IGNORECASE), rf"\1{_HIDDEN}@"),
    (re.compile(r"(://)[^/\s@:]*:[^/\s@]*@"), rf"\1{_HIDDEN}@"),
    (
        re.compile(r"((?:proxy-)?authorization\s*[:=]\s*)[^'\"\r\n]+", re.IGNORECASE),
        rf"\1{_HIDDEN}",
    ),
    (re.compile(r"(extraheader\s*[=:\s]\s*)[^'\"\r\n]+", re.IGNORECASE), rf"\1{_HIDDEN}"),
    (re.compile(r"((?:private|job|deploy)-token\s*[:=]\s*)\S+", re.IGNORECASE), rf"\1{_HIDDEN}"),
    (
        re.compile(
            r"([?&](?:access_token|private_token|token|password)=)[^&\s'\"]+", re.IGNORECASE
        ),
        rf"\1{_HIDDEN}",
    ),
    (re.compile(r"\b(?:gh[opsur]_\w{16,}|github_pat_\w{16,}|gl[a-z]{1,5}-[\w-]{16,})"), _HIDDEN),
)


def masked(text: str) -> str:
    """`text` with credentials in URLs, authorization headers and known kinds of token hidden."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text
