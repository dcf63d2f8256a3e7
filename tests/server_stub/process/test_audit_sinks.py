"""Audit sinks: files and syslog through failures, and that each gets every record and checkpoint in order.

At least once, through failures, restarts and other workers.
"""

import json
import socket
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from server_stub.domain.base.timestamps import MINUTE
from server_stub.process import audit_sinks
from server_stub.process.audit_sinks import CURSORS, FAILING, LATE_SECONDS, LONGEST, FileSink, Pump, Sink, SyslogSink
from tests.server_stub.process.test_checkpoint_signer import Chain
from tests.vshell.waiting import eventually

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


class Taker:
    """A sink in memory that fails when it is told to."""

    kind = "memory"

    def __init__(self, name: str = "memory") -> None:
        self.name = name
        self.taken: list[str] = []
        self.failing = False

    def write(self, lines: Sequence[str]) -> None:
        """Take lines, or half of them."""
        if self.failing:
            self.taken += lines[: len(lines) // 2]
            raise OSError(28, "No space left on device")
        self.taken += lines

    def close(self) -> None:
        """Let go of nothing."""

    def numbers(self) -> list[int]:
        """Return the numbers of the records that were taken."""
        return [json.loads(line)["seq"] for line in self.taken if '"seq"' in line]


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    """A new chain."""
    made = Chain(str(tmp_path / "vshell.db"), tmp_path)
    yield made
    made.database.close()


def emptied(pump: Pump) -> None:
    """Hand over all there is."""
    while pump.turn():
        pass


def test_all_is_handed_over_in_order(chain: Chain, tmp_path: Path) -> None:
    taker = Taker()
    pump = Pump(chain.database, [taker], tmp_path, required=False)
    signer = chain.signer()
    signer.turn()
    chain.grow(1_200)
    emptied(pump)
    chain.clock.advance(MINUTE)
    signer.turn()
    emptied(pump)
    chain.grow(1)
    emptied(pump)
    assert taker.numbers() == list(range(1, 1_203))
    sizes = [int(json.loads(line)["checkpoint"].split("\n")[1]) for line in taker.taken if "checkpoint" in line]
    assert sizes == [1, 1_000, 1_201]
    pump.close()


def test_another_start_goes_on_where_the_last_ended(chain: Chain, tmp_path: Path) -> None:
    taker = Taker()
    for _ in range(3):
        pump = Pump(chain.database, [taker], tmp_path, required=False)
        chain.grow(2)
        emptied(pump)
        pump.close()
    assert taker.numbers() == list(range(1, 8))
    for times, junk in enumerate(("junk", '{"memory": 7}'), 2):
        (tmp_path / CURSORS).write_text(junk)
        pump = Pump(chain.database, [taker], tmp_path, required=False)
        emptied(pump)
        pump.close()
        assert taker.numbers() == list(range(1, 8)) * times, "at least once"


def test_a_sink_that_fails_is_tried_again_and_keeps_no_other_waiting(chain: Chain, tmp_path: Path) -> None:
    broken, fine = Taker("broken"), Taker("fine")
    pump = Pump(chain.database, [broken, fine], tmp_path, required=True)
    broken.failing = True
    chain.grow(5)
    emptied(pump)
    assert fine.numbers() == [1, 2, 3, 4, 5, 6]
    assert pump.hold == pump.trouble == "the copy of the audit trail to memory fails: No space left on device"
    broken.failing = False
    emptied(pump)
    assert (pump.hold, pump.trouble) == (None, None)
    assert broken.numbers()[-6:] == [1, 2, 3, 4, 5, 6]
    assert not (tmp_path / FAILING).exists()
    pump.close()


def test_what_is_not_required_holds_nothing(chain: Chain, tmp_path: Path) -> None:
    taker = Taker()
    taker.failing = True
    pump = Pump(chain.database, [taker], tmp_path, required=False)
    pump.turn()
    assert pump.trouble is not None
    assert pump.hold is None
    pump.close()


def test_one_worker_does_it_and_the_others_know_of_its_troubles(chain: Chain, tmp_path: Path) -> None:
    one, two = Taker(), Taker()
    first = Pump(chain.database, [one], tmp_path, required=True)
    second = Pump(chain.database, [two], tmp_path, required=True)
    first.start()
    one.failing = True
    chain.grow(1)
    first.turn()
    second.turn()
    assert second.hold == "the copy of the audit trail to memory fails: No space left on device"
    one.failing = False
    first.turn()
    second.turn()
    assert second.hold is None
    first.close()
    chain.grow(1)
    emptied(second)
    assert two.numbers() == [3], "the other one goes on"
    second.close()


def test_where_it_cannot_note_how_far_it_got_nothing_is_repeated(
    chain: Chain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a full disk, when the copy lies on another."""
    taker = Taker()
    pump = Pump(chain.database, [taker], tmp_path, required=True)
    chain.grow(2)
    with monkeypatch.context() as full:

        def fail(path: Path, content: str) -> None:
            raise OSError(28, "No space left on device")

        full.setattr("server_stub.process.audit_sinks.write_private", fail)
        for _ in range(5):
            pump.turn()
        assert pump.hold is not None
    assert taker.numbers() == [1, 2, 3]
    pump.turn()
    assert pump.hold is None
    pump.close()
    again = Pump(chain.database, [taker], tmp_path, required=True)
    emptied(again)
    again.close()
    assert taker.numbers() == [1, 2, 3]


def test_a_sink_that_neither_takes_nor_refuses_holds_changes_in_every_worker(chain: Chain, tmp_path: Path) -> None:
    now, entered, let_go = [0.0], threading.Event(), threading.Event()

    class Stuck(Taker):
        def write(self, lines: Sequence[str]) -> None:
            entered.set()
            assert let_go.wait(10)
            super().write(lines)

    stuck = Stuck()
    first = Pump(chain.database, [stuck], tmp_path, required=True, seconds=lambda: now[0])
    second = Pump(chain.database, [Taker()], tmp_path, required=True, seconds=lambda: now[0])
    turn = threading.Thread(target=first.turn)
    turn.start()
    assert entered.wait(10)
    second.turn()
    assert (first.hold, second.hold) == (None, None)
    now[0] = LATE_SECONDS + 0.1
    second.turn()
    assert first.hold == "the copy of the audit trail to memory does not go on"
    assert second.hold == "the copy of the audit trail does not go on"
    let_go.set()
    turn.join()
    second.turn()
    assert (first.hold, second.hold) == (None, None)
    first.close()
    second.close()


def test_a_defect_holds_changes_too(chain: Chain, tmp_path: Path) -> None:
    class Wrong(Taker):
        def write(self, lines: Sequence[str]) -> None:
            if self.failing:
                raise RuntimeError("a defect")
            super().write(lines)

    taker = Wrong()
    pump = Pump(chain.database, [taker], tmp_path, required=True)
    pump.start()
    taker.failing = True
    chain.grow(1)
    eventually(lambda: pump.hold is not None)
    taker.failing = False
    eventually(lambda: pump.hold is None)
    pump.close()


def test_a_chain_that_is_shorter_than_its_copy_is_told(chain: Chain, tmp_path: Path) -> None:
    taker = Taker()
    pump = Pump(chain.database, [taker], tmp_path, required=True)
    chain.grow(3)
    emptied(pump)
    chain.run("DELETE FROM audit WHERE seq > 2; UPDATE audit_head SET seq = 2")
    pump.turn()
    assert pump.hold is not None
    assert "it holds record 4, and the chain in the database ends at record 2" in pump.hold
    pump.close()


def test_without_sinks_nothing_is_done(chain: Chain, tmp_path: Path) -> None:
    pump = Pump(chain.database, [], tmp_path, required=False)
    pump.start()
    pump.close()
    assert pump.trouble is None
