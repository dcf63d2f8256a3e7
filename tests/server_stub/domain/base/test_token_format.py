import random
import re
from collections import Counter
from hashlib import sha256
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Invalid
from server_stub.domain.base.timestamps import SECOND
from server_stub.domain.base.token_format import FRESH_BYTES, check_prefix, digest, is_id, mint, parse, same
from vshell.formats.text import BASE62

NOW = 1_795_298_400 * SECOND
BIRTH = 1_735_689_600 * SECOND
fresh = st.binary(min_size=FRESH_BYTES, max_size=FRESH_BYTES).filter(
    lambda content: sum(byte < 248 for byte in content) >= 29
)
prefixes = st.from_regex(r"(?:[A-Za-z][A-Za-z0-9]{0,14}_)?", fullmatch=True)


@given(st.integers(BIRTH, BIRTH + 62**5 * SECOND - 1), fresh, prefixes)
def test_what_is_minted_can_be_parsed(now: int, content: bytes, prefix: str) -> None:
    minted = mint(now, content, prefix)
    assert re.fullmatch(re.escape(prefix) + r"[0-9A-Za-z]{8}\.[0-9A-Za-z]{32}", minted.token)
    presented = parse(minted.token)
    assert presented is not None
    assert presented.id == minted.id == minted.token[len(prefix) :][:8]
    assert presented.digest == minted.digest == sha256(minted.token.encode()).digest() == digest(minted.token)
    assert is_id(minted.id)


@given(fresh, prefixes, st.data())
def test_any_changed_character_is_refused(content: bytes, prefix: str, data: st.DataObject) -> None:
    token = mint(NOW, content, prefix).token
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.one_of(st.sampled_from(BASE62), st.characters()).filter(lambda c: c != token[place]))
    assert parse(token[:place] + other + token[place + 1 :]) is None


def test_every_change_of_one_token_is_refused() -> None:
    token = mint(NOW, bytes(range(FRESH_BYTES)), "vgot_").token
    changed = {
        token[:place] + other + token[place + 1 :] for place in range(len(token)) for other in map(chr, range(128))
    } - {token}
    assert len(changed) == len(token) * 127
    assert not any(map(parse, changed))


def test_neighbours_swapped_are_refused() -> None:
    token = mint(NOW, bytes(range(7, 7 + FRESH_BYTES))).token
    for place in range(len(token) - 1):
        swapped = token[:place] + token[place + 1] + token[place] + token[place + 2 :]
        assert swapped == token or parse(swapped) is None


@pytest.mark.parametrize(
    "text",
    ["", " ", "null", ".", "a.b", "a" * 41, "x" * 8 + "." + "0" * 32, "é" * 41, "\ud800" * 41, "0" * 1_000_000],
)
def test_junk_is_refused(text: str) -> None:
    assert parse(text) is None


@given(fresh)
def test_more_or_less_than_a_token_is_refused(content: bytes) -> None:
    token = mint(NOW, content).token
    for text in (token + "\n", " " + token, token[:-1], token + "0", "_" + token, "1x_" + token, "\0" + token):
        assert parse(text) is None


def test_the_checksum_is_the_crc_of_zlib_in_base62() -> None:
    token = mint(NOW, bytes(FRESH_BYTES), "vgot_").token
    number = 0
    for character in token[-6:]:
        number = number * 62 + BASE62.index(character)
    assert number == crc32(token[:-6].encode())


def test_the_vcli_sample_has_our_form_and_another_checksum() -> None:
    assert parse("JhxND7ci.AWrRmHXRtbcjUSCANl9KLrxRT6sMqesu") is None


@pytest.mark.parametrize(
    ("seconds", "start"), [(0, "00000"), (61, "0000z"), (62, "00010"), (62**5 - 1, "zzzzz"), (62**5, "00000")]
)
def test_ids_begin_with_the_time(seconds: int, start: str) -> None:
    assert mint(BIRTH + seconds * SECOND, bytes(FRESH_BYTES)).id == start + "000"


@given(st.integers(0, 62**5 - 1), st.integers(0, 62**5 - 1), fresh)
def test_ids_sort_by_age(one: int, other: int, content: bytes) -> None:
    first, second = (mint(BIRTH + seconds * SECOND, content).id for seconds in (one, other))
    assert (first < second) == (one < other)


def test_no_character_is_favoured() -> None:
    source = random.Random(62)
    counts = Counter[str]()
    for _ in range(4_000):
        counts.update(mint(NOW, source.randbytes(FRESH_BYTES)).token[9:-6])
    expected = 4_000 * 26 / 62
    # 61 degrees of freedom: 120 is passed once in a hundred thousand times; 256 % 62 alone would give 700.
    assert sum((counts[character] - expected) ** 2 / expected for character in BASE62) < 120


def test_bytes_that_would_favour_some_are_passed_over() -> None:
    assert mint(NOW, b"\xff" * 20 + bytes(29)).token == mint(NOW, bytes(29)).token


def test_too_few_random_bytes_make_no_token() -> None:
    with pytest.raises(ValueError, match="too few random bytes"):
        mint(NOW, bytes(28) + b"\xff" * 36)


def test_no_repr_shows_a_secret() -> None:
    minted = mint(NOW, bytes(range(FRESH_BYTES)))
    shown = repr(minted) + repr(parse(minted.token))
    assert minted.token[9:] not in shown
    assert minted.digest.hex() not in shown
    assert repr(minted.digest) not in shown


@given(st.binary(), st.binary())
def test_same(one: bytes, other: bytes) -> None:
    assert same(one, one)
    assert same(one, other) == (one == other)


@pytest.mark.parametrize("prefix", ["", "vgot_", "a_", "A123456789abcde_"])
def test_prefixes(prefix: str) -> None:
    assert check_prefix(prefix) == prefix


@pytest.mark.parametrize("prefix", ["_", "vgot", "1a_", "a.b_", "a__", "A123456789abcdef_", "vgot_\n", "é_"])
def test_no_prefixes(prefix: str) -> None:
    with pytest.raises(Invalid):
        check_prefix(prefix)


@pytest.mark.parametrize("text", ["", "JhxND7c", "JhxND7ci0", "JhxND7c.", "JhxND7ci\n", "JhxND7cé"])
def test_no_ids(text: str) -> None:
    assert not is_id(text)


@pytest.mark.parametrize("text", ["myroot", "my root token", "a/b c", "~!@#", "x" * 256, "s-abc", "Null1"])
def test_a_named_string_is_looked_up_by_an_id_of_its_digest(text: str) -> None:
    presented = token_format.parse_named(text)
    assert presented is not None
    assert presented == token_format.parse_any(text)
    assert presented.digest == token_format.digest(text)
    assert token_format.is_id(presented.id)


@pytest.mark.parametrize(
    "text",
    ["", "abc", " abcd", "abcd ", "a.bcd", "x" * 257, "café au lait", "ab\ncd", "null", "None", "UNDEFINED", "true"],
)
def test_what_cannot_be_a_named_string(text: str) -> None:
    assert token_format.parse_named(text) is None


def test_the_two_forms_never_meet() -> None:
    minted = token_format.mint(1_790_000_000_000_000, bytes(range(64)))
    assert token_format.parse_any(minted.token) == token_format.parse(minted.token)
    assert token_format.parse_named(minted.token) is None
    assert token_format.parse_any(minted.token[:-1] + "0") is None or minted.token.endswith("0")


def test_an_id_tells_the_second_of_its_making() -> None:
    minted = token_format.mint(1_790_000_000_999_999, bytes(range(64)))
    assert token_format.made_at(minted.id) == 1_790_000_000_000_000
