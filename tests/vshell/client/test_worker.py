"""Connections beside one another: one server, one credential, one renewal."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from tests.vshell.web import Asked, Reply, serving
from vshell.client.client import HttpClient
from vshell.client.worker import WorkerClient
from vshell.state.credentials import Credential


def test_a_session_that_ended_is_renewed_once_for_all_twins() -> None:
    together = threading.Barrier(4, timeout=10)

    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/token/refresh/"):
            return Reply(200, {"access": "fresh", "refresh": "next"})
        if asked.headers["Authorization"] == "Bearer stale":
            together.wait()
            return Reply(401, {"detail": "it has ended", "code": "not_authenticated"})
        return Reply(200, {"id": 1})

    with serving(answer) as web:
        whole = HttpClient(web.url, Credential("test", "bob", token="stale", refresh="once"))
        renewing = threading.Lock()
        twins = [WorkerClient(whole, renewing) for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda twin: twin.request("GET", "/vms/1/"), twins))
        for twin in twins:
            twin.close()
        assert answers == [{"id": 1}] * 4
        assert [asked.path for asked in web.asked].count("/api/latest/token/refresh/") == 1
        assert whole.credential is not None
        assert whole.credential.token == "fresh"
        whole.close()


def test_closing_a_twin_ends_no_session() -> None:
    with serving(lambda asked: Reply(200, {})) as web:
        whole = HttpClient(web.url, Credential("test", "bob", token="x", refresh="y", passing=True))
        twin = WorkerClient(whole, threading.Lock())
        twin.request("GET", "/vms/1/")
        twin.close()
        assert [asked.path for asked in web.asked] == ["/api/latest/vms/1/"]
        whole.close()
        assert web.asked[-1].path == "/api/latest/logout/"
