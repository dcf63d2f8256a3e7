"""Families and windows under real concurrency: no child outlives its parent's revocation, and uses write little."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from server_stub import store
from tests.processes import Server
from tests.wire import Wire


def test_a_child_made_while_its_parent_is_revoked_is_never_left_alive(either_server: Server, full: bool) -> None:
    server, races = either_server, 2_000 if full else 150
    admin, maker, user = (Wire(server.url, server.local_admin) for _ in range(3))
    made = 0
    with ThreadPoolExecutor(2) as pool:
        for number in range(races):
            status, parent = admin.ask("POST", "/apitokens/", {"owner": "root"})
            assert status == 201
            together, late = threading.Barrier(2), number % 8 * 0.0005

            def make(
                parent: dict[str, str] = parent, together: threading.Barrier = together
            ) -> tuple[int, dict[str, str]]:
                together.wait()
                return maker.ask("POST", "/apitokens/", {}, token=parent["token"])

            def revoke(
                parent: dict[str, str] = parent, together: threading.Barrier = together, late: float = late
            ) -> int:
                together.wait()
                time.sleep(late)
                return admin.ask("PATCH", f"/apitokens/{parent['id']}/revoke/")[0]

            making, revoking = pool.submit(make), pool.submit(revoke)
            assert revoking.result() == 200
            status, child = making.result()
            assert status in (201, 401)
            if status == 201:
                made += 1
                assert user.ask("GET", f"/apitokens/{child['id']}/", token=child["token"])[0] == 401
    for wire in (admin, maker, user):
        wire.close()
    assert made > 0, "the race was never lost, so nothing was raced"


class Writes:
    """Counts how often a token's row is written, as seen by somebody else who looks every half millisecond."""

    def __init__(self, database_url: str, token_id: str):
        self.count = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(database_url, token_id))
        self._thread.start()

    def stop(self) -> int:
        """Stop counting and return the count."""
        self._stopped.set()
        self._thread.join()
        return self.count

    def _watch(self, database_url: str, token_id: str) -> None:
        connection = store.engine_of(database_url).connect()
        text, values = "SELECT last_used_at, expires_at FROM tokens WHERE id = :id", {"id": token_id}
        last = connection.rows(text, values)
        while not self._stopped.wait(0.0005):
            row = connection.rows(text, values)
            self.count += row != last
            last = row
        connection.close()


def test_a_thousand_uses_of_a_sliding_token_write_a_row_a_second(either_server: Server, database_url: str) -> None:
    server, used = either_server, 0
    issued = server.create(owner="root", sliding_window="10m")
    first_end = server.call("GET", f"/apitokens/{issued['id']}/").json()["expiry_date"]
    writes, began = Writes(database_url, issued["id"]), time.monotonic()
    with closing(Wire(server.url, issued["token"])) as wire:
        while used < 1_000 or time.monotonic() - began < 3:
            assert wire.ask("GET", f"/apitokens/{issued['id']}/")[0] == 200
            used += 1
    seconds = time.monotonic() - began
    assert 1 < writes.stop() <= seconds + 1, "a row a second, while it is used"
    assert server.call("GET", f"/apitokens/{issued['id']}/").json()["expiry_date"] > first_end


def test_no_use_within_a_short_window_is_refused_and_the_hard_end_stops_it(server: Server) -> None:
    issued = server.create(owner="root", sliding_window="1s", hard_end="4s")
    refused_at = None
    began = time.monotonic()
    with closing(Wire(server.url, issued["token"])) as wire:
        while time.monotonic() - began < 6:
            if wire.ask("GET", f"/apitokens/{issued['id']}/")[0] == 401:
                refused_at = time.monotonic() - began
                break
            time.sleep(0.05)
    assert refused_at is not None, "the hard end did not stop it"
    assert refused_at > 3.5, "a use within the window was refused"
