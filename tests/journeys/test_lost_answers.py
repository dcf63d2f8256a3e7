"""A connection that breaks after the server has done the work: nothing is done twice, and no secret is lost.

Issue 4: "a dropped server connection is retried once for reads, never for writes unless the request carries an
idempotency key (creates do)". robustness.md, C6: the proxy drops the answer; quota charged once.
"""

from __future__ import annotations

import select
import socket
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journeys.people import Person, created, hired, issued_on
from tests.processes import Server, running


class Proxy:
    """Passes bytes on to a server; of the requests that ``drops`` holds (counted from 1) it loses the answer."""

    def __init__(self, server: Server, drops: set[int]) -> None:
        parts = urllib.parse.urlsplit(server.url)
        self._target = (parts.hostname or "", parts.port or 80)
        self._drops = drops
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.requests: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        """Pass one connection on until an answer is to be lost: it has come from the server, so the work is done."""
        with client, socket.create_connection(self._target) as server:
            losing = False
            while True:
                ready, _, _ = select.select([client, server], [], [])
                for end in ready:
                    got = end.recv(65_536)
                    if not got or (end is server and losing):
                        return
                    if end is client and b" HTTP/1.1\r\n" in got:
                        self.requests.append(got.split(b"\r\n", 1)[0])
                        losing = len(self.requests) in self._drops
                    (server if end is client else client).sendall(got)


@contextmanager
def losing(server: Server, *numbers: int) -> Iterator[Proxy]:
    """Run a proxy before a server that loses the answers to these requests."""
    proxy = Proxy(server, set(numbers))
    try:
        yield proxy
    finally:
        proxy.close()


@pytest.fixture(params=["sqlite", "postgres"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A server on each engine."""
    flags: tuple[str, ...] = ()
    if request.param == "postgres":
        flags = ("--database", request.getfixturevalue("postgres_server").fresh_database())
    with running(tmp_path / "data", *flags) as started:
        yield started


def through(proxy: Proxy, person: Person) -> Person:
    """Return the person, who now reaches the server through the proxy."""
    return Person(person.home, ("--server", proxy.url), person.environment, person.name)


def test_a_create_whose_answer_is_lost_makes_one_token_and_prints_a_working_secret(
    server: Server, tmp_path: Path
) -> None:
    person = hired(server, tmp_path, "create_security", "view_security", max_api_tokens=2)
    with losing(server, 1) as proxy:
        printed = created(through(proxy, person).did("apitoken", "create", "--name", "once"))
    assert [line.split()[0] for line in proxy.requests] == [b"POST", b"POST"]
    listed = server.call("GET", f"/apitokens/?owner={person.name}&name=once").json()
    assert [each["id"] for each in listed] == [printed["id"]], "one token"
    asked = server.call("GET", "/login/", token=printed["token"])
    assert asked.json()["username"] == person.name, "the secret works"
    refused = person.run("apitoken", "create")
    assert refused.code == 5, "and the quota of two is used up, by this one and the person's own"


def test_a_rotation_whose_answer_is_lost_gives_the_secret_that_is_good(server: Server, tmp_path: Path) -> None:
    person = hired(server, tmp_path)
    token = server.create(owner=person.name)
    with losing(server, 1) as proxy:
        printed = through(proxy, person).did("apitoken", "rotate", "--id", token["id"], "--yes", "--output", "csv")
    secret = printed.splitlines()[1].split(",")[1]
    assert server.call("GET", "/login/", token=token["token"]).status_code == 401
    assert server.call("GET", "/login/", token=secret).json()["username"] == person.name


def test_when_the_second_answer_is_lost_too_the_shell_says_what_is_not_known(server: Server, tmp_path: Path) -> None:
    person = hired(server, tmp_path)
    with losing(server, 1, 2) as proxy:
        ran = through(proxy, person).run("apitoken", "create", "--name", "once")
    assert ran.code == 7
    assert ran.err.splitlines() == [
        f"The connection to {proxy.url} broke.",
        "It is not known whether it was done: look before you repeat it.",
    ]
    assert len(server.call("GET", f"/apitokens/?owner={person.name}&name=once").json()) == 1


def test_a_change_without_a_key_is_not_repeated(server: Server, tmp_path: Path) -> None:
    person = hired(server, tmp_path)
    token = server.create(owner=person.name)
    with losing(server, 1) as proxy:
        ran = through(proxy, person).run("apitoken", "modify", "--id", token["id"], "--name", "renamed")
    assert (ran.code, len(proxy.requests)) == (7, 1)


def test_at_a_terminal_the_person_sees_one_token_and_nothing_of_the_break(server: Server, tmp_path: Path) -> None:
    person = hired(server, tmp_path)
    with losing(server, 1) as proxy, through(proxy, person).at_a_terminal("apitoken", "create") as terminal:
        printed = issued_on(terminal)
        assert terminal.wait() == 0
    assert server.call("GET", "/login/", token=printed["token"]).status_code == 200
