"""Families and windows under real concurrency: no child outlives its parent's revocation, and uses write little."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

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


class Commits:
    """Counts what is committed to a SQLite file by others, as seen every half millisecond."""

    def __init__(self, path: str):
        self.count = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(path,))
        self._thread.start()

    def stop(self) -> int:
        """Stop counting and return the count."""
        self._stopped.set()
        self._thread.join()
        return self.count

    def _watch(self, path: str) -> None:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            last = connection.execute("PRAGMA data_version").fetchone()
            while not self._stopped.wait(0.0005):
                version = connection.execute("PRAGMA data_version").fetchone()
                self.count += version != last
                last = version


def test_a_thousand_uses_of_a_sliding_token_write_a_row_a_second(server: Server) -> None:
    issued = server.create(owner="root", sliding_window="10m")
    commits, began = Commits(str(server.data / "vshell.db")), time.monotonic()
    with closing(Wire(server.url, issued["token"])) as wire:
        for _ in range(1_000):
            assert wire.ask("GET", f"/apitokens/{issued['id']}/")[0] == 200
    seconds = time.monotonic() - began
    assert commits.stop() <= seconds + 2


def test_no_use_within_a_short_window_is_refused(server: Server) -> None:
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
