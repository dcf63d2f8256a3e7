"""A worker: what it builds answers, what it closes is written down."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from server_stub import store
from server_stub.domain.audit.checkpoints import Signer
from server_stub.domain.base.token_format import Presented
from server_stub.process import worker
from server_stub.store import foundation
from tests.server_stub.process.test_serve import service
from tests.server_stub.web.http.test_rsgi import Scope, Transport


def test_it_serves_the_routes_and_writes_down_what_it_noted(tmp_path: Path) -> None:
    path = tmp_path / "vshell.db"
    engine = store.engine_of(str(path))
    store.migrate(engine)
    server_id = foundation.lay(engine)
    started = replace(service("::1"), database=str(path), server_id=server_id, local_admin=Presented("x", b""))
    started = replace(started, data=tmp_path, signer=Signer(server_id, bytes(32)))
    served = worker.application(started)

    async def ask() -> list[int]:
        transports = [Transport([]) for _ in range(3)]
        for transport in transports:
            scope = Scope([])
            scope.method, scope.path, scope.query_string = "GET", "/api/v1/apitokens/", ""  # type: ignore[misc]  # its own
            await served.__rsgi__(scope, transport)
        served.__rsgi_del__(asyncio.get_running_loop())
        return [transport.answer[0] for transport in transports]

    assert asyncio.run(ask()) == [401, 401, 401]
    connection = engine.connect()
    assert len(connection.rows("SELECT seq FROM audit WHERE outcome = 'refused'")) == 2
    last = connection.rows("SELECT max(seq) FROM audit")[0][0]
    signed = [int(row[0].splitlines()[1]) for row in connection.rows("SELECT note FROM audit_checkpoints")]
    assert max(signed) == last
    connection.close()


def test_no_worker_starts_without_the_local_token() -> None:
    with pytest.raises(AssertionError, match="local-admin"):
        worker.application(replace(service("::1"), local_admin=None))
