"""Kinds whose meaning is in the typed text alone, and what all kinds share."""

from pathlib import Path as FilePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vshell.small import TOKEN
from vshell import kinds
from vshell.formats.text import quote
from vshell.kinds import (
    Choice,
    Integer,
    Json,
    Kind,
    ListOf,
    NewUsername,
    NoNames,
    Pair,
    Path,
    RoleName,
    Secret,
    Several,
    Switch,
    Text,
    Timestamp,
    Url,
    Word,
)


def test_a_kind_can_be_called_otherwise() -> None:
    kind = Text("TOKEN_NAME", "the name of a token")
    assert (kind.metavar, kind.explanation) == ("TOKEN_NAME", "the name of a token")
    assert (Text.metavar, Kind.explanation) == ("TEXT", "any text")
    assert repr(kind) == "Text('TOKEN_NAME')"


def test_a_quoted_text_is_short_and_harmless() -> None:
    assert quote("a b") == "'a b'"
    assert quote(f"x {TOKEN} y") == "'x *** y'"
    assert quote("\x1b[2J\n") == r"'\x1b[2J\n'"
    assert quote("x" * 100) == f"'{'x' * 57}...'"


def test_no_names_are_known_without_a_server() -> None:
    names = NoNames()
    names.invalidate()
    assert list(names.rows("managers")) == []


COLOURS = Choice("red", "green", "blue")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Text(), "", ""),
        (Text(), " a  b ", " a  b "),
        (Word(), "lab-1.example", "lab-1.example"),
        (NewUsername(), "Ann+x@lab", "Ann+x@lab"),
        (Secret(), "hunter2", "hunter2"),
        (COLOURS, "red", "red"),
        (Integer(), "0", 0),
        (Integer(1, 10), "10", 10),
        (Integer(-5, 5), "-5", -5),
        (ListOf(Text()), "", []),
        (ListOf(Text()), "  ", []),
        (ListOf(Text()), "a", ["a"]),
        (ListOf(Text()), "a,b, c", ["a", "b", "c"]),
        (ListOf(Integer()), "5,6", [5, 6]),
        (Json(), '{"a": [1, null]}', {"a": [1, None]}),
        (Json(), '"x"', "x"),
        (Path(), "a/b", "a/b"),
        (Url(), "https://vms.example.com", "https://vms.example.com"),
        (Url(), "http://127.0.0.1:8443/", "http://127.0.0.1:8443"),
        (Url(), "https://[::1]:8443", "https://[::1]:8443"),
        (Timestamp(), "2026-11-21", "2026-11-21T00:00:00.000000Z"),
        (Timestamp(), "2026-11-21T22:00:00+02:00", "2026-11-21T20:00:00.000000Z"),
    ],
)
def test_a_value_is_read(kind: Kind, text: str, value: object) -> None:
    assert kind.parse(text) == value


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        (Word(), "", "cannot be a name"),
        (Word(), "a b", "cannot be a name"),
        (Word(), "-x", "cannot be a name"),
        *((NewUsername(), text, "cannot be a user name") for text in ("", "日本", "a b", "a\nb", "a\x1bb")),
        (COLOURS, "pink", "give red, green or blue"),
        (COLOURS, "", "give red, green or blue"),
        (Integer(1, 10), "11", "from 1 to 10"),
        (Integer(1, 10), "0", "from 1 to 10"),
        (Integer(), "1.5", "whole number"),
        (Integer(), "٣", "whole number"),
        (Integer(), "9" * 5000, "whole number"),
        (ListOf(Text()), "a,,b", "empty item"),
        (ListOf(Text()), "a,", "empty item"),
        (ListOf(Integer()), "5,x", "'x'"),
        (Json(), "{", "at character 2"),
        (Json(), "NaN", "no JSON number"),
        (Json(), "[" * 100_000, "nested too deeply"),
        (Path(), "", "missing"),
        (Path(), "a\0b", "missing"),
        (Url(), "vms.example.com", "https://HOST"),
        (Url(), "ftp://x", "https://HOST"),
        (Url(), "https://x:123456", "https://HOST"),
        (Url(), "https://bob:hunter2@x", "no user name or password"),
        (Timestamp(), "tomorrow", "not a time"),
        (Timestamp(), "9999-12-31T23:59:59-01:00", "not a time"),
    ],
)
@pytest.mark.usefixtures("no_garbage")
def test_what_is_no_value_is_refused_with_a_way_out(kind: Kind, text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as refusal:
        kind.parse(text)
    sentence = str(refusal.value)
    assert sentence.endswith(".")
    assert "hunter2" not in sentence
    assert len(sentence) < 250


@pytest.mark.parametrize(
    ("kind", "prefix", "texts"),
    [
        (COLOURS, "", ["red", "green", "blue"]),
        (COLOURS, "g", ["green"]),
        (COLOURS, "x", []),
        (ListOf(COLOURS), "", ["red", "green", "blue"]),
        (ListOf(COLOURS), "red,", ["red,green", "red,blue"]),
        (ListOf(COLOURS), "red,b", ["red,blue"]),
        (Text(), "a", []),
        (Secret(), "", []),
    ],
)
def test_offers_begin_with_what_is_typed(kind: Kind, prefix: str, texts: list[str]) -> None:
    assert [offer.text for offer in kind.complete(prefix, NoNames(), {})] == texts


def test_files_are_offered_without_hidden_ones(tmp_path: FilePath) -> None:
    (tmp_path / "setup.vsh").touch()
    (tmp_path / "scripts").mkdir()
    (tmp_path / ".hidden").touch()
    (tmp_path / "s\x1b]0;x").touch()

    def offered(prefix: str) -> list[str]:
        offers = Path().complete(f"{tmp_path}/{prefix}", NoNames(), {})
        return [offer.text.removeprefix(f"{tmp_path}/") for offer in offers]

    assert offered("s") == ["scripts/", "setup.vsh"]
    assert offered("") == ["scripts/", "setup.vsh"]
    assert offered(".") == [".hidden"]
    assert offered("nowhere/x") == []
    assert list(Path().complete("a\0/", NoNames(), {})) == []


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (Secret(), "hunter2", "***"),
        (ListOf(Secret()), ["a", "b"], "***,***"),
        (ListOf(Text()), ["a", "b"], "a,b"),
        (Timestamp(), "2026-11-21T22:00:00.000000Z", "2026-11-21 22:00:00"),
        (Timestamp(), None, "None"),
        (Integer(), 5, "5"),
    ],
)
def test_a_value_is_shown(kind: Kind, value: object, shown: str) -> None:
    assert kind.show(value) == shown


def test_a_list_has_the_manners_of_its_items() -> None:
    assert ListOf(Secret()).secret
    assert ListOf(RoleName("ROLE")).metavar == "ROLE[,...]"
    assert ListOf(RoleName()).style == RoleName.style
    assert ListOf(RoleName()).many
    assert not Switch().takes_value


EVERY_KIND = [
    COLOURS,
    ListOf(COLOURS),
    Several(COLOURS),
    *(
        kind()
        for kind in vars(kinds).values()
        if isinstance(kind, type) and issubclass(kind, Kind) and kind not in (Choice, ListOf, Several)
    ),
]


@given(st.sampled_from(EVERY_KIND), st.text())
def test_a_kind_refuses_by_a_printable_sentence_and_never_otherwise(kind: Kind, text: str) -> None:
    sentence = "."
    try:
        kind.parse(text)
    except ValueError as refusal:
        sentence = str(refusal)
    assert sentence.isprintable()
    assert sentence.endswith(".")


@given(st.sampled_from([kind for kind in EVERY_KIND if not isinstance(kind, Path)]), st.text())
def test_completing_never_fails(kind: Kind, prefix: str) -> None:
    assert all(offer.text.startswith(prefix) for offer in kind.complete(prefix, NoNames(), {}))


def test_several_take_commas_as_they_are() -> None:
    kind = Several(Pair())
    assert kind.many
    assert kind.parse("why=a, b=c") == [("why", "a, b=c")]
    assert kind.metavar == "KEY=VALUE"
    assert [offer.text for offer in Several(COLOURS).complete("", NoNames(), {})] == list(COLOURS.words)
    assert Several(Secret()).secret


@pytest.mark.parametrize("text", ["", "a", "=b", "="])
def test_a_pair_has_a_key_and_a_sign(text: str) -> None:
    with pytest.raises(ValueError, match="write KEY=VALUE"):
        Pair().parse(text)
    assert Pair().parse("a=") == ("a", "")
