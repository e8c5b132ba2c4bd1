"""Signs what lands: the commits that were tested, once more with a signature, before the push.

What is built and tested is not signed: most of it never lands, and who tests may have no key.
"""

from __future__ import annotations

from refinery.config.config import Config
from refinery.engine.engine import Engine
from refinery.queue.candidate import Built
from refinery.records.merge_request import Method
from refinery.records.names import Branch, Sha
from refinery.repo.objects import Commit
from refinery.repo.signatures import Judged, Keys, Worth, judge
from refinery.repo.signing import CannotSign, is_signed, sign_commit, signed_line
from refinery.store.asked import Asking, faults
from refinery.values import replace


class NotASigner(CannotSign):
    """The key that signs here is none of those that the target knows."""

    code = "not-a-signer"


def rehearse(engine: Engine, target: Branch) -> None:
    """Sign something before anything is written: who cannot sign must not test for an hour first.

    Each run does so once for each set of keys that a target takes.
    """
    base = engine.view.targets.get(target)
    config = engine.config_at(base, target)
    if engine.settings is not None or base is None or config is None:
        return
    required = config.signatures.landings or config.signatures.queue
    if not is_signed(engine.repo, required=required, what=f"what lands on {target}"):
        return
    keys = Asking(engine.repo).at(base)[1] if required else Keys()
    if keys in engine.rehearsed:
        return
    who = engine.repo.signature(int(engine.clock().timestamp()))
    tried = sign_commit(
        engine.repo,
        tree=engine.view.target_trees[target],
        parents=(base,),
        author=who,
        committer=who,
        message="refinery: can this worker sign?",
    )
    if required:
        commit = engine.repo.reader.commit(tried)
        [found] = judge(engine.repo, (commit,), keys)
        _refuse(target, commit, found)
    engine.rehearsed.add(keys)


def signed(engine: Engine, built: Built, config: Config) -> Built:
    """The candidate with its commits signed: the same trees, authors and words.

    What lands by fast-forward is its author's own.
    """
    required = config.signatures.landings
    if engine.settings is not None or built.method is Method.FAST_FORWARD:
        return built
    if not is_signed(engine.repo, required=required, what=f"what lands on {built.target}"):
        return built
    if built.commit not in engine.signed:
        copies = signed_line(engine.repo, built.base, built.commit)
        made = replace(
            built,
            commit=copies[built.commit],
            members=tuple(replace(each, commit=copies[each.commit]) for each in built.members),
        )
        if required:
            _look(engine, built.target, built.base, made.commit)
        engine.signed = {built.commit: made}  # a landing that is tried again is the same
    return engine.signed[built.commit]


def _look(engine: Engine, target: Branch, base: Sha, tip: Sha) -> None:
    """Whoever verifies it must find it good; else it is not pushed."""
    for commit, found in faults(engine.repo, base, tip):
        _refuse(target, commit, found)


def _refuse(target: Branch, commit: Commit, found: Judged) -> None:
    if found.worth is Worth.GOOD:
        return
    key = f" with {found.key}" if found.key else ""
    raise NotASigner(
        f"{target} does not take what is signed here{key}: to {commit.parents[0][:12]} it is"
        f" {found.worth.in_words}",
        hint="have the key added to the signers of the target, in a change of its own",
    )
