"""The environment a git process sees: what carries its transport, nothing that redirects it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from refinery.typed import Final

_CARRIED: Final = frozenset(
    {
        "GIT_ASKPASS",
        "GIT_CONFIG_COUNT",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_EXEC_PATH",
        "GIT_SSH",
        "GIT_SSH_COMMAND",
        "GIT_SSH_VARIANT",
    }
)
_CARRIED_PREFIXES: Final = (
    "GIT_CONFIG_KEY_",
    "GIT_CONFIG_VALUE_",
    "GIT_HTTP_",
    "GIT_PROXY",
    "GIT_SSL_",
    "GIT_TRACE",
)

QUARANTINE: Final = (
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_QUARANTINE_PATH",
)

_FIXED: Final = {
    "LC_ALL": "C",
    "LANGUAGE": "",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    # Replace refs stay on one machine: with them two workers would merge two different histories.
    "GIT_NO_REPLACE_OBJECTS": "1",
}


def child_environment(
    base: Mapping[str, str], quarantine: Mapping[str, str] | None = None
) -> dict[str, str]:
    """`base` without the GIT_* variables that redirect git, with those that carry the transport.

    A hook's GIT_DIR would otherwise follow refinery into every repository it opens.
    """
    kept = {key: value for key, value in base.items() if _is_carried(key)}
    if "GIT_ALLOW_PROTOCOL" in base:
        kept["GIT_ALLOW_PROTOCOL"] = without_ext(base["GIT_ALLOW_PROTOCOL"])
    if quarantine:
        kept.update((key, quarantine[key]) for key in QUARANTINE if key in quarantine)
    kept.update(_FIXED)
    return kept


def _is_carried(key: str) -> bool:
    return not key.startswith("GIT_") or key in _CARRIED or key.startswith(_CARRIED_PREFIXES)


def without_ext(protocols: str) -> str:
    """A list for GIT_ALLOW_PROTOCOL that cannot start commands: `ext::` URLs are shell commands."""
    return ":".join(name for name in protocols.split(":") if name != "ext")


def alternates(*directories: str | os.PathLike[str]) -> str:
    """A value for GIT_ALTERNATE_OBJECT_DIRECTORIES, quoted where a path has the separator."""
    return os.pathsep.join(_quoted(os.fspath(entry)) for entry in directories)


def _quoted(path: str) -> str:
    if os.pathsep not in path and not path.startswith('"'):
        return path
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
