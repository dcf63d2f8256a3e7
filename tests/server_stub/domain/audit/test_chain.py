import json
from dataclasses import fields, replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.audit.chain import (
    LARGEST_NUMBER,
    Draft,
    Record,
    canonical,
    chain,
    detail_text,
    genesis,
    read_detail,
)
from server_stub.domain.base.timestamps import rfc3339
from tests.chains import hash_of

AT = 1_795_298_400_000_001
DRAFT = Draft(
    AT, "admin", "token", "127.0.0.1", "apitoken.create", "L7k8ljIC", "done", {"owner": "adminjb", "name": "AWS"}
)
texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST_NUMBER, LARGEST_NUMBER) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
details = st.dictionaries(texts, values, max_size=5)
drafts = st.builds(
    Draft,
    at=st.integers(0, 2**57),
    actor=texts,
    auth_method=texts,
    source=texts,
    action=texts,
    target=texts,
    outcome=st.sampled_from(["done", "refused"]),
    detail=details,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-1, "-1"),
        (LARGEST_NUMBER, "9007199254740991"),
        (-LARGEST_NUMBER, "-9007199254740991"),
        ("", '""'),
        ([], "[]"),
        ({}, "{}"),
        ((1, "a"), '[1,"a"]'),
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        # RFC 8785, section 3.2.2: the string of the sample.
        ("\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"\u002f", '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
        ("\b\t\n\f\r\x00\x1f\x7f\u2028", '"\\b\\t\\n\\f\\r\\u0000\\u001f\x7f\u2028"'),
        # RFC 8785, section 3.2.3: the order of keys, by UTF-16 code units.
        (
            {
                "\u20ac": "Euro Sign",
                "\r": "Carriage Return",
                "\ufb33": "Hebrew Letter Dalet With Dagesh",
                "1": "One",
                "\U0001f600": "Emoji: Grinning Face",
                "\u0080": "Control",
                "\u00f6": "Latin Small Letter O With Diaeresis",
            },
            '{"\\r":"Carriage Return","1":"One","\x80":"Control","\u00f6":"Latin Small Letter O With Diaeresis",'
            '"\u20ac":"Euro Sign","\U0001f600":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
        ),
    ],
)
def test_canonical_json(value: Any, text: str) -> None:
    assert canonical(value) == text.encode()


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        0.5,
        float("nan"),
        2**53,
        -(2**53),
        b"x",
        {1: "x"},
        {"a": {"b": 1.5}},
        object(),
        {"s"},
        "\ud800",
        {"\udfff": 1},
        {"a": ["\ud800"]},
    ],
)
def test_what_canonical_json_cannot_hold(value: Any) -> None:
    with pytest.raises(ValueError, match=r"^(a|the) "):
        canonical(value)
    with pytest.raises(ValueError, match=r"^(a|the) "):
        replace(DRAFT, detail={"value": value})


def test_depth_is_bounded() -> None:
    value: Any = 1
    for _ in range(16):
        value = [value]
    assert canonical(value) == b"[" * 16 + b"1" + b"]" * 16
    with pytest.raises(ValueError, match="deeper than 16"):
        canonical([value])
    tower: Any = 1
    for _ in range(17):
        tower = {"a": tower}
    with pytest.raises(ValueError, match="deeper than 16"):
        canonical(tower)


@given(details)
def test_canonical_json_is_json_and_its_own_form(detail: dict[str, Any]) -> None:
    text = detail_text(detail)
    assert json.loads(text) == detail
    assert read_detail(text) == detail
    assert "\n" not in text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "1",
        '{"a": 1}',
        '{"b":1,"a":2}',
        '{"a":1,"a":2}',
        '{"a":1.0}',
        '{"a":1}\n',
        '{"a":"\\u0041"}',
        '{"a":NaN}',
        "{",
        '{"a":"\\/"}',
        "[" * 100000,
        '{"a":' + "9" * 400 + "}",
    ],
)
@pytest.mark.usefixtures("no_garbage")
def test_a_kept_detail_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"detail|number|float"):
        read_detail(text)


def test_the_genesis_binds_the_server() -> None:
    assert genesis("one") == sha256(b"vshell audit genesis 1\none").hexdigest()
    assert genesis("one") != genesis("two")


def test_the_format_is_final() -> None:
    """Worked out with printf and sha256sum; should this fail, kept chains no longer verify."""
    previous = "00" * 32
    body = (
        '{"action":"apitoken.create","actor":"admin","at":"2026-11-21T22:00:00.000001Z","auth_method":"token",'
        '"detail":{"name":"AWS","owner":"adminjb"},"outcome":"done","seq":7,"source":"127.0.0.1",'
        '"target":"L7k8ljIC"}'
    )
    record = chain(previous, DRAFT, 7)
    assert record.hash == sha256(f"vshell audit record 1\n{previous}\n{body}".encode()).hexdigest()
    assert record.hash == "a468102da8cd9fdaae9764676dd2f680246fae009533b7e3805e6178bc7d4eb5"
    assert record.prev_hash == previous
    assert (record.seq, record.at, record.detail) == (7, AT, DRAFT.detail)


@given(drafts, st.integers(1, LARGEST_NUMBER))
def test_the_body_is_the_canonical_json_of_the_record(draft: Draft, seq: int) -> None:
    record = chain(genesis("x"), draft, seq)
    left = {field.name: getattr(record, field.name) for field in fields(Record)}
    del left["prev_hash"], left["hash"]
    body = canonical({**left, "at": rfc3339(record.at)})
    expected = sha256(b"vshell audit record 1\n" + genesis("x").encode() + b"\n" + body).hexdigest()
    assert record.hash == hash_of(record) == expected


CHANGES: list[dict[str, Any]] = [
    {"seq": 8},
    {"at": AT + 1},
    {"actor": "Admin"},
    {"auth_method": "password"},
    {"source": "127.0.0.2"},
    {"action": "apitoken.revoke"},
    {"target": "L7k8ljID"},
    {"outcome": "refused"},
    {"detail": {}},
    {"detail": {"owner": "adminjb", "name": "AWS", "x": None}},
    {"prev_hash": "01" + "00" * 31},
]


@pytest.mark.parametrize("change", CHANGES)
def test_any_changed_field_changes_the_hash(change: dict[str, Any]) -> None:
    record = chain("00" * 32, DRAFT, 7)
    assert hash_of(replace(record, **change)) != record.hash


def test_every_field_is_bound() -> None:
    assert {name for change in CHANGES for name in change} == {field.name for field in fields(Record)} - {"hash"}


@given(drafts, drafts)
def test_different_records_have_different_hashes(one: Draft, other: Draft) -> None:
    assert (chain("00" * 32, one, 1).hash == chain("00" * 32, other, 1).hash) == (
        [one] == [other] and detail_text(one.detail) == detail_text(other.detail)
    )


@pytest.mark.parametrize("name", ["actor", "auth_method", "source", "action", "target"])
def test_half_a_surrogate_pair_fails_where_the_draft_is_made(name: str) -> None:
    with pytest.raises(ValueError, match="surrogate"):
        replace(DRAFT, **{name: "\ud800"})  # type: ignore[arg-type]  # one of the text fields
