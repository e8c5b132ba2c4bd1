"""The story of the demonstration: a queue's whole life in chapters, each checked as it is told."""

from __future__ import annotations

import re
from pathlib import Path

from refinery.app import open_queue
from refinery.cli.demo import project
from refinery.cli.demo.stage import AUTHOR, SERVER, NotAsTold, Stage
from refinery.queue.order import live
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.repo.process import Git

_QUEUED = re.compile(r"remote: refinery: mr-[a-z0-9]+ queued: (\S+) ")
_MAIN = "main"


def tell(stage: Stage) -> None:
    """Play it to the end; raises `NotAsTold` where something comes out otherwise."""
    _a_project(stage)
    _a_queue(stage)
    _five_branches(stage)
    _first_run(stage)
    _the_conflict(stage)
    _the_failures(stage)
    _second_run(stage)
    _proof(stage)


def _a_project(stage: Stage) -> None:
    stage.chapter(
        "A project",
        "The menu of a café: a file for each price, and tests that plain sh runs.",
    )
    git = Git(stage.folder)
    git.run("init", "--quiet", "--bare", "--template=", f"--initial-branch={_MAIN}", SERVER)
    git.run("init", "--quiet", "--template=", f"--initial-branch={_MAIN}", AUTHOR)
    stage.configure()
    stage.git("remote", "add", "origin", f"../{SERVER}", shown=False)
    stage.commit(project.FIRST, "Open the café")
    stage.git("push", "--quiet", "--set-upstream", "origin", _MAIN, shown=False)
    stage.git("ls-files")


def _a_queue(stage: Stage) -> None:
    stage.chapter(
        "A queue",
        "Set up once, on the server. It is a ref of this very repository: no database, no daemon.",
    )
    stage.refinery("init", "--yes", "--check", project.CHECK)
    stage.git("pull", "--quiet", shown=False)


def _five_branches(stage: Stage) -> None:
    stage.chapter(
        "Five branches, five plain pushes",
        "A push of mr/* submits. Ada begins each branch on main; the first one adds a test:",
    )
    for branch, files, message, sentence in (
        ("mr/limit", project.LIMIT, "Test that nothing costs more than 9", ""),
        ("mr/tea-4", project.TEA_4, "Tea costs 4", "The second one makes tea dearer:"),
        (
            "mr/tea-5",
            project.TEA_5,
            "Tea costs 5",
            "The third one too, but otherwise. Of the conflict she is told now, not in an hour:",
        ),
        ("mr/milk", project.MILK, "Sell milk", "The fourth holds a mistake, the price 'two':"),
        (
            "mr/cake",
            project.CAKE,
            "Sell cake",
            "The fifth sells cake for 12: fine on main, but not together with the new test.",
        ),
    ):
        if sentence:
            stage.say(sentence)
        stage.git("switch", "--quiet", "--create", branch, _MAIN, shown=False)
        stage.commit(files, message)
        _push(stage, branch)


def _push(stage: Stage, branch: str, *options: str) -> None:
    said = stage.git("push", *options, "origin", branch)
    if branch not in _QUEUED.findall(said):
        raise NotAsTold(
            f"the push did not submit {branch!r}",
            hint="may programs be run where it plays? Elsewhere: refinery demo --keep DIR",
        )


def _first_run(stage: Stage) -> None:
    stage.chapter("A worker", "All five wait in the queue:")
    stage.refinery("queue")
    stage.say(
        "A worker, in real life a CI job, merges them and tests the merged tree. What fails"
        " together is split until it is known who is at fault:"
    )
    stage.refinery("process", "--drain")
    found = _newest(stage)
    _expect_landed(found, "mr/limit", "mr/tea-4")
    tea, milk, cake = found["mr/tea-5"], found["mr/milk"], found["mr/cake"]
    _expect(tea.blocked_by == "local#1", "the second tea is blocked by local#1")
    _expect(milk.failure is not None, "the milk needs rework")
    _expect(cake.failure is not None, "the cake needs rework")
    stage.say("What was good has landed; nobody waits for anybody else's trouble.")


def _the_conflict(stage: Stage) -> None:
    stage.chapter(
        "A conflict is an issue",
        "The queue has opened it, with what its author needs to know:",
    )
    stage.refinery("issue", "show", "1")
    stage.say("Ada rebases, decides that tea costs 5, and pushes again:")
    stage.git("switch", "--quiet", "mr/tea-5", shown=False)
    stage.git("fetch", "--quiet", "origin")
    stage.git("rebase", "--quiet", f"origin/{_MAIN}", ok=(1,))
    stage.write(project.TEA_5)
    stage.git("add", "menu/tea")
    stage.git("rebase", "--continue")
    _push(stage, "mr/tea-5", "--force")
    stage.say("The new revision has the place of the old one. Closing the issue lets it go on:")
    stage.refinery("issue", "close", "1")


def _the_failures(stage: Stage) -> None:
    found = _newest(stage)
    stage.chapter("A failure says what failed", "The milk fails by itself:")
    stage.refinery("why", found["mr/milk"].id)
    stage.say("The cake failed on the merged tree, with the test that landed before it:")
    said = stage.refinery("why", found["mr/cake"].id)
    _expect("is too dear" in said, "the cake is too dear for the new test")
    stage.say("Ada repairs both; each push is a new revision:")
    for branch, files, message in (
        ("mr/milk", project.MILK_REPAIRED, "Milk costs 2"),
        ("mr/cake", project.CAKE_REPAIRED, "Cake costs 8"),
    ):
        stage.git("switch", "--quiet", branch, shown=False)
        stage.commit(files, message)
        _push(stage, branch)


def _second_run(stage: Stage) -> None:
    stage.chapter(
        "The worker again", "All three pass, and what passed lands, each time in one atomic push:"
    )
    stage.refinery("process", "--drain")
    stage.refinery("queue")
    _expect_landed(_newest(stage), "mr/limit", "mr/tea-4", "mr/tea-5", "mr/milk", "mr/cake")
    _expect_all_over(stage)


def _proof(stage: Stage) -> None:
    stage.chapter(
        "The proof",
        "What landed is what was tested; anybody with a clone can check it:",
    )
    stage.refinery("verify")
    stage.on_server("log", "--oneline", "--first-parent", _MAIN)
    _expect_files(stage.server)


# What has to be true


def _expect(true: bool, words: str) -> None:
    if not true:
        raise NotAsTold(f"it is not so that {words}")


def _expect_landed(found: dict[str, MergeRequest], *branches: str) -> None:
    landed = {name for name, mr in found.items() if mr.close_reason is CloseReason.MERGED}
    _expect(landed == set(branches), f"what landed is {', '.join(sorted(branches))}")


def _newest(stage: Stage) -> dict[str, MergeRequest]:
    """The newest revision of each branch."""
    with open_queue(str(stage.server)) as queue:
        view = queue.view()
    _expect(not view.damage, "every record can be read")
    ordered = sorted(view.mrs.values(), key=lambda mr: mr.submitted_at)
    return {mr.branch: mr for mr in ordered}


def _expect_all_over(stage: Stage) -> None:
    from refinery.queue.tracking import IssueStatus
    from refinery.records.names import IssueRef

    issue = IssueRef("local#1")
    with open_queue(str(stage.server)) as queue:
        _expect(not live(queue.view()), "nothing is left in the queue")
        closed = queue.local_tracker().statuses([issue])[issue] is IssueStatus.CLOSED
        _expect(closed, "the issue is closed")


def _expect_files(server: Path) -> None:
    git = Git(server)
    listed = git.text("ls-tree", "-r", "--name-only", _MAIN).split()
    there = {name: git.run("cat-file", "blob", f"{_MAIN}:{name}").stdout for name in listed}
    there.pop(".refinery.yaml", None)
    wanted = {name: content.encode() for name, content in project.LAST.items()}
    _expect(there == wanted, "main holds what everybody wanted")
