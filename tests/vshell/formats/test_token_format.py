"""A real token is told from a look-alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vshell.formats.token_format import ids_of, is_token, tokens_in, without_tokens

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
