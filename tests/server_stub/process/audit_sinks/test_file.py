"""A file that is only added to: whatever a failure left at its end, each line stands there whole and once."""

from pathlib import Path

import pytest

from server_stub.process.audit_sinks import file
from server_stub.process.audit_sinks.file import FileSink

HEADER = "header"
LINES = ["first ü", "second", "third"]
WHOLE = "".join(f"{line}\n" for line in [HEADER, *LINES]).encode()


def test_lines_are_added_and_private(tmp_path: Path) -> None:
    path = tmp_path / "copy"
    sink = FileSink(path, HEADER)
    sink.write(LINES[:1])
    sink.write(LINES[1:])
    sink.close()
    assert path.read_bytes() == WHOLE
    assert path.stat().st_mode & 0o777 == 0o600


def test_another_start_goes_on(tmp_path: Path) -> None:
    for lines in (LINES[:2], LINES[2:]):
        sink = FileSink(tmp_path / "copy", HEADER)
        sink.write(lines)
        sink.close()
    assert (tmp_path / "copy").read_bytes() == WHOLE


@pytest.mark.parametrize("length", range(len(WHOLE) + 1))
def test_a_torn_end_is_completed_and_nothing_repeated(tmp_path: Path, length: int) -> None:
    (tmp_path / "copy").write_bytes(WHOLE[:length])
    sink = FileSink(tmp_path / "copy", HEADER)
    sink.write(LINES)
    sink.close()
    assert (tmp_path / "copy").read_bytes() == WHOLE


def test_a_foreign_end_gets_a_line_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "copy").write_bytes(b"header\nfirst \xc3\xbc\nforeign")
    sink = FileSink(tmp_path / "copy", HEADER)
    sink.write(LINES)
    sink.close()
    assert (tmp_path / "copy").read_bytes() == b"header\nfirst \xc3\xbc\nforeign\nsecond\nthird\n"


def test_a_file_that_was_moved_away_is_begun_anew(tmp_path: Path) -> None:
    sink = FileSink(tmp_path / "copy", HEADER)
    sink.write(LINES[:1])
    (tmp_path / "copy").rename(tmp_path / "copy.1")
    sink.write(LINES[1:])
    sink.close()
    assert (tmp_path / "copy").read_text() == "header\nsecond\nthird\n"


def test_a_write_that_fails_is_told_and_made_up_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sink = FileSink(tmp_path / "copy", HEADER)
    sink.write(LINES[:1])
    plain = file.os.write

    def full(descriptor: int, content: bytes) -> int:
        if len(content) > 5:
            return plain(descriptor, content[:5])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(file.os, "write", full)
    with pytest.raises(OSError, match="No space"):
        sink.write(LINES[1:])
    monkeypatch.setattr(file.os, "write", plain)
    sink.write(LINES[1:])
    sink.close()
    assert (tmp_path / "copy").read_bytes() == WHOLE
