"""Bodies and queries: typed or refused in plain words; nothing is converted that was not meant to be."""

import contextlib
import io
import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.base.errors import Invalid, NotFound
from server_stub.web.http import decoding
from server_stub.web.http.decoding import LARGEST_ID, Body, Number, Query, require_number


class Wish(Body, frozen=True):
    """A body."""

    name: str
    count: int | None = None
    flag: bool = False
    names: list[str] = msgspec.field(default_factory=list)
    ids: Annotated[list[Number], msgspec.Meta(max_length=2)] = msgspec.field(default_factory=list)
    labels: dict[str, str] = msgspec.field(default_factory=dict)
    size: Literal["s", "m"] = "s"


class Asked(Query, frozen=True):
    """A query."""

    flag: bool = False
    page: int | None = None
    name: str | None = None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"name":5}', "name must be a text, not a whole number"),
        (b'{"name":null}', "name must be a text, not null"),
        (b'{"name":"a","count":"5"}', "count must be a whole number or null, not a text"),
        (b'{"name":"a","count":1.5}', "count must be a whole number or null, not a number"),
        (b'{"name":"a","flag":1}', "flag must be true or false, not a whole number"),
        (b'{"name":"a","names":["b",7]}', "names[1] must be a text, not a whole number"),
        (b'{"count":5}', "name is missing"),
        (b"{}", "name is missing"),
        (b'{"name":"a","colour":1}', 'there is no "colour" to be sent here'),
        (b"[]", "the body must be a JSON object, not a list"),
        (b'{"name":"a","ids":[0]}', "ids[0] must be at least 1"),
        (b'{"name":"a","ids":[9007199254740992]}', "ids[0] must be at most 9007199254740991"),
        (b'{"name":"a","ids":[1,2,3]}', "ids must have at most 2 entries"),
        (b'{"name":"a","size":"hunter2"}', "size is none of the values that it can have"),
        (b'{"name":"a","labels":{"x":null}}', "labels[...] must be a text, not null"),
        (b'{"name":"a\\u0000"}', "the request holds a NUL character"),
        (b'{"name":"\\\\\\u0000"}', "the request holds a NUL character"),
        (b"{", "the request's body is not JSON that can be read"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(content: bytes, sentence: str) -> None:
    with pytest.raises(Invalid) as caught:
        decoding.body(content, Wish)
    assert caught.value.sentence == sentence
    assert caught.value.hint


MESSAGES = [
    (b'{"name":5}', "Expected `str`, got `int` - at `$.name`"),
    (b'{"name":"a","count":"5"}', "Expected `int | null`, got `str` - at `$.count`"),
    (b'{"name":"a","names":["b",7]}', "Expected `str`, got `int` - at `$.names[1]`"),
    (b'{"name":"a","ids":[0]}', "Expected `int` >= 1 - at `$.ids[0]`"),
    (b'{"name":"a","ids":[1,2,3]}', "Expected `array` of length <= 2 - at `$.ids`"),
    (b'{"name":"a","size":"xl"}', "Invalid enum value 'xl' - at `$.size`"),
    (b"{}", "Object missing required field `name`"),
    (b'{"name":"a","colour":1}', "Object contains unknown field `colour`"),
    (b"[]", "Expected `object`, got `array`"),
]


@pytest.mark.parametrize(("content", "message"), MESSAGES)
def test_msgspec_speaks_as_the_patterns_expect(content: bytes, message: str) -> None:
    """When this fails, a version of msgspec words it anew: write the patterns anew, then widen pyproject's range."""
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.json.decode(content, type=Wish)
    assert str(caught.value) == message


def test_the_range_of_msgspec_is_the_one_that_was_tested() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "msgspec>=0.19,<0.24" in project["dependencies"]
    assert (0, 19) <= tuple(int(part) for part in msgspec.__version__.split(".")[:2]) < (0, 24)


@pytest.mark.parametrize("found", ["Expected a tea pot", "Expected a tea pot - at `$.name`", "x" * 10_000, ""])
def test_a_message_that_is_new_is_told_plainly(found: str) -> None:
    refusal = decoding._explain("body", msgspec.ValidationError(found))  # msgspec words no such message today
    assert refusal.sentence == ("name is wrong" if "$.name" in found else "the body is wrong")


def test_a_backslash_before_u0000_is_text() -> None:
    assert decoding.body(b'{"name":"\\\\u0000"}', Wish).name == "\\u0000"


def test_no_sentence_repeats_a_value_or_grows_with_what_was_sent() -> None:
    for content in (b'{"name":["hunter2"]}', b'{"name":"hunter2","count":"hunter2"}'):
        with pytest.raises(Invalid) as caught:
            decoding.body(content, Wish)
        assert "hunter2" not in str(caught.value)
    with pytest.raises(Invalid) as caught:
        decoding.body(b'{"name":"a","%s":1}' % (b"x" * 100_000), Wish)
    assert len(caught.value.sentence) < 300


@pytest.mark.parametrize("content", [b"", b"  \r\n", b"{}"])
def test_an_empty_body_is_an_empty_object(content: bytes) -> None:
    assert decoding.body(content) == Body()


@pytest.mark.parametrize(
    ("text", "flag"), [("True", True), ("true", True), ("False", False), ("FALSE", False), ("1", True)]
)
def test_booleans_come_in_every_case(text: str, flag: bool) -> None:
    assert decoding.query(f"flag={text}", Asked).flag is flag


@pytest.mark.parametrize(
    "text", ["flag=maybe", "flag=", "page=x", "page=1.5", "name=a&name=b", "other=1", "name=%00", "%00=1"]
)
def test_a_query_that_is_wrong_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        decoding.query(text, Asked)


def test_a_query_is_read_as_forms_write_it() -> None:
    assert decoding.query("name=bob+smith%20%C3%BC&page=3", Asked) == Asked(False, 3, "bob smith ü")


def test_a_form_is_read_like_a_body_and_unknown_fields_are_refused_alike() -> None:
    assert decoding.body(b"name=a+b&count=5", Wish, form=True) == Wish("a b", 5)
    with pytest.raises(Invalid):
        decoding.body(b"name=a&colour=1", Wish, form=True)


@pytest.mark.parametrize(("length", "sent"), [(None, 5), (5, 5), (None, decoding.BODY_BYTES)])
def test_a_body_within_the_limit_is_read(length: int | None, sent: int) -> None:
    assert len(decoding.read_bytes(io.BytesIO(b"x" * sent).read, length)) == sent


@pytest.mark.parametrize(("length", "sent"), [(None, decoding.BODY_BYTES + 1), (decoding.BODY_BYTES + 1, 0)])
def test_a_body_over_it_is_refused(length: int | None, sent: int) -> None:
    with pytest.raises(Invalid) as caught:
        decoding.read_bytes(io.BytesIO(b"x" * sent).read, length)
    assert caught.value.code == "too_large"


@given(st.binary(max_size=200))
def test_any_body_is_a_value_or_a_refusal(content: bytes) -> None:
    for form in (True, False):
        with contextlib.suppress(Invalid):
            assert isinstance(decoding.body(content, Wish, form), Wish)


@given(st.text(max_size=100))
def test_any_query_is_a_value_or_a_refusal(text: str) -> None:
    with contextlib.suppress(Invalid):
        assert isinstance(decoding.query(text, Asked), Asked)


@pytest.mark.parametrize("number", [1, LARGEST_ID])
def test_what_can_be_an_id_is_taken(number: int) -> None:
    assert require_number(number) == number == msgspec.convert(number, Number)


@pytest.mark.parametrize("number", [0, -1, LARGEST_ID + 1, 10**100])
def test_what_cannot_is_not_found_in_an_address_and_wrong_in_a_body(number: int) -> None:
    with pytest.raises(NotFound) as refused:
        require_number(number)
    assert len(refused.value.sentence) < 100
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(str(number), type=Number)
