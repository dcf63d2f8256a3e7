"""User names: one canonical form on both sides, and what is made of no such name."""

from __future__ import annotations

import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server_stub.domain.accounts import managers
from vshell.errors import Mistake
from vshell.formats.usernames import canonical, find_canonical
from vshell.kinds.plain import NewUsername, require_username

NAMES = st.text(st.sampled_from("abzABZ019._-+@ \n\u00e4\u212a\uff21\ufb01\u00aa\u65e5"), max_size=66) | st.text(
    max_size=66
)


@given(NAMES)
@example("local-admin")
@example("\ufb01" * 40)
def test_the_form_is_the_servers(name: str) -> None:
    if canonical(name) in managers.RESERVED_NAMES or managers.find_username(name) is not None:
        assert find_canonical(name) == canonical(name)
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
        once = canonical(chr(number))
        assert canonical(once) == once, hex(number)


@given(st.text(max_size=20))
def test_the_canonical_form_is_its_own(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)
