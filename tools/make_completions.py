"""Makes the completion scripts for bash, zsh and fish out of the commands' own parsers, by shtab.

They are made here and shipped as files: a TAB must not start Python, let alone import 45 commands.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import shtab

from tools.whole_parser import actions_of, whole_parser

HERE = Path(__file__).resolve().parent / "completions"
FOLDER = HERE.parent.parent / "completions"
SHIPPED = {"bash": "refinery.bash", "zsh": "_refinery", "fish": "refinery.fish"}
ABOUT = "Completion of refinery for {shell}, made by tools/make_completions.py with shtab."

_ENDED_TOO = {"show", "why", "log", "verify", "wait"}
_KINDS = {
    "id": "open",
    "depends_on": "open",
    "branch": "branches",
    "named": "branches",
    "base": "targets",
    "target": "targets",
    "epic": "epics",
    "issue": "issues",
    "rig": "rigs_or_dir",
    "rigs": "rigs_or_dir",
    "worker": "workers",
}
_METAVARS = {"FILE": shtab.FILE, "CANDIDATE": shtab.FILE, "VERDICT": shtab.FILE, "DIR": shtab.DIR}


def files() -> dict[Path, str]:
    """Every script by its place."""
    return {FOLDER / name: script(shell) for shell, name in SHIPPED.items()}


def script(shell: str) -> str:
    """One script."""
    parser = whole_parser()
    for path, action in actions_of(parser):
        _say_what_it_takes(path, action)
    made = shtab.complete(parser, shell, preamble={shell: _values(shell)})
    return _ENDS[shell](_without_head(made)).rstrip() + "\n"


def _without_head(made: str) -> str:
    """Where shtab would have it installed is not where it is."""
    return re.sub(r"\A(?:#compdef.*\n|\n|# (?:AUTO|Usage|See also|\d\)|  ).*\n)+", "", made)


def _say_what_it_takes(path: tuple[str, ...], action: argparse.Action) -> None:
    if action.choices is not None or action.nargs == 0:
        return
    kind = _KINDS.get(action.dest)
    if kind == "issues" and action.option_strings:
        kind = None  # the issue that a branch is for is the source tracker's
    if kind == "open" and path[0] in _ENDED_TOO:
        kind = "all"
    if path[0] == "verify" and action.dest == "words":
        kind = "all"
    if kind is not None:
        # fish takes what a command prints, the others call a function
        action.complete = {  # type: ignore[attr-defined]
            "bash": f"_refinery_{kind}",
            "zsh": f"_refinery_{kind}",
            "fish": f"(__refinery_{kind})",
        }
    elif action.metavar in _METAVARS:
        action.complete = _METAVARS[action.metavar]  # type: ignore[attr-defined]


def _values(shell: str) -> str:
    names = ["values.fish"] if shell == "fish" else ["values.sh", f"values.{shell}"]
    return "\n".join((HERE / name).read_text() for name in names)


def _bash(body: str) -> str:
    return f"""# {ABOUT.format(shell="bash")}

{body}

# To bash, `--option=value` is three words.
_refinery() {{
  local -a words=()
  local at cword=$COMP_CWORD
  for ((at = 0; at <= COMP_CWORD; at++)); do
    if [[ ${{COMP_WORDS[at]}} != "=" ]]; then
      words+=("${{COMP_WORDS[at]}}")
    elif ((at == COMP_CWORD)); then
      words+=("")
    else
      ((cword -= 1))
    fi
  done
  local -a COMP_WORDS=("${{words[@]}}")
  local COMP_CWORD=$cword
  _shtab_refinery
}}
complete -o bashdefault -F _refinery refinery git-refinery

# `git refinery`, by way of git's own completion
_git_refinery() {{
  local -a COMP_WORDS=(refinery "${{COMP_WORDS[@]:2}}")
  local COMP_CWORD=$((COMP_CWORD - 1))
  _refinery
}}
"""


def _zsh(body: str) -> str:
    named = body.replace("compdef _shtab_refinery -N refinery", "compdef _shtab_refinery {0}")
    return f"""#compdef refinery git-refinery
# {ABOUT.format(shell="zsh")}

{named.replace("{0}", "refinery git-refinery")}
"""


def _fish(body: str) -> str:
    return f"""# {ABOUT.format(shell="fish")}

{body}
complete -c git-refinery -w refinery
"""


_ENDS = {"bash": _bash, "zsh": _zsh, "fish": _fish}
