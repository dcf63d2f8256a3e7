"""What holds for every kind of sink: it says what it is, opens nothing before it must, and closes twice."""

from pathlib import Path

import pytest

from server_stub.process.audit_sinks.file import FileSink
from server_stub.process.audit_sinks.pump import Sink
from server_stub.process.audit_sinks.syslog import SyslogSink


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
