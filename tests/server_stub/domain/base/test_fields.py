from dataclasses import dataclass, fields

import pytest

from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Invalid
from server_stub.domain.base.fields import (
    Check,
    apply_changes,
    between,
    printable,
    setting,
    string,
    switch,
    whole,
)


@dataclass(frozen=True, slots=True)
class Sample:
    count: int = setting(3, "How many.", between(1, 5))
    quick: bool = setting(False, "How fast.", switch)


@pytest.mark.parametrize("value", [1, 3, 5])
def test_whole(value: int) -> None:
    assert whole("count", value, 1, 5) == value


@pytest.mark.parametrize("value", [0, 6, -1, 2**63, True, "3", 3.0, float("nan"), float("inf"), None, [3]])
def test_not_whole(value: object) -> None:
    with pytest.raises(Invalid, match=r"^count must be a whole number from 1 to 5$"):
        whole("count", value, 1, 5)


@pytest.mark.parametrize("value", [1, 0, "true", None, []])
def test_no_switch(value: object) -> None:
    with pytest.raises(Invalid, match=r"^quick must be true or false$"):
        switch("quick", value)


@pytest.mark.parametrize("value", [1, None, b"x", ["x"]])
def test_no_text(value: object) -> None:
    with pytest.raises(Invalid, match=r"^name must be a text$"):
        string("name", value)


def test_the_bounds_of_a_line_belong_to_it() -> None:
    assert printable("name", "x", longest=5) == "x"
    assert printable("name", "xxxxx", longest=5) == "xxxxx"
    with pytest.raises(Invalid, match="1 to 5 characters, not 6"):
        printable("name", "xxxxxx", longest=5)


def test_an_empty_line_may_be_allowed() -> None:
    assert printable("name", "", shortest=0, longest=5) == ""
    with pytest.raises(Invalid, match="1 to 5 characters, not 0"):
        printable("name", "", longest=5)


def test_changed_leaves_the_rest_alone() -> None:
    assert apply_changes(Sample(), {"quick": True}) == Sample(3, True)
    assert apply_changes(Sample(4, True), {}) == Sample(4, True)


@pytest.mark.parametrize("wishes", [{"count": 0}, {"count": None}, {"quick": 1}, {"slow": True}, {"": 1}])
def test_a_bad_wish_changes_nothing(wishes: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        apply_changes(Sample(), {"count": 5, **wishes})


def test_an_unknown_name_is_told_what_there_is() -> None:
    with pytest.raises(Invalid) as caught:
        apply_changes(Sample(), {"slow\x1b": True})
    assert caught.value.sentence == 'there is no setting "slow\\x1b"'
    assert caught.value.hint == "There are: count, quick."


def test_a_setting_stands_with_its_default_and_its_explanation() -> None:
    declared = [(field.name, field.default, field.metadata["explanation"]) for field in fields(Sample)]
    assert declared == [("count", 3, "How many."), ("quick", False, "How fast.")]


def test_a_text_that_holds_a_whole_token_is_refused() -> None:
    minted = token_format.mint(0, bytes(range(token_format.FRESH_BYTES)), "vgot_")
    bare = token_format.mint(0, bytes(range(token_format.FRESH_BYTES)))
    for text in (minted.token, f"key {bare.token} of bob", f"x_{bare.token}", f"old:{minted.token}"):
        with pytest.raises(Invalid, match="holds a whole token"):
            printable("name", text, longest=128)
    for text in (bare.token[:-1] + ("0" if bare.token[-1] != "0" else "1"), bare.token + "x", "a.b"):
        assert printable("name", text, longest=128) == text


@pytest.mark.parametrize("check", [string, lambda name, value: printable(name, value, longest=128)])
def test_no_text_that_is_kept_holds_a_token(check: Check) -> None:
    token = token_format.mint(0, bytes(range(token_format.FRESH_BYTES))).token
    with pytest.raises(Invalid, match="holds a whole token"):
        check("name", f"see {token}")
