"""Tests a tree: checks it out in a clean, reused worktree, runs the checks, gives the verdict."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from refinery.config.config import Check, Config
from refinery.config.resolve import Regenerate
from refinery.engine.check_logs import log_name
from refinery.engine.check_sandbox import Confinement, NoSandbox, ensure_required
from refinery.engine.checks import (
    Abandoned,
    CheckResult,
    CheckRun,
    CheckSpec,
    check_environment,
    not_run,
    run_checks,
)
from refinery.engine.privacy import keep_private
from refinery.engine.regenerating import Made, specs, taken
from refinery.queue.candidate import Built
from refinery.records.names import Branch, CandidateId, MrId, Sha, derive_candidate_id
from refinery.records.times import now
from refinery.records.verdict import CheckReport, Result, Verdict
from refinery.repo.repository import Repository
from refinery.repo.worktree import CheckWorktree
from refinery.typed import Protocol
from refinery.values import dataclass, field

TAIL_KEPT = 4000
LOGS_KEPT = 500


@dataclass(frozen=True, slots=True)
class Subject:
    """What is tested: a commit and its tree, what it was built from, and whom it holds."""

    target: Branch
    base: Sha
    commit: Sha
    tree: Sha
    ids: tuple[MrId, ...]

    @property
    def candidate(self) -> CandidateId:
        """What the claim on it is called."""
        return derive_candidate_id(self.target, self.base, self.ids)

    @classmethod
    def of(cls, built: Built) -> Subject:
        """A built candidate as a subject."""
        return cls(built.target, built.base, built.commit, built.tree, built.ids)


class Bench(Protocol):
    """Where subjects are tested."""

    def run(
        self, subject: Subject, config: Config, *, tick: Callable[[], str | None]
    ) -> Verdict | Abandoned:
        """The verdict of one run of the checks, or why there is none."""
        ...

    def regenerate(
        self,
        subject: Subject,
        config: Config,
        generators: Sequence[Regenerate],
        *,
        tick: Callable[[], str | None],
    ) -> Made | str | Abandoned:
        """The subject's tree with its generated files made again, or why it cannot be had."""
        ...

    def ensure_possible(self) -> None:
        """Raise where nothing could be tested at all."""
        ...

    def close(self) -> None:
        """Free what it holds."""
        ...


@dataclass(slots=True)
class TestBench:
    """One worker's place for testing: a worktree kept from candidate to candidate."""

    repo: Repository
    worker: str
    _worktree: CheckWorktree | None = field(default=None)
    _keep: tuple[str, ...] = ()

    def run(
        self, subject: Subject, config: Config, *, tick: Callable[[], str | None]
    ) -> Verdict | Abandoned:
        """Run the checks on the subject's tree; `tick` is asked every second whether to go on."""
        ran = self._ran([_spec(check) for check in config.checks], subject, config, tick)
        return ran if isinstance(ran, Abandoned) else self._verdict(subject, config, ran)

    def regenerate(
        self,
        subject: Subject,
        config: Config,
        generators: Sequence[Regenerate],
        *,
        tick: Callable[[], str | None],
    ) -> Made | str | Abandoned:
        """Run the commands on the subject's files, as checks are run."""
        ran = self._ran(specs(generators), subject, config, tick)
        if isinstance(ran, Abandoned):
            return ran
        assert self._worktree is not None
        return taken(self._worktree, subject.commit, generators, ran)

    def ensure_possible(self) -> None:
        """Refuse before anything is taken that could not be tested here as it has to be."""
        ensure_required(self.repo)

    def _ran(
        self,
        commands: Sequence[CheckSpec],
        subject: Subject,
        config: Config,
        tick: Callable[[], str | None],
    ) -> CheckRun | Abandoned:
        worktree = self._opened(config)
        directory = worktree.checkout(subject.commit)
        try:
            confinement = Confinement.around(
                self.repo, config.sandbox, worktree=directory, git_dir=worktree.git_dir
            )
        except NoSandbox as trouble:
            ensure_required(self.repo)
            return not_run(commands, trouble.message, log_dir=self.log_dir())
        keep_private()
        return run_checks(
            commands,
            directory=directory,
            log_dir=self.log_dir(),
            log_name=log_name(subject.tree, subject.candidate, int(now().timestamp() * 1000)),
            environment=_environment(subject, config),
            tick=tick,
            confinement=confinement,
        )

    def log_dir(self) -> Path:
        """Where the full logs of this clone's check runs are kept."""
        directory = self.repo.state_dir / "logs"
        directory.mkdir(exist_ok=True)
        _forget_oldest(directory)
        return directory

    def close(self) -> None:
        """Let others use the worktree."""
        if self._worktree is not None:
            self._worktree.close()
            self._worktree = None

    def _opened(self, config: Config) -> CheckWorktree:
        if self._worktree is not None and self._keep != config.keep:
            self.close()
        if self._worktree is None:
            self._keep = config.keep
            self._worktree = CheckWorktree.open(self.repo, keep=config.keep)
        return self._worktree

    def _verdict(self, subject: Subject, config: Config, ran: CheckRun) -> Verdict:
        return Verdict(
            tree=subject.tree,
            fingerprint=config.fingerprint,
            result=Result(ran.verdict.value),
            runs=1,
            target=subject.target,
            base=subject.base,
            candidate=subject.ids,
            seconds=round(ran.seconds, 3),
            at=now(),
            worker=self.worker,
            checks=tuple(_report(result) for result in ran.results),
        )


def _forget_oldest(directory: Path) -> None:
    """Keep the newest logs only; names begin with the tree, so the time decides."""
    logs = list(directory.glob("*.log"))
    if len(logs) > LOGS_KEPT:
        logs.sort(key=lambda log: log.stat().st_mtime)
        for log in logs[: len(logs) - LOGS_KEPT]:
            log.unlink(missing_ok=True)


def _spec(check: Check) -> CheckSpec:
    return CheckSpec(check.name, check.run, check.timeout, check.parallel, check.directory)


def _environment(subject: Subject, config: Config) -> dict[str, str]:
    return check_environment(
        os.environ,
        passed=config.environment,
        extra={
            "REFINERY_TARGET": subject.target,
            "REFINERY_BASE": subject.base,
            "REFINERY_COMMIT": subject.commit,
            "REFINERY_TREE": subject.tree,
            "REFINERY_CANDIDATE": " ".join(subject.ids),
        },
    )


def _report(result: CheckResult) -> CheckReport:
    failed = result.verdict.value != "pass"
    return CheckReport(
        name=result.name,
        verdict=Result(result.verdict.value),
        seconds=round(result.seconds, 3),
        exit_code=result.exit_code,
        note=result.note[:300],
        tail=result.tail[-TAIL_KEPT:] if failed else "",
    )
