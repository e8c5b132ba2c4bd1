"""What `submit` and `push` have in common: their options, and how the outcome is shown."""

from __future__ import annotations

import argparse

from refinery.app import Queue, open_queue
from refinery.cli.acting import tell_damage
from refinery.cli.command import add_json, add_repo
from refinery.cli.output import note, print_json
from refinery.submit.prospects import Foretelling, place
from refinery.submit.submitting import (
    NothingToLand,
    Options,
    Outcome,
    Overwrite,
    StillQueued,
    carry_out,
    prepare,
)
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.submit.prospects import Place

REFUSED = 1


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of both."""
    parser.add_argument("branch", nargs="?", help="the branch to submit (default: this one)")
    add = parser.add_argument
    add(
        "-t", "--target", metavar="BRANCH", help="where it shall land (default: the queue's target)"
    )
    add("-p", "--priority", type=int, metavar="N", help="0 (urgent) to 4 (whenever) (default: 2)")
    add(
        "-i",
        "--issue",
        metavar="ISSUE",
        help="the issue it is for (default: from the branch's name or the commit's trailers)",
    )
    add("--title", help="what people call it (default: the subject of its last commit)")
    add(
        *("--depends-on",),
        action="append",
        default=[],
        metavar="ID",
        help="a merge request or branch that must land first; can be given again",
    )
    add(
        "--unit",
        metavar="NAME",
        help="land in one push with all others of this name, or not at all",
    )
    add("--no-unit", action="store_const", const="", dest="unit", help="land by itself again")
    add(
        *("--label",),
        action="append",
        default=[],
        metavar="LABEL",
        help="a label, for which a freeze may make an exception; can be given again",
    )
    add("--hotfix", metavar="REASON", help="ask to land in a freeze: why it cannot wait")
    add("--epic", help="the epic it belongs to; lands on integration/EPIC where that exists")
    add("--convoy", metavar="ID", help="a group whose members should land soon after each other")
    add("--worker", help="its author (default: as for the issue, else git's user.name)")
    add("--agent-bead", metavar="ID", help="the record that a fleet keeps of its agent")
    add_force(parser)
    add("--no-forecast", action="store_true", help="do not try it against the queue")
    add_repo(parser)
    add_json(parser)


def add_force(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        *("-f", "--force"),
        action="store_const",
        const=Overwrite.ALWAYS,
        dest="overwrite",
        default=Overwrite.NEVER,
        help="replace the remote's branch, as after a rebase",
    )
    parser.add_argument(
        "--force-with-lease",
        action="store_const",
        const=Overwrite.SEEN,
        dest="overwrite",
        help="the same, unless somebody pushed to it since it was last fetched",
    )


def run(arguments: argparse.Namespace, *, move_branch: bool) -> int:
    """Submit, print the id, then everything else."""
    options = Options(
        branch=arguments.branch,
        target=arguments.target,
        priority=arguments.priority,
        issue=arguments.issue,
        title=arguments.title,
        worker=arguments.worker,
        epic=arguments.epic,
        convoy=arguments.convoy,
        agent_bead=arguments.agent_bead,
        depends_on=tuple(arguments.depends_on),
        unit=arguments.unit,
        labels=tuple(arguments.label),
        hotfix=arguments.hotfix,
        overwrite=arguments.overwrite,
        move_branch=move_branch,
    )
    wanted = not arguments.no_forecast
    # No worker is named: a submission carries its author, and finding a name costs start-up time.
    with open_queue(arguments.rig, pins=wanted, worker="submit") as queue:
        prepared = prepare(queue, options)
        tell_damage(prepared.view)
        foretelling = Foretelling(queue, prepared) if wanted else None
        try:
            outcome = carry_out(queue, options, prepared)
            _tell_of_hotfix(outcome, options)
            return show(queue, outcome, foretelling, as_json=arguments.json)
        finally:
            if foretelling is not None:
                foretelling.join()


def _tell_of_hotfix(outcome: Outcome, options: Options) -> None:
    """What is queued already stays as it is; who asks for more has to be told how."""
    if options.hotfix and isinstance(outcome, StillQueued) and outcome.mr.hotfix is None:
        mr = outcome.mr
        note(f"{mr.id} is no hotfix yet: refinery hotfix ask {mr.id} --reason {options.hotfix!r}")


def show(queue: Queue, outcome: Outcome, foretelling: Foretelling | None, *, as_json: bool) -> int:
    """The id as soon as it is known; a script may read no further."""
    if isinstance(outcome, NothingToLand):
        return _nothing(queue, outcome, as_json=as_json)
    where = place(queue, outcome)
    if as_json:
        from refinery.answers.submission import document

        known = foretelling.result() if foretelling else None
        print_json(document(queue, outcome, where, known))
        return 0
    print(outcome.mr.id, flush=True)
    _tell(outcome, where)
    if foretelling is not None:
        from refinery.submit.submission_words import foreseen

        for line in foreseen(foretelling.result()):
            note(line)
    return 0


def _tell(outcome: Outcome, where: Place | None) -> None:
    from refinery.submit.submission_words import told

    for line in told(outcome, where):
        note(line)


def _nothing(queue: Queue, outcome: NothingToLand, *, as_json: bool) -> int:
    from refinery.submit.submission_words import nothing, nothing_hint

    if as_json:
        from refinery.answers.submission import document

        print_json(document(queue, outcome))
    note(f"error: {nothing(outcome)}")
    note(f"hint: {nothing_hint(outcome)}")
    return REFUSED
