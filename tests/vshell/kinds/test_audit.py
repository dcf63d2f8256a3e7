"""Kinds of the audit chain."""

import pytest

from vshell.kinds.audit import Anchor, Anchored, Moment

HASH = "ab" * 32


@pytest.mark.parametrize("text", ["2h", "7D", "2026-11-21", "2026-11-21T22:00:00Z"])
def test_a_moment_or_how_long_ago(text: str) -> None:
    assert Moment().parse(text) == text


@pytest.mark.parametrize("text", ["", "yesterday", "2y", "-2h"])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match="is no time"):
        Moment().parse(text)


def test_an_anchor_is_a_line_of_audit_head() -> None:
    assert Anchor().parse(f" vshell-audit/00ff 12  {HASH}\n") == Anchored("00ff", 12, HASH)


@pytest.mark.parametrize("text", ["", "12 ab", f"vshell-audit/00ff 0 {HASH}", f"vshell-audit/00ff 12 {HASH}0"])
def test_what_is_no_anchor(text: str) -> None:
    with pytest.raises(ValueError, match="audit head"):
        Anchor().parse(text)
