"""`refinery webhook`: does what one webhook event says, from a CI job."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from pathlib import Path

from refinery.app import Queue, open_queue
from refinery.cli.command import add_json, add_repo
from refinery.cli.output import note, plain, print_json
from refinery.cli.reading import read_most
from refinery.errors import TryAgain, UsageError
from refinery.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from refinery.webhook.acting import Outcome
    from refinery.webhook.events import Forge, Told
    from refinery.webhook.telling import Teller

LARGEST = 25 * 1024 * 1024

HELP = """\
Do what an event of a forge says, as `refinery serve` does for deliveries: a closed issue lets its
merge request go on, a push submits.  In GitHub, Gitea and Forgejo Actions it needs no arguments:
GITHUB_EVENT_NAME and GITHUB_EVENT_PATH say which event it is.

Exit codes: 0 done, or nothing to do; 1 refused, as said; 2 no event; 75 the remote or the tracker
is away, try again."""
EXAMPLES = """\
  refinery webhook                                     in a job of GitHub or Gitea Actions
  refinery webhook --event event.json --name issues
  refinery webhook --event - --forge gitlab --name 'Issue Hook'
  refinery webhook --failed                            deliveries that `refinery serve` gave up
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `webhook`."""
    parser.add_argument(
        "--event", metavar="FILE", help="the payload; - reads standard input (GITHUB_EVENT_PATH)"
    )
    parser.add_argument("--name", help="what the forge calls the event (GITHUB_EVENT_NAME)")
    parser.add_argument(
        "--forge",
        choices=("github", "gitlab", "gitea"),
        help="whose event it is (default: whose CI this is, else github)",
    )
    parser.add_argument(
        "--failed", action="store_true", help="list what `refinery serve` gave up, and why"
    )
    parser.add_argument("--spool", metavar="FILE", help="with --failed: the file of `serve`")
    add_repo(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read, understand, act, say."""
    if arguments.failed:
        return _failed(arguments)
    from refinery.cli.ci_report import reporting
    from refinery.cli.narration import worded
    from refinery.webhook.acting import Done
    from refinery.webhook.events import Forge
    from refinery.webhook.parsing import parse
    from refinery.webhook.payload import read
    from refinery.webhook.telling import Teller

    forge = Forge(arguments.forge or _forge(os.environ))
    name = arguments.name or os.environ.get("GITHUB_EVENT_NAME") or _default_name(forge)
    told = parse(forge, name, read(_body(arguments.event)))
    out = (lambda line: None) if arguments.json else (lambda line: print(plain(line)))
    teller = Teller(worded, out)
    with reporting() as report, open_queue(arguments.rig, engine=True) as queue:
        outcome = _act(queue, forge, told, teller)
        report.recorded = teller.lines
        if not isinstance(outcome, Done):
            report.errors.append(outcome.why)
    return _report(arguments, forge, name, outcome, teller)


def _forge(environment: Mapping[str, str]) -> str:
    """Gitea's and Forgejo's Actions set GitHub's variables too."""
    if environment.get("GITEA_ACTIONS") or environment.get("FORGEJO_ACTIONS"):
        return "gitea"
    return "gitlab" if environment.get("GITLAB_CI") else "github"


def _default_name(forge: Forge) -> str:
    """GitLab's system hooks name their event in the body, and so do all of its payloads."""
    if forge == "gitlab":
        return "System Hook"
    raise UsageError(
        "nothing says which event it is", hint="--name issues, or GITHUB_EVENT_NAME in CI"
    )


def _body(event: str | None) -> bytes:
    path = event or os.environ.get("GITHUB_EVENT_PATH")
    if not path:
        raise UsageError("no event", hint="--event FILE, or GITHUB_EVENT_PATH in CI")
    try:
        body = read_most(path, LARGEST)
    except OSError as error:
        raise UsageError(f"read {path!r}: {error.strerror}") from error
    if len(body) > LARGEST:
        raise UsageError(f"{path!r} is larger than {LARGEST} bytes: no forge sends that")
    return body


def _act(queue: Queue, forge: Forge, told: Told, teller: Teller) -> Outcome:
    """Where nothing else says which repository this is, the CI's word is taken for it."""
    from refinery.submit.submitting import settings
    from refinery.webhook.acting import Heard, act
    from refinery.webhook.ours import our_repository

    config = settings(queue, queue.store.read())[0]
    ours = our_repository(queue.repo, config, forge) or told.repository
    [outcome] = act(queue, [Heard(told, final=True)], teller, ours=ours)
    return outcome


def _report(
    arguments: argparse.Namespace, forge: Forge, name: str, outcome: Outcome, teller: Teller
) -> int:
    from refinery.webhook.acting import Done, Later

    done = isinstance(outcome, Done)
    words = outcome.words if isinstance(outcome, Done) else outcome.why
    if arguments.json:
        status = "failed"
        if isinstance(outcome, Done):
            status = "ignored" if outcome.ignored else "done"
        elif isinstance(outcome, Later):
            status = "later"
        document: dict[str, Any] = {
            "forge": str(forge),
            "event": name,
            "status": status,
            "words": words,
            "said": teller.lines,
            "merge_requests": teller.mrs,
        }
        print_json(document)
    elif done:
        if words not in teller.lines:
            print(plain(words))
    else:
        note(plain(f"error: {words}"))
        hint = getattr(outcome, "hint", None)
        if hint:
            note(plain(f"hint: {hint}"))
    if isinstance(outcome, Later):
        return TryAgain.exit_code
    return 0 if done else 1


def _failed(arguments: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from refinery.cli.commands.serve import SPOOL
    from refinery.records.times import format_time
    from refinery.webhook.spool import given_up

    with open_queue(arguments.rig) as queue:
        place = Path(arguments.spool) if arguments.spool else queue.repo.state_dir / SPOOL
    rows = [
        {
            "forge": each.forge,
            "event": each.name,
            "id": each.id,
            "received": format_time(datetime.fromtimestamp(int(each.received), UTC)),
            "reason": each.reason,
        }
        for each in given_up(place)
    ]
    if arguments.json:
        print_json(rows)
        return 0
    for row in rows:
        print(plain(f"{row['received']} {row['forge']} {row['event']} {row['id'] or '-'}"))
        print(plain(f"  {row['reason']}"))
    if not rows:
        print("no delivery was given up")
    return 0
