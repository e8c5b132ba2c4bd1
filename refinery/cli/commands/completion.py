"""`refinery completion`: prints the script that has a shell complete what is typed."""

from __future__ import annotations

import argparse
import sys

from refinery.cli.output import note
from refinery.resources import completion_text

HELP = """\
Print the script that has a shell complete commands, options, ids, branches, targets and issues.
What depends on the repository comes from what was last fetched: a TAB never waits for the network.

Bash loads it by itself from ~/.local/share/bash-completion/completions, fish from its own folder
of completions; zsh from a folder of $fpath, named before `compinit` runs."""
EXAMPLES = """\
  refinery completion bash > ~/.local/share/bash-completion/completions/refinery
  refinery completion zsh > ~/.zfunc/_refinery      with fpath+=(~/.zfunc) in ~/.zshrc
  refinery completion fish > ~/.config/fish/completions/refinery.fish
  eval "$(refinery completion bash)"                only for this shell
"""

SHELLS = ("bash", "zsh", "fish")


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `completion`."""
    parser.add_argument("shell", choices=SHELLS, help="whose")


def run(arguments: argparse.Namespace) -> int:
    """Print it."""
    sys.stdout.write(completion_text(arguments.shell))
    if sys.stdout.isatty():
        note(f"hint: `refinery completion {arguments.shell} --help` says where to put it")
    return 0
