"""As `tests.engine.dying`, where a request to a forge is a step as well."""

from __future__ import annotations

import sys

from requests.adapters import HTTPAdapter

from tests.engine.dying import run

if __name__ == "__main__":
    sys.exit(run((HTTPAdapter, "send")))
