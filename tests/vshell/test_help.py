"""The manual's topics: each has a title that the list of topics can show, and reads well on a terminal."""

from __future__ import annotations

import pytest

from vshell import help as manual
from vshell.errors import (
    Conflict,
    Failed,
    Interrupted,
    Mistake,
    NotAllowed,
    NotFound,
    SlowDown,
    Unreachable,
)

WIDEST = 110


def test_there_are_topics() -> None:
    assert {"credentials", "language", "output", "scripts", "servers", "exit_codes"} <= set(manual.topics())


@pytest.mark.parametrize("name", manual.topics() + manual.decisions())
def test_a_topic_has_an_underlined_title_and_fits_a_terminal(name: str) -> None:
    found = manual.topic(name)
    title, line, empty, *body = found.text.splitlines()
    assert line == "=" * len(title)
    assert empty == ""
    assert body
    assert found.summary == f"{title}."
    assert all(len(text) <= WIDEST and text == text.rstrip() for text in found.text.splitlines())


def test_the_exit_codes_are_told_as_they_are() -> None:
    text = manual.topic("exit_codes").text
    for error in (Failed, Mistake, NotFound, NotAllowed, Conflict, SlowDown, Unreachable, Interrupted):
        assert f"\n{error.exit_code} " in text
