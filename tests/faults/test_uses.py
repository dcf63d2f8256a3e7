"""Limited uses under real concurrency: a token of N uses raced by many clients is accepted exactly N times."""

import http.client
import json
import threading
import urllib.parse
from collections import Counter
from pathlib import Path

import pytest

from tests import processes
from tests.processes import Server
from tests.wire import Wire

CLIENTS = 64
USES = 10


class Racers:
    """Clients with kept connections, spread over servers, who all use one token at the same moment."""

    def __init__(self, servers: list[Server]):
        self._token = ""
        self._statuses: list[int] = []
        self._lock = threading.Lock()
        self._ready, self._done = threading.Barrier(CLIENTS + 1), threading.Barrier(CLIENTS + 1)
        self._ended = False
        self._threads = [
            threading.Thread(target=self._race, args=(servers[number % len(servers)], number))
            for number in range(CLIENTS)
        ]
        for thread in self._threads:
            thread.start()

    def race(self, token: str) -> Counter[int]:
        """Use a token by every client at once and return how often each status came."""
        self._token, self._statuses = token, []
        self._ready.wait(60)
        self._done.wait(60)
        return Counter(self._statuses)

    def end(self) -> None:
        """Send the clients home."""
        self._ended = True
        self._ready.wait(60)
        for thread in self._threads:
            thread.join()

    def _race(self, server: Server, number: int) -> None:
        parts = urllib.parse.urlsplit(server.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        # Half of them come through Vault's door, half through the native one: a use is a use.
        path, header = [("/v1/auth/token/lookup-self", "X-Vault-Token"), ("/api/login/", "Authorization")][
            number // 2 % 2
        ]
        while True:
            self._ready.wait(60)
            if self._ended:
                break
            shown = self._token if header == "X-Vault-Token" else f"Bearer {self._token}"
            connection.request("GET", path, headers={header: shown})
            answer = connection.getresponse()
            answer.read()
            with self._lock:
                self._statuses.append(answer.status)
            self._done.wait(60)
        connection.close()


def made(server: Server, uses: int) -> str:
    """Make a token of limited uses through Vault's door."""
    parts = urllib.parse.urlsplit(server.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    headers = {"X-Vault-Token": server.local_admin}
    connection.request("POST", "/v1/auth/token/create", json.dumps({"num_uses": uses}), headers)
    token: str = json.loads(connection.getresponse().read())["auth"]["client_token"]
    connection.close()
    return token


@pytest.mark.parametrize("processes_of_a_server", [1, 2])
def test_a_token_of_n_uses_is_accepted_n_times(
    tmp_path: Path, database_url: str, full: bool, processes_of_a_server: int
) -> None:
    with (
        processes.running(tmp_path / "one", "--database", database_url) as one,
        processes.running(tmp_path / "two", "--database", database_url) as two,
    ):
        servers = [one, two][:processes_of_a_server]
        racers = Racers(servers)
        wire = Wire(one.url, one.local_admin)
        try:
            for _ in range(200 if full else 10):
                token = made(one, USES)
                counted = racers.race(token)
                assert counted[200] == USES, counted
                assert counted[401] + counted[403] == CLIENTS - USES, counted
                status, shown = wire.ask("GET", f"/apitokens/{token.partition('.')[0]}/")
                assert (status, shown["state"], shown["uses_left"]) == (200, "spent", 0)
        finally:
            racers.end()
            wire.close()
