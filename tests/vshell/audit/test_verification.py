"""Chains that were tampered with: each is found, and the first bad record named; no garbage is ever sound."""

from __future__ import annotations

import io
import json
import random
import tracemalloc
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import chains
from tests.vshell.audit import tampering
from tests.vshell.audit.tampering import Exported, encoded
from vshell.audit import records, signed_note, verification
from vshell.audit.verification import Anchor, Tampered, Unsealed, Unverified, Verdict, tampered_error

KEYS = signed_note.parse_keys([chains.SIGNER.verifier])
EXPORTED = Exported(250, 20)
CONTENT = b"".join(encoded(EXPORTED.lines))


def verify(given: Iterable[bytes], *anchors: Anchor) -> Verdict:
    """Verify with the right key."""
    return verification.verify(given, KEYS, anchors)


def found(given: Iterable[bytes], *anchors: Anchor) -> Tampered:
    """Verify what was tampered with."""
    with pytest.raises(Tampered) as caught:
        verify(given, *anchors)
    assert str(caught.value.record) in caught.value.sentence
    return caught.value


def test_the_shared_vectors_are_sound() -> None:
    with chains.VECTORS.open("rb") as stream:
        verdict = verification.verify(
            records.read_lines(stream), signed_note.parse_keys(chains.KEY.read_text().split("\n"))
        )
    assert (verdict.records, verdict.checkpoints, verdict.sealed, verdict.tail) == (3, 3, 2, 1)
    assert verdict.server_id == chains.SERVER_ID


def test_a_whole_chain_is_sound() -> None:
    verdict = verify(encoded(EXPORTED.lines))
    assert (verdict.records, verdict.checkpoints, verdict.tail) == (250, 13, 0)
    assert verdict.hash == EXPORTED.records[-1].hash


@pytest.mark.parametrize("kind", tampering.KINDS, ids=lambda kind: kind.__name__)
def test_the_first_bad_record_is_named(kind: tampering.Edit, full: bool) -> None:
    """The issue: 1,000 records x 12 kinds of edit, 12,000 of 12,000."""
    count = 1_000 if full else 100
    exported = Exported(count + 1, 100 if full else 20)
    for seq in range(1, count + 1):
        error = found(encoded(exported.tampered(seq, kind)))
        assert error.record == seq, (kind.__name__, seq, error.sentence)


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (tampering.content_edited, "edited"),
        (tampering.removed, "missing"),
        (tampering.duplicated, "duplicated"),
        (tampering.swapped, "reordered"),
        (tampering.moved_to_the_end, "reordered"),
        (tampering.forged_before, "forked"),
    ],
)
def test_what_is_wrong_is_said(kind: tampering.Edit, what: str) -> None:
    assert found(encoded(EXPORTED.tampered(33, kind))).what == what


def test_cuts_and_rewrites_are_found_against_any_kept_checkpoint(full: bool) -> None:
    """The issue: 200 cuts and rewrites, each against every checkpoint that lies behind it."""
    chosen = random.Random(5).sample(range(1, 250), 100 if full else 20)
    for seq in chosen:
        for changed, what in ((EXPORTED.cut(seq), "cut"), (_unsealed(EXPORTED.rewritten(seq), seq), "forked")):
            kept = [size for size in (*range(20, 251, 20), 250) if size > seq or (size == seq and what == "forked")]
            for size in kept:
                error = found(encoded(changed), Anchor(size, EXPORTED.records[size - 1].hash))
                assert error.what == what
                assert error.record == (seq + 1 if what == "cut" else size)


def _unsealed(export: list[str], seq: int) -> list[str]:
    """Leave out the checkpoints that contradict a rewriting."""
    return [
        line for line in export if "checkpoint" not in line or int(json.loads(line)["checkpoint"].split("\n")[1]) < seq
    ]


def test_a_rewriting_contradicts_the_next_checkpoint() -> None:
    for seq in (1, 19, 20, 21, 249):
        error = found(encoded(EXPORTED.rewritten(seq)))
        assert error.what == "forked"
        assert error.record == min(-(-seq // 20) * 20, 250)


def test_a_checkpoint_that_was_taken_away_is_missed() -> None:
    places = [place for place, line in enumerate(EXPORTED.lines) if "checkpoint" in line]
    for place in places[:-1]:
        error = found(encoded([*EXPORTED.lines[:place], *EXPORTED.lines[place + 1 :]]))
        assert (error.what, "taken away" in error.sentence) == ("not sealed", True)


def test_a_checkpoint_by_another_key_is_no_checkpoint() -> None:
    stranger = replace(chains.SIGNER, secret=bytes(32))
    record = EXPORTED.records[0]
    forged, _ = chains.checkpoint(record, records.genesis_hash(chains.SERVER_ID), signer=stranger)
    export = [chains.header(), chains.line(record), forged, chains.end(record)]
    assert found(encoded(export)).what == "wrongly signed"
    assert verification.verify(encoded(export), signed_note.parse_keys([stranger.verifier])).sealed == 1


def test_a_chain_without_a_signature_is_anybodys() -> None:
    """Whoever has no key can write one that fits together, or leave all signatures out of a rewritten one."""
    forged = list(chains.records(3, replace(chains.DRAFT, actor="eve")))
    for kind, last in (("export", [chains.end(forged[-1])]), ("copy", [])):
        with pytest.raises(Unverified, match="Nothing in this chain is signed"):
            verify(encoded([chains.header(kind), *map(chains.line, forged), *last]))


def test_a_key_of_another_server_verifies_nothing() -> None:
    with pytest.raises(Unverified, match="another server's"):
        verification.verify(
            encoded(EXPORTED.lines), signed_note.parse_keys([replace(chains.SIGNER, server_id="another").verifier])
        )


def test_signatures_that_were_left_out_to_the_end_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rewritten from a checkpoint on, without those that would contradict: the tail is longer than any honest one."""
    monkeypatch.setattr(verification, "WINDOW", 100)
    forged = _unsealed(EXPORTED.rewritten(141), 141)
    error = found(encoded(forged))
    assert (error.record, error.what) == (141, "not sealed")
    assert verify(encoded(_unsealed(EXPORTED.rewritten(161), 161))).tail == 90


def test_the_chain_of_another_server_is_not_this_one() -> None:
    other = list(chains.records(3, server_id="another"))
    export = [chains.header(), *map(chains.line, other), chains.end(other[-1])]
    assert found(encoded(export)).record == 1
    signed, _ = chains.checkpoint(
        other[0], records.genesis_hash("another"), signer=replace(chains.SIGNER, server_id="another")
    )
    mixed = [chains.header(), chains.line(EXPORTED.records[0]), signed, chains.end(EXPORTED.records[0])]
    assert found(encoded(mixed)).what == "not sealed"


def test_a_copy_needs_no_end_and_takes_a_late_checkpoint() -> None:
    first, second = EXPORTED.records[:2]
    signed, _ = chains.checkpoint(first, records.genesis_hash(chains.SERVER_ID))
    copy = [chains.header("copy"), chains.line(first), chains.line(second), signed]
    assert verify(encoded(copy)).tail == 1
    with pytest.raises(Unverified):
        verify(encoded([chains.header(), *copy[1:]]))


def test_what_stands_behind_the_end_was_added() -> None:
    assert found(encoded([*EXPORTED.lines, "{}"])).what == "added"
    assert found(encoded([*EXPORTED.lines, EXPORTED.lines[1]])).what == "added"


def test_a_soft_anchor_may_lie_beyond_the_end() -> None:
    assert verify(encoded(EXPORTED.lines), Anchor(999, "0" * 64, reached=False)).records == 250
    assert found(encoded(EXPORTED.lines), Anchor(7, "0" * 64, reached=False)).record == 7


def outcome(content: bytes) -> type[BaseException] | Verdict:
    """Verify any content: a verdict, or one of the two errors that say what is wrong."""
    try:
        return verify(records.read_lines(io.BytesIO(content)))
    except (Tampered, Unverified) as error:
        return type(error)


def test_a_truncated_export_is_never_sound(full: bool) -> None:
    """Every line end, and bytes within: the export says where it ends."""
    content = b"".join(encoded(list(chains.export(12, 5))))
    for end in range(0, len(content), 1 if full else 3):
        with pytest.raises(Unverified):
            verify(records.read_lines(io.BytesIO(content[:end])))
    for place in range(len(EXPORTED.lines)):
        with pytest.raises(Unverified):
            verify(encoded(EXPORTED.lines[:place]))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.integers(0, len(CONTENT)), st.integers(0, 200))
def test_garbage_put_into_an_export_is_never_sound(garbage: bytes, at: int, replaced: int) -> None:
    changed = CONTENT[:at] + garbage + CONTENT[at + replaced :]
    if changed != CONTENT:
        assert not isinstance(outcome(changed), Verdict)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2_000))
def test_garbage_is_never_sound(garbage: bytes) -> None:
    assert not isinstance(outcome(garbage), Verdict)


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"seq":' + b"9" * 100_000 + b"}",
        b'{"seq":1e999}',
        b'{"seq":NaN}',
        b"\xff\xfe",
        b'{"checkpoint":"\\ud800"}',
        b"x" * (records.LONGEST_LINE + 5),
        b"null",
        b"",
    ],
    ids=[
        "deep lists",
        "deep objects",
        "long number",
        "infinite",
        "NaN",
        "no UTF-8",
        "surrogate",
        "huge",
        "null",
        "empty",
    ],
)
def test_a_hostile_line_is_garbage(line: bytes) -> None:
    head, rest = EXPORTED.lines[:5], EXPORTED.lines[5:]
    assert found([*encoded(head), line + b"\n", *encoded(rest)]).record in (4, 5)  # a bad checkpoint is the 4th's


def test_memory_does_not_grow_with_the_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "WINDOW", 100)

    def peak(count: int) -> int:
        export = list(chains.export(count, 50))
        tracemalloc.start()
        verify(encoded(export))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100)  # what is imported and cached by the way
    assert peak(2_000) < peak(200) * 1.1


def test_the_exit_codes_are_those_of_the_manual() -> None:
    assert [error.exit_code for error in (Tampered, Unverified, Unsealed)] == [1, 2, 3]


def test_the_error_names_the_first_bad_record() -> None:
    error = tampered_error(7, "edited", "its hash does not fit")
    assert (error.record, error.what) == (7, "edited")
    assert error.sentence == "Record 7 of the audit chain is edited: its hash does not fit."


def test_the_tail_is_what_is_not_signed_yet() -> None:
    assert Verdict("a", 9, "", 1, 7, None).tail == 2
