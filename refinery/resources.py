"""Owns where the hooks, schemas, templates and scripts that ship with the package are found."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def hook_path(name: str) -> Path:
    """Where the hook called `name` (such as `pre-push`) is."""
    return _shipped("hooks", name)


def schema_text(name: str) -> str:
    """The JSON of `schemas/<name>.schema.json`."""
    return _shipped("schemas", f"{name}.schema.json").read_text(encoding="utf-8")


def answer_names() -> list[str]:
    """The names of the schemas in `schemas/answers`."""
    folder = _shipped("schemas", "answers/error.schema.json").parent
    return sorted(path.name.removesuffix(".schema.json") for path in folder.glob("*.schema.json"))


def template_text(name: str) -> str:
    """The template of a CI file, as it stands in `setup/templates`."""
    return (_PACKAGE / "setup" / "templates" / name).read_text(encoding="utf-8")


def page_text(name: str) -> str:
    """A template or an asset of the page, as it stands in `page`."""
    return (_PACKAGE / "page" / name).read_text(encoding="utf-8")


def completion_text(shell: str) -> str:
    """The script that has a shell complete what is typed."""
    name = {"zsh": "_refinery"}.get(shell, f"refinery.{shell}")
    return _shipped("completions", name).read_text(encoding="utf-8")


def manual_path() -> Path:
    """Where the manual page is."""
    return _shipped("man", "refinery.1")


def _shipped(folder: str, name: str) -> Path:
    """The wheel's copy, or the checkout's own file where the install is editable."""
    packaged = _PACKAGE / "_data" / folder / name
    return packaged if packaged.is_file() else _PACKAGE.parent / folder / name
