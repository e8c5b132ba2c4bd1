"""Takes secrets out of text that people and logs will see."""

from __future__ import annotations

import re

from refinery.typed import Final

_HIDDEN: Final = "***"
# Patterns are compiled when something is masked: a command that meets no trouble never needs them.
_RULES: Final = (
    # http user names are tokens as often as not; ssh's `git@` is not a secret.
    (r"(?i)(https?://)[^/\s@]+@", rf"\1{_HIDDEN}@"),
    (r"(://)[^/\s@:]*:[^/\s@]*@", rf"\1{_HIDDEN}@"),
    (r"(?i)((?:proxy-)?authorization\s*[:=]\s*)[^'\"\r\n]+", rf"\1{_HIDDEN}"),
    (r"(?i)(extraheader(?:\s*[=:]\s*|\s+))[^'\"\r\n]+", rf"\1{_HIDDEN}"),
    (r"(?i)((?:private|job|deploy)-token\s*[:=]\s*)\S+", rf"\1{_HIDDEN}"),
    (r"(?i)([?&](?:access_token|private_token|token|password)=)[^&\s'\"]+", rf"\1{_HIDDEN}"),
    (r"\b(?:gh[opsur]_\w{16,}|github_pat_\w{16,}|gl[a-z]{1,5}-[\w-]{16,})", _HIDDEN),
)


def masked(text: str) -> str:
    """`text` with credentials in URLs, authorization headers and known kinds of token hidden."""
    for pattern, replacement in _RULES:
        text = re.sub(pattern, replacement, text)
    return text
