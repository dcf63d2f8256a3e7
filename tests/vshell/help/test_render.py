"""Texts of the manual fit any terminal: the words stay, the markup goes."""

import re

import pytest

import vshell.commands  # noqa: F401 (declares them)
from vshell import help as manual
from vshell.help.render import render_text

TEXT = """\
Lengths of time
===============

A length is a whole number
and one unit, such as ``7D``::

    Y      years        apitoken create --expiry-date 1Y
    M      months

- ``Y`` is a capital, and so
  is ``M``.
- So is ``D``.

``--report FILE``
    Writes what became of
    each line.

=====  ==================
json   one document
ids    only the ids
=====  ==================
"""

SHOWN = """\
Lengths of time
===============

A length is a whole number and one
unit, such as 7D:

    Y      years        apitoken
        create --expiry-date 1Y
    M      months

- Y is a capital, and so is M.
- So is D.

--report FILE
    Writes what became of each line.

  json  one document
  ids   only the ids"""


def test_a_text_flows_and_shows_no_markup() -> None:
    assert render_text(TEXT, 36) == SHOWN


@pytest.mark.parametrize("width", [40, 80, 110])
@pytest.mark.parametrize("name", manual.topics() + manual.decisions())
def test_every_topic_fits_and_keeps_its_words(name: str, width: int) -> None:
    text = manual.topic(name).text
    shown = render_text(text, width)
    too_long = [line for line in shown.split("\n") if len(line) > width and " " in line.strip()]
    assert too_long == []
    assert re.findall(r"\w+", shown) == re.findall(r"\w+", text)
