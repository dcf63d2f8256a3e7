"""Contexts: who asks for something, and what a record of it says."""

import pytest

from server_stub.domain.accounts import permissions
from server_stub.domain.base.errors import Unauthenticated
from server_stub.operations import context
from server_stub.operations.context import ReadContext


def test_an_open_route_that_wants_somebody_says_so() -> None:
    look = ReadContext(None, None, None, "")  # type: ignore[arg-type]  # nothing of it is looked at
    with pytest.raises(Unauthenticated):
        _ = look.actor


def test_a_record_names_the_caller_and_how_they_came() -> None:
    actor = permissions.local_admin("::1", "local token")
    note = context.draft(5, "x.do", actor, "::1", "t", {"a": 1})
    assert (note.actor, note.auth_method, note.outcome) == ("local-admin", "local token", "done")
    assert context.draft(5, "x.do", None, "::1", "t").auth_method == "none"
