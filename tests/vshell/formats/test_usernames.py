"""User names: the shell refuses what the server would, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server_stub.domain.accounts import managers
from vshell.errors import Mistake
from vshell.formats import usernames

NAMES = st.text(st.sampled_from("abzABZ019._-+@ \n\u00e4\u212a\uff21\ufb01\u00aa\u65e5"), max_size=66) | st.text(
    max_size=66
)


@given(NAMES)
@example("local-admin")
@example("\ufb01" * 40)
def test_the_form_is_the_servers(name: str) -> None:
    if managers.canonical(name) in managers.RESERVED_NAMES or managers.find_username(name) is not None:
        assert usernames.checked(name) == name
    else:
        with pytest.raises(ValueError, match="cannot be a user name"):
            usernames.checked(name)


def test_who_signs_in_must_have_a_name_that_can_be_borne() -> None:
    usernames.require("Bob")
    with pytest.raises(Mistake, match="'\u65e5\u672c' cannot be a user name; use letters a to z"):
        usernames.require("\u65e5\u672c")
