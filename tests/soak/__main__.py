"""Makes the page of figures: runs its parts, keeps what came out, puts docs/proof.md together."""

from __future__ import annotations

import argparse
import datetime
import os
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.sealing import seal
from tests.soak.figure import Figure, shown


def main() -> int:
    """Run them; 1 where a bar is missed or a part could not be run."""
    options = _options()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    seal(cache / "git-refinery-bench")
    from tests.soak import page
    from tests.soak.catalogue import PARTS

    unknown = [name for name in options.part if name not in PARTS]
    if unknown:
        print(f"no such part: {unknown[0]}; there are: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    if options.check:
        return _check()
    is_well = True
    for name in options.part or ([] if options.page else PARTS):
        is_well = _run(name, options) and is_well
        if not options.quick:
            page.write()
    if options.page:
        print(page.write())
    return 0 if is_well else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument(
        "--part", action="append", default=[], metavar="NAME", help="can be given again"
    )
    parser.add_argument(
        "--quick", action="store_true", help="small sizes, to try them; nothing is kept"
    )
    parser.add_argument("--page", action="store_true", help="only put the page together")
    parser.add_argument(
        "--check", action="store_true", help="1 where the page is not as it is kept"
    )
    parser.add_argument("--scratch", metavar="FOLDER", help="where repositories are made")
    parser.add_argument("--keep", action="store_true", help="leave the repositories there")
    return parser.parse_args()


def _check() -> int:
    from tests.soak import page

    is_fresh = page.PAGE.read_text() == page.wanted()
    if not is_fresh:
        print("docs/proof.md: run python -m tests.soak --page", file=sys.stderr)
    return 0 if is_fresh else 1


def _run(name: str, options: argparse.Namespace) -> bool:
    """Make one part, print it, and keep it; whether all its bars are met."""
    from refinery import __version__
    from tests.soak.catalogue import PARTS
    from tests.soak.kept import Kept, write

    print(f"{name} ...", file=sys.stderr, flush=True)
    if options.scratch:
        Path(options.scratch).mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f"refinery-{name}-", dir=options.scratch))
    began = time.monotonic()
    try:
        figures = PARTS[name].figures(scratch, quick=options.quick)
    except Exception:
        traceback.print_exc()
        return False
    finally:
        if not options.keep:
            shutil.rmtree(scratch, ignore_errors=True)
    for figure in figures:
        print(_line(figure), flush=True)
    if not options.quick:
        today = datetime.datetime.now(datetime.UTC).date().isoformat()
        seconds = round(time.monotonic() - began, 1)
        write(Kept(name, today, __version__, _machine(), seconds, tuple(figures)))
    return all(figure.ok is not False for figure in figures)


def _line(figure: Figure) -> str:
    mark = {True: "met", False: "MISSED", None: ""}[figure.ok]
    bar = f" (bar: {figure.bar}) {mark}" if figure.bar else ""
    return f"  {figure.what}: {shown(figure.value, figure.unit)}{bar} {figure.note}".rstrip()


def _machine() -> str:
    about = describe()
    return f"{about['cores']} cores ({about['cpu']}), Python {about['python']}, git {about['git']}"


if __name__ == "__main__":
    sys.exit(main())
