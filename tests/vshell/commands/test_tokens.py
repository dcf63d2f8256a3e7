"""What the commands about tokens share."""

import pytest

from vshell.commands import _tokens
from vshell.errors import Mistake


def test_notes_become_a_mapping() -> None:
    assert _tokens.pairs(None) is None
    assert _tokens.pairs([]) is None
    assert _tokens.pairs([("a", "1"), ("b", "")]) == {"a": "1", "b": ""}
    with pytest.raises(Mistake, match="'a' is given twice"):
        _tokens.pairs([("a", "1"), ("a", "1")])


def test_an_answer_about_no_api_token_has_the_same_fields() -> None:
    flat = _tokens.flat({"active": True, "user": "local-admin", "token": None, "permissions": []})
    assert flat == {"id": None, "name": None, "expiry_date": None, "user": "local-admin", "permissions": []}


def test_an_error_of_its_own_each_time() -> None:
    assert _tokens.not_live() is not _tokens.not_live()
