"""Where everything lies: the refs under the prefix and the paths inside their trees."""

from __future__ import annotations

from refinery.records.names import Branch, MrId, Ref
from refinery.typed import TYPE_CHECKING
from refinery.values import dataclass

if TYPE_CHECKING:
    from refinery.records.verdict import VerdictKey

HEADER = "queue.yaml"
MRS = "mrs"
VERDICTS = "verdicts"
RECORD = "mr.yaml"  # in an inbox commit
CLAIM = "claim.yaml"  # in a claim commit
ISSUES = "issues"
SUFFIX = ".yaml"
LANDING_BRANCHES = "refinery/land/"  # the queue's own, which pull requests land


@dataclass(frozen=True, slots=True)
class RefNames:
    """The refs of one queue; hosts that allow only branches set the prefix below refs/heads/."""

    prefix: str = "refs/refinery"

    @property
    def queue(self) -> Ref:
        """Live merge requests and the header."""
        return Ref(f"{self.prefix}/queue")

    @property
    def archive(self) -> Ref:
        """Closed merge requests, in groups, one commit a group."""
        return Ref(f"{self.prefix}/archive")

    @property
    def issues(self) -> Ref:
        """The embedded tracker."""
        return Ref(f"{self.prefix}/issues")

    @property
    def resolutions(self) -> Ref:
        """How conflicts were resolved, for those that come again."""
        return Ref(f"{self.prefix}/resolutions")

    def kept(self, line: Ref) -> str:
        """The beginning of the refs that keep what a line was before it was begun anew."""
        return f"{self.below('history')}{line.rpartition('/')[2]}-"

    def inbox(self, mr: MrId | str) -> Ref:
        """A submission that is not folded yet."""
        return Ref(f"{self.prefix}/inbox/{mr}")

    def claim(self, mr: MrId | str) -> Ref:
        """A claim on one merge request."""
        return Ref(f"{self.prefix}/claims/{mr}")

    def pin(self, mr: MrId | str) -> Ref:
        """The pinned head of a live merge request."""
        return Ref(f"{self.prefix}/heads/{mr}")

    def below(self, folder: str) -> str:
        """The common part of a folder's refs, with its final slash."""
        return f"{self.prefix}/{folder}/"


def shard(mr: MrId) -> str:
    """The folder of a record: ids end in a hash, so its last letter spreads them over 32."""
    return mr[-1]


def mr_path(mr: MrId) -> str:
    """Where a live record lies in the queue's tree."""
    return f"{MRS}/{shard(mr)}/{mr}{SUFFIX}"


def verdict_path(key: VerdictKey) -> str:
    """Where a verdict lies in the queue's tree."""
    return f"{VERDICTS}/{key.tree[:2]}/{key.tree}-{key.fingerprint}{SUFFIX}"


def target_ref(branch: Branch) -> Ref:
    """The ref a target has on the remote."""
    return Ref(f"refs/heads/{branch}")
