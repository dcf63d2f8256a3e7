"""Lines of an export: what each is, and that a record's hash is worked out from its bytes."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from server_stub.domain.audit import chain
from tests import chains
from tests.chains import hash_of
from tests.server_stub.domain.audit.test_chain import drafts
from vshell.audit import records
from vshell.audit.records import GARBAGE, Record

RECORD = next(chains.records(1))
LINE = chains.line(RECORD)


def test_a_record() -> None:
    found = records.parse_line(f"{LINE}\n".encode())
    assert isinstance(found, Record)
    assert (found.seq, found.hash, found.prev_hash) == (1, RECORD.hash, records.genesis_hash(chains.SERVER_ID))
    assert found.fits_itself
    assert found.digest(RECORD.prev_hash, 2) == hash_of(replace(RECORD, seq=2))


@given(drafts)
def test_whatever_the_server_records_is_read_as_it_was_hashed(draft: chain.Draft) -> None:
    record = chain.chain("a" * 64, draft, 7)
    found = records.parse_line(chains.line(record).encode())
    assert isinstance(found, Record)
    assert found.fits_itself


@pytest.mark.parametrize(
    ("line", "sort"),
    [
        (chains.header(), "header"),
        (chains.end(RECORD), "end"),
        ('{"checkpoint": "x"}', "checkpoint"),
        ('{"checkpoint":"x"}', "garbage"),
        ('{"checkpoint":"x","more":1}', "garbage"),
        ('{"end":"1","hash":"' + "0" * 64 + '"}', "garbage"),
        ('{"end":1,"hash":"0"}', "garbage"),
        ("{}", "garbage"),
        ("[]", "garbage"),
        ("1", "garbage"),
        ('{"unreadable": 3}', "garbage"),
    ],
)
def test_other_lines(line: str, sort: str) -> None:
    found = records.parse_line(line.encode())
    assert not isinstance(found, Record)
    assert found.sort == sort


@pytest.mark.parametrize("name", sorted(records._NAMES))
@pytest.mark.parametrize("value", [None, True, 1.5, -1, [], "0" * 63])
def test_a_record_with_a_field_of_another_type_is_garbage_or_does_not_fit(name: str, value: object) -> None:
    changed = json.dumps(json.loads(LINE) | {name: value}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    found = records.parse_line(changed.encode())
    assert found == GARBAGE or (isinstance(found, Record) and not found.fits_itself)


def test_a_field_too_many_or_too_few_is_garbage() -> None:
    value = json.loads(LINE)
    assert records.parse_line(json.dumps(value | {"more": 1}).encode()) == GARBAGE
    del value["source"]
    assert records.parse_line(json.dumps(value).encode()) == GARBAGE
