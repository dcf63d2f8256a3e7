"""Nothing of a foreign text steers a terminal or gives a token away."""

import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server_stub.domain.accounts import managers
from vshell.errors import Mistake
from vshell.formats.text import (
    canonical_username,
    ids_of,
    is_token,
    parse_username,
    quote,
    tokens_in,
    visible,
    without_token_forms,
    without_tokens,
)
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


# Written by the server's own rule: 8 and 32 base62 characters, the last 6 the checksum of all before.
REAL = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB"
LETTERS = st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def test_a_real_token_is_one() -> None:
    assert is_token(REAL)


@pytest.mark.parametrize(
    "text", ["", REAL[:-1], REAL + "x", " " + REAL, REAL[:-1] + "C", "1" + REAL[1:], REAL.replace(".", "-")]
)
def test_a_look_alike_is_none(text: str) -> None:
    assert not is_token(text)


@pytest.mark.parametrize("around", ["{}", "a {} b", "'{}'", "x{}", "{}x", "id={},", "{}\n", "vgot{}", "12345678.{}"])
def test_a_token_is_found_wherever_it_stands(around: str) -> None:
    text = around.format(REAL)
    assert [text[start:end] for start, end in tokens_in(text)] == [REAL]


def test_tokens_are_taken_out_of_a_text() -> None:
    assert without_tokens(f"a {REAL}, {REAL}.") == "a ***, ***."
    assert without_tokens("nothing here") == "nothing here"


def test_two_tokens_are_two() -> None:
    text = f"{REAL} {REAL}"
    assert list(tokens_in(text)) == [(0, 41), (42, 83)]


@given(st.text(LETTERS, min_size=8, max_size=8), st.text(LETTERS, min_size=32, max_size=32))
def test_a_random_look_alike_is_hardly_ever_one(first: str, second: str) -> None:
    # One in 4 thousand million would be; an example that hypothesis finds is a fault.
    assert not list(tokens_in(f"{first}.{second}"))


@given(st.text(max_size=200))
def test_any_text_can_be_searched(text: str) -> None:
    assert all(is_token(text[start:end]) for start, end in tokens_in(text))


@pytest.mark.parametrize(
    ("result", "ids"),
    [
        (None, []),
        ("text", []),
        ({"id": 4, "name": "bob"}, [4]),
        ([{"id": "JhxND7ci"}, {"name": "x"}, {"id": "L7k8ljIC"}], ["JhxND7ci", "L7k8ljIC"]),
        ({"id": REAL}, []),
        ({"id": None}, []),
        ({"id": {"a": 1}}, []),
    ],
)
def test_of_a_result_there_are_only_the_ids(result: object, ids: list[object]) -> None:
    assert ids_of(result) == ids
