"""A file that is only added to: whatever a failure left at its end, each line stands there whole and once."""

import socket
from pathlib import Path

import pytest

from server_stub.process import audit_sinks
from server_stub.process.audit_pump import Sink
from server_stub.process.audit_sinks import LONGEST, FileSink, SyslogSink

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
    plain = audit_sinks.os.write

    def full(descriptor: int, content: bytes) -> int:
        if len(content) > 5:
            return plain(descriptor, content[:5])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(audit_sinks.os, "write", full)
    with pytest.raises(OSError, match="No space"):
        sink.write(LINES[1:])
    monkeypatch.setattr(audit_sinks.os, "write", plain)
    sink.write(LINES[1:])
    sink.close()
    assert (tmp_path / "copy").read_bytes() == WHOLE


def listening(path: Path, sort: socket.SocketKind = socket.SOCK_DGRAM) -> socket.socket:
    """Listen as syslog does."""
    made = socket.socket(socket.AF_UNIX, sort)
    made.settimeout(5)
    made.bind(str(path))
    return made


def test_each_line_is_a_message(tmp_path: Path) -> None:
    with listening(tmp_path / "log") as log:
        sink = SyslogSink(str(tmp_path / "log"))
        sink.write(["one", "zwölf"])
        assert log.recv(100) == b"<109>vshell-audit: one"
        assert log.recv(100).decode() == "<109>vshell-audit: zwölf"
        sink.close()


def test_a_stream_gets_lines(tmp_path: Path) -> None:
    with listening(tmp_path / "log", socket.SOCK_STREAM) as log:
        log.listen()
        sink = SyslogSink(str(tmp_path / "log"))
        sink.write(["one"])
        taken, _ = log.accept()
        with taken:
            assert taken.recv(100) == b"<109>vshell-audit: one\n"
        sink.close()


def test_it_is_told_when_nobody_listens_and_works_again(tmp_path: Path) -> None:
    sink = SyslogSink(str(tmp_path / "log"))
    with pytest.raises(FileNotFoundError):
        sink.write(["one"])
    log = listening(tmp_path / "log")
    sink.write(["one"])
    log.close()
    (tmp_path / "log").unlink()
    with pytest.raises(OSError, match=r"refused|No such"):
        sink.write(["two"])
    with listening(tmp_path / "log") as again:
        sink.write(["two"])
        assert again.recv(100).endswith(b"two")
    sink.close()


def test_a_line_that_is_too_long_is_cut(tmp_path: Path) -> None:
    with listening(tmp_path / "log") as log:
        sink = SyslogSink(str(tmp_path / "log"))
        sink.write(["x" * 2_000_000])
        assert len(log.recv(3_000_000)) == LONGEST + len("<109>vshell-audit: ")
        sink.close()


@pytest.fixture(params=["file", "syslog"])
def sink(request: pytest.FixtureRequest, tmp_path: Path) -> Sink:
    """One of each kind, at a place that is not there."""
    place = tmp_path / "none" / "place"
    return FileSink(place, "header") if request.param == "file" else SyslogSink(str(place))


def test_it_says_where_it_is(sink: Sink, tmp_path: Path) -> None:
    assert str(tmp_path) in sink.name
    assert str(tmp_path) not in sink.kind


def test_a_place_that_is_not_there_is_told_at_the_first_line(sink: Sink) -> None:
    with pytest.raises(OSError, match="No such file"):
        sink.write(["line"])
    sink.close()
    sink.close()
