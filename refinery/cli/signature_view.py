"""What `verify --signatures` says."""

from __future__ import annotations

from refinery.cli.output import counted, plain, style
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.audit.signatures import Signed, SignedHistory

_SHOWN = 20


def show(signed: Signed) -> None:
    """For people: what is wrong first, then what is right."""
    for each in signed.bad[:_SHOWN]:
        key = f" ({plain(' '.join(filter(None, (each.who, each.key))))})" if each.key else ""
        print(f"{style('✗', 'red')} {each.where} {each.commit[:12]}: {plain(each.subject)}")
        print(f"    is {each.worth.in_words}{key}; committed by {plain(each.committer)}")
    if len(signed.bad) > _SHOWN:
        print(style(f"  and {len(signed.bad) - _SHOWN} more", "dim"))
    for history in signed.histories:
        print(_in_a_line(history))
    for signer in signed.signers:
        who = f"{plain(signer.who or 'nobody known')} with {plain(signer.key)}"
        print(style(f"  {counted(signer.commits, 'commit')} by {who}", "dim"))


def _in_a_line(history: SignedHistory) -> str:
    if not history.asked:
        return style(f"  {history.where}: none of {history.before} had to be signed", "dim")
    is_good = history.good == history.asked
    mark = style("✓", "green") if is_good else style("✗", "red")
    how_many = str(history.good) if is_good else f"{history.good} of {history.asked}"
    before = f", {history.before} from before that was asked for" if history.before else ""
    return f"{mark} {history.where}: {how_many} well signed{before}"
