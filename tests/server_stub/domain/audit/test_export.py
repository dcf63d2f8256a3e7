"""The lines of an export: checkpoints behind their records, late ones before what comes next."""

from server_stub.domain.audit import export
from server_stub.domain.audit.checkpoints import Checkpoint


def test_checkpoints_stand_behind_their_records() -> None:
    records = [(number, f"r{number}") for number in (4, 5, 6)]
    signed = [Checkpoint(number, size, 0, f"c{size}") for number, size in enumerate((3, 4, 4, 6))]
    c3, c4, c6 = (export.checkpoint(f"c{size}") for size in (3, 4, 6))
    assert export.merge_lines(records, signed) == [c3, "r4", c4, c4, "r5", "r6", c6]
    assert export.merge_lines([], signed[:1]) == [c3]
    assert export.merge_lines(records, []) == ["r4", "r5", "r6"]


def test_the_frame() -> None:
    assert export.header("ab", "copy") == '{"audit": "vshell audit 1", "kind": "copy", "server_id": "ab"}'
    assert export.end(7, "ff") == '{"end": 7, "hash": "ff"}'
