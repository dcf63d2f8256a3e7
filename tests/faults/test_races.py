"""Limits and revocation under real concurrency: real processes, real sockets, both engines."""

import itertools
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests import processes
from tests.processes import Server
from tests.wire import Held, Wire

OWNER = "support"
QUOTA = 5
CREATES = 200


def burst(server: Server, token: str, count: int) -> Counter[int]:
    """Send many creates for one owner, all but their last bytes, then release them together."""
    held = [Held(server.url, "POST", "/apitokens/", token, {"owner": OWNER}) for _ in range(count)]
    for request in held:
        request.release()
    return Counter(request.status() for request in held)


def live(server: Server) -> list[str]:
    """Return the ids of the owner's live tokens."""
    return [token["id"] for token in server.call("GET", f"/apitokens/?owner={OWNER}").json()]


def test_a_quota_is_exact_under_200_simultaneous_creates(either_server: Server, full: bool) -> None:
    server, admin = either_server, either_server.local_admin
    for _ in range(100 if full else 25):
        assert burst(server, admin, CREATES) == {201: QUOTA, 409: CREATES - QUOTA}
        ids = live(server)
        assert len(ids) == QUOTA
        wire = Wire(server.url, admin)
        assert wire.ask("PATCH", f"/apitokens/{ids[0]}/revoke/")[0] == 200
        assert burst(server, admin, 20) == {201: 1, 409: 19}
        for token_id in live(server):
            assert wire.ask("PATCH", f"/apitokens/{token_id}/revoke/")[0] == 200
        wire.close()


class User:
    """Uses whatever token is current, without pause, on both servers, and notes when each accepted use began."""

    def __init__(self, servers: list[Server]):
        self.accepted: list[tuple[str, float]] = []
        self.refused = 0
        self.current: tuple[str, str] | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._use, args=([Wire(s.url, "") for s in servers],))
        self._thread.start()

    def stop(self) -> None:
        """Stop using."""
        self._stopped.set()
        self._thread.join()

    def _use(self, wires: list[Wire]) -> None:
        for wire in itertools.cycle(wires):
            if self._stopped.is_set():
                break
            if self.current is None:
                time.sleep(0.0001)
                continue
            token_id, token = self.current
            began = time.monotonic()
            status, _ = wire.ask("GET", f"/apitokens/{token_id}/", token=token)
            if status == 200:
                self.accepted.append((token_id, began))
            else:
                assert status == 401
                self.refused += 1
        for wire in wires:
            wire.close()


def revoke_in_turn(servers: list[Server], count: int) -> tuple[int, int]:
    """Create, use, revoke and use again, as one of eight users; return accepted uses before and after the answer."""
    user = User(servers)
    admin = servers[0].local_admin
    makers = [Wire(server.url, server.local_admin) for server in servers]
    acknowledged: dict[str, float] = {}
    try:
        for number in range(count):
            status, issued = makers[0].ask("POST", "/apitokens/", {"owner": "root"}, token=admin)
            assert status == 201, issued
            user.current = (issued["id"], issued["token"])
            here, there = makers[number % 2], makers[1 - number % 2]
            assert there.ask("GET", f"/apitokens/{issued['id']}/", token=issued["token"])[0] == 200
            assert here.ask("PATCH", f"/apitokens/{issued['id']}/revoke/")[0] == 200
            acknowledged[issued["id"]] = time.monotonic()
            assert there.ask("GET", f"/apitokens/{issued['id']}/", token=issued["token"])[0] == 401
            assert here.ask("GET", f"/apitokens/{issued['id']}/", token=issued["token"])[0] == 401
    finally:
        user.stop()
        for maker in makers:
            maker.close()
    late = sum(began > acknowledged[token_id] for token_id, began in user.accepted)
    return len(user.accepted), late


def test_no_use_that_begins_after_a_revocation_was_acknowledged_is_accepted(
    tmp_path: Path, database_url: str, full: bool
) -> None:
    users, each = 8, 1_250 if full else 125
    with (
        processes.running(tmp_path / "one", "--database", database_url) as one,
        processes.running(tmp_path / "two", "--database", database_url) as two,
        ThreadPoolExecutor(users) as pool,
    ):
        found = list(pool.map(lambda _: revoke_in_turn([one, two], each), range(users)))
    assert sum(late for _, late in found) == 0
    assert sum(accepted for accepted, _ in found) > 0
