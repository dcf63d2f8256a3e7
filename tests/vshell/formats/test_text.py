"""Nothing of a foreign text steers a terminal or gives a token away."""

import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server_stub.domain.accounts import managers
from vshell.errors import Mistake
from vshell.formats.text import canonical_username, parse_username, quote, visible, without_token_forms
from vshell.kinds.plain import NewUsername, require_username

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


NAMES = st.text(st.sampled_from("abzABZ019._-+@ \n\u00e4\u212a\uff21\ufb01\u00aa\u65e5"), max_size=66) | st.text(
    max_size=66
)


@given(NAMES)
@example("local-admin")
@example("\ufb01" * 40)
def test_the_form_is_the_servers(name: str) -> None:
    if canonical_username(name) in managers.RESERVED_NAMES or managers.find_username(name) is not None:
        assert parse_username(name) == canonical_username(name)
        assert NewUsername().parse(name) == name
    else:
        with pytest.raises(ValueError, match="cannot be a user name"):
            NewUsername().parse(name)


def test_who_signs_in_must_have_a_name_that_can_be_borne() -> None:
    require_username("Bob")
    with pytest.raises(Mistake, match="'\u65e5\u672c' cannot be a user name; use letters a to z"):
        require_username("\u65e5\u672c")


def test_the_canonical_form_is_its_own_for_every_code_point() -> None:
    for number in range(sys.maxunicode + 1):
        once = canonical_username(chr(number))
        assert canonical_username(once) == once, hex(number)


@given(st.text(max_size=20))
def test_the_canonical_form_is_its_own(text: str) -> None:
    assert canonical_username(canonical_username(text)) == canonical_username(text)
