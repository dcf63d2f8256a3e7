"""Questions to a person outside the prompt; none is put where ``CI`` is set.

A build that waits for an answer waits for ever. So with ``CI`` set what would have asked raises instead: the sentence
says what was wanted, the hint how to give it beforehand. Every CI system sets the variable; ``CI=false`` and ``CI=0``
count as not set.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from vshell.errors import Failed, Mistake, NotAllowed


def in_ci(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether the environment says that this is an unattended build."""
    return environment.get("CI", "").strip().lower() not in ("", "0", "false", "no")


def confirm(question: str) -> bool:
    """Ask a question and return whether the answer was yes. Raises Failed in CI."""
    if in_ci():
        raise Failed(f"CI is set, so this was not asked, and nothing was done: {question}", "Add --yes to go ahead.")
    return _ask(f"{question} [y/N] ").strip().lower() in ("y", "yes")


def ask(question: str) -> str:
    """Show a question and return what was typed, with its line end. Raises Mistake in CI."""
    if in_ci():
        raise Mistake(f"CI is set, so this was not asked: {_subject(question)}.", "Give it in the line itself.")
    return _ask(question)


def ask_secret(question: str) -> str:
    """Show a question and return what was typed unseen. Raises NotAllowed in CI."""
    if in_ci():
        raise NotAllowed(
            f"CI is set, so this was not asked: {_subject(question)}.",
            "Set VSHELL_TOKEN to an API token, or give the secret on standard input; see: help ci",
        )
    from getpass import getpass

    with _stoppable():
        return getpass(_fit(question))


def require_prompt() -> None:
    """Raise Mistake in CI, where a prompt would wait for ever."""
    if in_ci():
        raise Mistake("CI is set, so there is no prompt.", "Give a line, -c LINE, or -f FILE; see: vshell help ci")


def require_person(undone: str, instead: str) -> None:
    """Raise Failed in CI, where what is about to begin would wait for a person who is not there."""
    if in_ci():
        raise Failed(f"CI is set, so {undone}.", f"{instead} See: help ci")


class QuestionStopped(KeyboardInterrupt):
    """Ctrl-C was pressed at a question: what it was about has not begun."""


def _ask(question: str) -> str:
    with _stoppable():
        sys.stderr.write(_fit(question))
        sys.stderr.flush()
        return sys.stdin.readline()


def _fit(question: str) -> str:
    """Return a question in lines that end at words on the terminal that shows it."""
    from vshell.terminal.screen import fit_lines  # needed only for a question

    return fit_lines(question, sys.stderr)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Tell a Ctrl-C at the question from one later; what is said next stands on a line of its own."""
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        raise QuestionStopped from None


def _subject(question: str) -> str:
    return question.strip().rstrip(":")
