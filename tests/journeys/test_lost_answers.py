"""A connection that breaks after the server has done the work: nothing is done twice, and no secret is lost.

Issue 4: "a dropped server connection is retried once for reads, never for writes unless the request carries an
idempotency key (creates do)". robustness.md, C6: the proxy drops the answer; quota charged once.
"""

from __future__ import annotations

import re
import select
import socket
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journeys.approving import Visitor
from tests.journeys.people import PASSWORD, Person, created, hired, issued_on
from tests.processes import Server, running
from tests.terminal import Terminal
from tests.vshell.waiting import eventually

CODE = re.compile(r"verification code: ([B-Z]{4}-[B-Z]{4}) and")
GENERATED = re.compile(r"Token generated successfully : (\S{8}\.\S{32})")


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

    def lose(self, *numbers: int) -> None:
        """Lose the answers to these requests from now on, the next one being 1."""
        self._drops = {len(self.requests) + number for number in numbers}

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


@contextmanager
def generating(server: Server, tmp_path: Path, *lost: int) -> Iterator[tuple[Terminal, Proxy]]:
    """Run token:generate of dan's, who has approved it, behind a proxy that loses answers of its polls (the first: 1).

    The first poll comes 5 s after the code; by then dan, at a browser that the proxy is not before, has decided.
    """
    assert server.call("POST", "/managers/", {"username": "dan", "password": PASSWORD, "roles": []}).ok
    with losing(server) as proxy:
        dan = Person(tmp_path / "home", ("--server", proxy.url), {}, "dan")
        with dan.at_a_terminal("login", "--username", "dan", "--store", "file") as terminal:
            terminal.until("Password of")
            terminal.enter(PASSWORD)
            assert terminal.wait() == 0, terminal.text
        visitor = Visitor(server, "dan")
        proxy.lose(*(1 + number for number in lost))
        with dan.at_a_terminal("token:generate") as terminal:
            match = CODE.search(terminal.until(lambda here: CODE.search(here.text)))
            assert match
            visitor.approve(match[1])
            visitor.close()
            yield terminal, proxy


def device_tokens(server: Server, state: str) -> list[str]:
    """Return the ids of dan's device tokens in a state."""
    rows = server.call("GET", f"/apitokens/?owner=dan&archived=true&state={state}").json()
    return [row["id"] for row in rows if row["kind"] == "device"]


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_a_generated_token_whose_answer_is_lost_is_given_again(server: Server, tmp_path: Path) -> None:
    with generating(server, tmp_path, 1) as (terminal, proxy):
        assert terminal.wait() == 0, terminal.text
        (token,) = GENERATED.findall(terminal.text)
    assert [line for line in proxy.requests if b"/oauth/token" in line] == [b"POST /oauth/token HTTP/1.1"] * 2
    assert server.call("GET", "/login/", token=token).json()["username"] == "dan"
    assert device_tokens(server, "live") == [token[:8]]


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_ctrl_c_revokes_a_token_that_was_made_and_got_lost(server: Server, tmp_path: Path) -> None:
    with generating(server, tmp_path, 1, 2) as (terminal, proxy):
        eventually(lambda: len(device_tokens(server, "live")) == 1, "the token")
        eventually(lambda: len([line for line in proxy.requests if b"/oauth/token" in line]) == 2, "the second poll")
        terminal.press("ctrl-c")
        assert terminal.wait() == 130, terminal.text
        assert "The code is good for nothing any more." in terminal.text
        assert not GENERATED.search(terminal.text)
    assert (len(device_tokens(server, "live")), len(device_tokens(server, "revoked"))) == (0, 1)
