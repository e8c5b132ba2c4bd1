"""The examples of a unit and of an image: valid, and what they start does what they promise."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processor.test_processes import service, until
from tests.sandbox import CHECKOUT, Sandbox

CONTRIB = CHECKOUT / "contrib"
UNIT = CONTRIB / "systemd" / "git-refinery.service"
IMAGE = CONTRIB / "container" / "Containerfile"
SERVE = CONTRIB / "container" / "serve.sh"
INSTALLED = "/usr/local/bin/refinery"


def tool(name: str) -> str:
    """A program; the test is skipped where it is not installed."""
    found = shutil.which(
        name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    )
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def refinery_in(folder: Path) -> Path:
    """A `refinery` that is this checkout's."""
    folder.mkdir()
    made = folder / "refinery"
    made.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m refinery "$@"\n')
    made.chmod(0o755)
    return made


def settings(unit: str, key: str) -> list[str]:
    """The values of a key of the unit."""
    return re.findall(rf"^{key}=(.*)$", unit, flags=re.MULTILINE)


# systemd


def test_the_unit_is_one(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace(INSTALLED, str(refinery_in(tmp_path / "bin"))))
    done = subprocess.run(
        [tool("systemd-analyze"), "verify", "--man=no", unit],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_what_the_unit_starts_is_ready_reloads_and_stops(box: Sandbox) -> None:
    unit = UNIT.read_text()
    [start], [reload] = settings(unit, "ExecStart"), settings(unit, "ExecReload")
    program, command, foreground, *arguments = shlex.split(start)
    assert (program, command, foreground) == (INSTALLED, "start", "--foreground")
    assert settings(unit, "Environment") == ["XDG_CONFIG_HOME=/etc"]
    etc = box.root / "etc"
    (etc / "refinery").mkdir(parents=True)
    (etc / "refinery" / "rigs.yaml").write_text(f"project: {box.path}\n")
    [watchdog] = settings(unit, "WatchdogSec")
    assert watchdog == "2min"
    id = box.request("feat", {"a.txt": "a\n"})
    given = {"XDG_CONFIG_HOME": str(etc), "WATCHDOG_USEC": "120000000"}
    with service(box, *arguments, env=given) as running:
        running.hears("READY=1")
        running.hears(f"STATUS=origin: testing {id}")
        running.heard.clear()
        subprocess.run(
            ["sh", "-c", reload.replace("$MAINPID", str(running.process.pid))], check=True
        )
        running.hears("RELOADING=1")
        running.hears("READY=1")
        until(lambda: box.landed == ["feat"])
        running.process.terminate()
        running.hears("STOPPING=1")
        assert running.ends()[0] == 0


# Containers


def test_the_image_is_as_images_should_be() -> None:
    done = subprocess.run(
        [tool("hadolint"), "--no-color", IMAGE], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_script_of_the_image_is_portable() -> None:
    subprocess.run([tool("shellcheck"), SERVE], check=True)


def test_what_the_image_copies_is_there() -> None:
    sources = re.findall(r"^COPY (?:--chmod=\S+ )?(\S+) \S+$", IMAGE.read_text(), re.MULTILINE)
    assert sources == [".", "contrib/container/serve.sh"]
    assert all((CHECKOUT / source).exists() for source in sources)
    assert os.access(SERVE, os.X_OK)


@pytest.mark.journey
def test_what_the_image_runs_clones_serves_is_well_and_stops(box: Sandbox) -> None:
    image = IMAGE.read_text()
    [check] = re.findall(r'CMD \["refinery", (.*)\]$', image, re.MULTILINE)
    arguments = shlex.split(check.replace(",", " "))
    clone = box.root / "var" / "project"
    clone.parent.mkdir()
    arguments[arguments.index("/var/lib/refinery/project")] = str(clone)
    path = f"{refinery_in(box.root / 'bin').parent}{os.pathsep}{os.environ['PATH']}"
    box.request("feat", {"a.txt": "a\n"})
    for life in ("first", "second"):
        serving = subprocess.Popen(
            [SERVE, "--every", "50ms"],
            cwd=clone.parent,
            env={
                **os.environ,
                "PYTHONPATH": str(CHECKOUT),
                "PATH": path,
                "REFINERY_REMOTE": str(box.origin),
                "REFINERY_CLONE": str(clone),
            },
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            until(lambda: box.landed == ["feat"])
            until(lambda: box.run("status", str(clone), "--json").json["state"] == "running")
            assert box.run(*arguments).code == 0, life
            serving.send_signal(getattr(signal, re.findall(r"STOPSIGNAL (\w+)", image)[0]))
            said = serving.communicate(timeout=60)[1]
            assert serving.returncode == 0, said
        finally:
            serving.kill()
            serving.communicate()


def test_the_image_says_what_it_needs(tmp_path: Path) -> None:
    done = subprocess.run([SERVE], env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)
    assert done.returncode == 2
    assert "REFINERY_REMOTE: must be the URL of the repository" in done.stderr
