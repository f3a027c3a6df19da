"""The shells that pyvcs completes words in: their scripts, and the answers to what these ask."""

from __future__ import annotations

import os

import click
from click.shell_completion import BashComplete, CompletionItem, ShellComplete, get_completion_class

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_PYVCS_COMPLETE"
"""A shell's question: this variable says `bash_complete` and the like, others hold the words."""

PROGRAM = "pyvcs"


class _Bash(BashComplete):
    """Bash takes `main:soup.json` for three words and replaces only the last of them."""

    replaced = ""

    def get_completion_args(self) -> tuple[list[str], str]:
        args, beginning = super().get_completion_args()
        words = [*args, beginning]
        while len(words) > 1 and (words[-1].startswith(":") or words[-2] == ":"):
            words[-2:] = ["".join(words[-2:])]
        self.replaced = words[-1][: words[-1].rfind(":") + 1]
        return words[:-1], words[-1]

    def format_completion(self, item: CompletionItem[str]) -> str:
        return f"{item.type},{item.value.removeprefix(self.replaced)}"


def script(group: click.Command, shell: str) -> str:
    """What a shell has to run so that it completes the words of pyvcs."""
    return _completion(group, shell).source()


def answer(group: click.Command, question: str) -> str:
    """The lines that answer a shell's question (the value of VARIABLE); none for another one."""
    shell, _, what = question.partition("_")
    if shell not in SHELLS or what != "complete" or "COMP_WORDS" not in os.environ:
        return ""
    at = os.environ.get("COMP_CWORD", "")  # fish has the word itself there
    if shell != "fish" and not at.isdecimal():
        return ""
    return _completion(group, shell).complete()


def _completion(group: click.Command, shell: str) -> ShellComplete:
    kind = _Bash if shell == "bash" else get_completion_class(shell)
    assert kind is not None
    return kind(group, {}, PROGRAM, VARIABLE)
