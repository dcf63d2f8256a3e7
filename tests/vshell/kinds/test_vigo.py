"""Ids with tok_ before them, and days."""

import pytest

from vshell.kinds import TokenId
from vshell.kinds.vigo import Day, MarkedId


def test_an_id_is_shown_with_its_mark_and_read_with_or_without() -> None:
    assert MarkedId().show("428BFekp") == "tok_428BFekp"
    for kind in (MarkedId(), TokenId()):
        assert kind.parse("tok_428BFekp") == kind.parse("428BFekp") == "428BFekp"


@pytest.mark.parametrize("text", ["tok_", "tok_428BFek", "tok_428BFekpX", "tik_428BFekp", "tok_tok_428B"])
def test_only_a_mark_before_a_whole_id_is_one(text: str) -> None:
    assert MarkedId().parse(text) == text


def test_a_whole_token_is_refused_without_repeating_it() -> None:
    with pytest.raises(ValueError, match="whole token") as caught:
        MarkedId().parse("tok_428BFekp.tDdKfDI3jVTPWyW12nxrsxTlhQ1QsvcS")
    assert "tDdK" not in str(caught.value)


def test_a_day() -> None:
    assert Day().show("2026-11-21T22:00:00.000000Z") == "2026-11-21"
    assert Day().show(None) == "never"
