"""Syslog by its socket: the form of messages, a socket that comes and goes, a line that is too long."""

import socket
from pathlib import Path

import pytest

from server_stub.process.audit_sinks.syslog import LONGEST, SyslogSink


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
