"""Nothing of a foreign text steers a terminal or gives a token away."""

from hypothesis import given
from hypothesis import strategies as st

from vshell.formats.text import quote, visible, without_token_forms

TOKEN = "JhxND7ci.AWrRmHXRtbcjUSCANl9KLrxRT6sMqesu"


@given(st.text())
def test_what_is_made_visible_can_be_printed(text: str) -> None:
    assert visible(text).isprintable()
    assert not text.isprintable() or visible(text) == text


@given(st.text(), st.text())
def test_what_has_a_tokens_form_is_hidden(before: str, after: str) -> None:
    assert TOKEN not in without_token_forms(before + TOKEN + after)
    assert TOKEN[9:] not in quote(before + TOKEN + after)


def test_a_long_text_is_cut() -> None:
    assert quote("x" * 61) == "'" + "x" * 57 + "...'"
