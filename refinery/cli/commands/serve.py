"""`refinery serve`: shows the queue to browsers, and receives a forge's webhooks."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from refinery.app import Queue, open_queue, worker_name
from refinery.cli.command import add_rig
from refinery.cli.output import note, plain
from refinery.errors import RefineryError, UsageError
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.engine.signals import GracefulStop
    from refinery.page.site import Site
    from refinery.webhook.spool import Spool
    from refinery.webhook.working import OpenQueue

SPOOL = "webhooks.sqlite3"
_TURN = 0.001  # seconds: a thread that reckons with ten thousand records delays no answer

HELP = """\
Show the queue to browsers, live: what runs, what waits and for how long, the story of each merge
request, whether a commit is in, the history, badges.  Everybody may look; who gives the token in
REFINERY_PAGE_TOKEN may also pause, retry, hold or reject.

Receive the webhooks of GitHub, GitLab, Gitea or Forgejo at POST /webhook, and do what they say: a
closed issue lets its merge request go on, a push submits.  The secret is in
REFINERY_WEBHOOK_SECRET, the one it replaces in REFINERY_WEBHOOK_SECRET_OLD.  What was accepted is
done, also after a crash; GET /healthz tells what waits, GET /metrics the figures of the queue.
SIGTERM finishes what was begun.

Exit codes: 0 stopped when asked to; 1 it cannot begin: no secret, no free port, no server."""
EXAMPLES = """\
  refinery serve                            on 127.0.0.1:8517, behind a proxy that speaks TLS
  refinery serve --no-webhooks              only the page: needs no secret
  refinery serve --no-page                  only webhooks: where nobody may see the queue
  refinery serve --host 0.0.0.0 --port 0    on any free port, which is printed
  refinery serve /srv/clone --process       and run the merge engine when there is something new
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `serve`."""
    add_rig(parser)
    parser.add_argument("--host", default="127.0.0.1", help="address (default: 127.0.0.1)")
    parser.add_argument(
        "--port", type=_port, default=8517, help="port; 0 takes a free one (default: 8517)"
    )
    parser.add_argument(
        "--spool", metavar="FILE", help="where deliveries are kept (default: in the clone)"
    )
    parser.add_argument(
        "--max-body",
        metavar="MB",
        type=_megabytes,
        default=5 * 1024 * 1024,
        help="the largest delivery that is taken, at most 25 (default: 5)",
    )
    parser.add_argument(
        "--process", action="store_true", help="also run the merge engine when something arrived"
    )
    parser.add_argument("--no-page", action="store_true", help="show nothing to browsers")
    parser.add_argument("--no-webhooks", action="store_true", help="take no deliveries")


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is between 0 and 65535")
    return port


def _megabytes(text: str) -> int:
    number = float(text)
    if not 0 < number <= 25:
        raise argparse.ArgumentTypeError("more than 0 and at most 25 megabytes")
    return int(number * 1024 * 1024)


def run(arguments: argparse.Namespace) -> int:
    """Serve until a signal asks to stop."""
    if arguments.no_webhooks and (arguments.no_page or arguments.process):
        raise UsageError(
            "--no-webhooks leaves the page: neither --no-page nor --process goes with it",
            hint="`refinery start` runs the merge engine by itself",
        )
    from refinery.webhook.spool import Spool
    from refinery.webhook.working import opener

    given, token = _secrets(arguments)
    queue_of = opener(arguments.rig, worker_name(outlives_process=False))
    with open_queue(arguments.rig) as queue:
        place = Path(arguments.spool) if arguments.spool else queue.repo.state_dir / SPOOL
        name = queue.name
        if not arguments.no_webhooks:
            _check_repository(queue)
    site = None if arguments.no_page else _site(arguments, name, token)
    spool = Spool.open(place)
    try:
        return _serve(arguments, given, spool, queue_of, site)
    finally:
        spool.close()
        if site is not None:
            site.close()


def _secrets(arguments: argparse.Namespace) -> tuple[tuple[bytes, ...], bytes | None]:
    """Of the webhooks and of the page; neither git nor a check has to know them."""
    from refinery.engine.privacy import keep_private
    from refinery.webhook.signature import OLD_SECRET, SECRET, secrets

    keep_private()
    given = () if arguments.no_webhooks else secrets()
    token = None
    names = [SECRET, OLD_SECRET]
    if not arguments.no_page:
        from refinery.page import access

        token = access.token()
        names.append(access.TOKEN)
    for name in names:
        os.environ.pop(name, None)
    return given, token


def _site(arguments: argparse.Namespace, name: str, token: bytes | None) -> Site:
    from refinery.answers.refusals import refuse
    from refinery.page.opening import site

    opened = partial(open_queue, arguments.rig)
    return site(name, opened, token=token, worded=refuse, log=_log)


def _check_repository(queue: Queue) -> None:
    """A receiver that cannot tell its own repository from others would act on all of them."""
    from refinery.submit.submitting import settings
    from refinery.webhook.events import Forge
    from refinery.webhook.ours import our_repository

    config = settings(queue, queue.store.read())[0]
    if not any(our_repository(queue.repo, config, forge) for forge in Forge):
        raise UsageError(
            "nothing says which repository on the forge this is",
            hint="set `repository: owner/name` in .refinery.yaml",
        )


def _serve(
    arguments: argparse.Namespace,
    given: tuple[bytes, ...],
    spool: Spool,
    queue_of: OpenQueue,
    site: Site | None,
) -> int:
    from refinery.cli.narration import worded
    from refinery.engine.signals import GracefulStop
    from refinery.webhook.doors import Doors
    from refinery.webhook.receiver import Receiver
    from refinery.webhook.scraping import Metrics
    from refinery.webhook.serving import ANSWERING, Server, Workshop
    from refinery.webhook.telling import Teller
    from refinery.webhook.working import Worker

    with GracefulStop(also_interrupts=True) as stop:
        after = _processing(queue_of, stop) if arguments.process else _nothing
        worker = Worker(spool, queue_of, lambda: Teller(worded, _log), _log)
        workshop = Workshop(worker, _log, after)
        metrics = Metrics(partial(open_queue, arguments.rig), _log)
        receiver = Receiver(spool, given, _log, workshop.wake, arguments.max_body, metrics.text)
        server = Server(
            Doors(receiver, site, webhooks=not arguments.no_webhooks),
            host=arguments.host,
            port=arguments.port,
            largest=arguments.max_body,
            threads=ANSWERING + (site.threads if site is not None else 0),
        )
        _say_where(arguments, server.host, server.port)
        if not arguments.no_webhooks:
            workshop.start()
        if site is not None:
            sys.setswitchinterval(_TURN)
            site.start()
        try:
            server.run(stop.asked, leaving=site.watch.stop if site is not None else _leave)
        finally:
            workshop.stop(at_once=lambda: stop.at_once() is not None)
    return 0


def _say_where(arguments: argparse.Namespace, host: str, port: int) -> None:
    place = f"http://{_shown(host)}:{port}/"
    if not arguments.no_webhooks:
        print(f"listening on {place}webhook")
    if not arguments.no_page:
        print(f"the page is at {place}")
    sys.stdout.flush()


def _leave() -> None:
    """No answer goes on for ever."""


def _processing(queue_of: OpenQueue, stop: GracefulStop) -> Callable[[Callable[[], bool]], None]:
    """The merge engine, until nothing is ready or something else is wanted."""
    from refinery.cli.narration import Narrator
    from refinery.engine.process import process
    from refinery.engine.run import Orders

    narrator = Narrator(_log)

    def drain(wanted_elsewhere: Callable[[], bool]) -> None:
        orders = Orders(stop=wanted_elsewhere, abandon=stop.at_once)
        try:
            with queue_of() as queue:
                process(queue.engine(narrator), orders)
        except RefineryError as trouble:
            _log(f"warning: {trouble.message}")

    return drain


def _nothing(wanted_elsewhere: Callable[[], bool]) -> None:
    """Others run the merge engine."""


def _log(line: str) -> None:
    note(plain(line).replace("\n", " "))


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
