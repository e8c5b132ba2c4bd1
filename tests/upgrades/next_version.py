"""The version after this one: a copy of this source whose queue header and merge requests have
one more key, which came with their second format."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.sandbox import CHECKOUT, Result, Sandbox

VERSION = "99.0.0"
_PARTS = ("refinery", "schemas", "tools", "hooks")
_CLASSES = {
    "queue": ("refinery/records/header.py", "QueueHeader"),
    "merge-request": ("refinery/records/merge_request.py", "MergeRequest"),
}


def make_next_version(folder: Path) -> Path:
    """The source of it."""
    for part in _PARTS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(CHECKOUT / part, folder / part, ignore=ignored)
    for schema, (path, name) in _CLASSES.items():
        _change_schema(folder / "schemas" / f"{schema}.schema.json")
        _add_field(folder / path, name)
    init = folder / "refinery" / "__init__.py"
    init.write_text(re.sub('__version__ = ".*"', f'__version__ = "{VERSION}"', init.read_text()))
    compile_schemas = [sys.executable, "-m", "tools.compile_schemas"]
    subprocess.run(compile_schemas, cwd=folder, check=True, capture_output=True)
    return folder


def _change_schema(path: Path) -> None:
    schema: dict[str, Any] = json.loads(path.read_text())
    schema["properties"]["version"]["const"] = 2
    schema["properties"]["mood"] = {"type": "string", "description": "A mood.", "since": 2}
    path.write_text(json.dumps(schema))


def _add_field(path: Path, name: str) -> None:
    head, _, body = path.read_text().partition(f"class {name}:")
    fields, nested, rest = body.partition("\n    NESTED: ClassVar")
    path.write_text(f"{head}class {name}:{fields}    mood: str = ''\n{nested}{rest}")


class Upgraded:
    """A worker of a sandbox that runs the next version."""

    def __init__(self, box: Sandbox, source: Path) -> None:
        self.box = box
        self.env = {"PYTHONPATH": str(source), "REFINERY_WORKER": "upgraded"}

    def run(self, *argv: str) -> Result:
        """One of its commands."""
        return self.box.run(*argv, env=self.env)

    def writes(self, edit: str) -> None:
        """Have it write what only it can say: `edit` is made of `view` and `Edit`'s fields."""
        script = _WRITE.format(edit=edit, path=str(self.box.path))
        done = subprocess.run(
            [sys.executable, "-P", "-c", script],
            env={**os.environ, **self.env},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr


_WRITE = """
from refinery.app import open_queue
from refinery.store.edit import Edit, Event
from refinery.values import replace

with open_queue({path!r}) as queue:
    queue.update(lambda view: Edit(Event("paused", "in a mood"), {edit}))
"""
