"""A flood of anonymous starts against a real server: its memory, its rows and its audit trail stay bounded."""

from __future__ import annotations

import http.client
import itertools
import os
import urllib.parse
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from server_stub import store
from server_stub.domain.devices import limits
from server_stub.operations import audit_throttle
from tests import processes
from tests.processes import Server

MEBIBYTE = 1 << 20
BEGIN = "/oauth/device_authorization"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def resident(server: Server) -> int:
    """Return the bytes of memory that a server's processes hold, its workers' included."""
    pages = 0
    left = [server.process.pid]
    while left:
        pid = left.pop()
        pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        left += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return pages * os.sysconf("SC_PAGE_SIZE")


def flood(server: Server, first: int, count: int) -> Counter[int]:
    """Begin from so many addresses, each of a network of its own and with another program; count the answers."""
    place, answers = urllib.parse.urlsplit(server.url), Counter[int]()
    with closing(http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)) as connection:
        for number in range(first, first + count):
            source = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
            if number % 2:
                source = f"2001:db8:{number:x}::7"
            body = f"client_id=c{number}&client_name=p{number}&host=h{number}"
            connection.request("POST", BEGIN, body, FORM | {"X-Forwarded-For": source})
            answer = connection.getresponse()
            answer.read()
            answers[answer.status] += 1
    return answers


def counted(url: str, table: str) -> int:
    """Return how many rows a table of a database has."""
    connection = store.engine_of(url).connect()
    with closing(connection):
        return int(connection.rows(f"SELECT count(*) FROM {table}")[0][0])


def begun(server: Server, **headers: str) -> int:
    """Begin directly and return the status."""
    place = urllib.parse.urlsplit(server.url)
    with closing(http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)) as connection:
        connection.request("POST", BEGIN, "client_id=vshell", FORM | headers)
        return connection.getresponse().status


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
def test_anonymous_starts_leave_memory_rows_and_records_bounded(tmp_path: Path, database_url: str, full: bool) -> None:
    """Issue: 10,000 anonymous starts: bounded memory and rows."""
    count = 10_000 if full else 300
    flags = ("--database", database_url, "--proxy", "127.0.0.1")
    with processes.running(tmp_path / "data", *flags) as server:
        flood(server, 0, 50)  # what every server takes once, it has taken then
        records = counted(database_url, "audit")
        held = [resident(server)]
        answers = Counter[int]()
        for first in (count, 2 * count):
            answers += flood(server, first, count)
            held.append(resident(server))
        rows = counted(database_url, "device_requests")
        records = counted(database_url, "audit") - records
        told = {"MiB": [round(each / MEBIBYTE, 1) for each in held], "rows": rows, "records": records, **answers}
        print(f"2 x {count} starts: {told}")
        assert set(answers) <= {200, 429}
        assert rows <= limits.OPEN_IN_ALL
        minutes = 3 if full else 1
        assert records <= minutes * 2 * (sum(audit_throttle.STRANGERS.values()) + 2)
        growths = [after - before for before, after in itertools.pairwise(held)]
        assert growths[0] < 24 * MEBIBYTE, told
        assert growths[1] < 3 * MEBIBYTE, told
        assert begun(server, Authorization=f"Bearer {server.create(owner='root')['token']}") == 200
        if full:
            assert begun(server) == 429, "there is no room for one more stranger"
