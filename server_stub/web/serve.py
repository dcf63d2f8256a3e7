"""Start and stop: Granian serves the application from worker processes; this is what happens around that.

In the parent: the data directory is locked, the database brought to this schema, the local-admin token minted
and written, ``server.json`` and the line ``listening on URL`` given once a worker answers. In each worker:
``application`` opens the database and builds the routes. Granian ends workers by SIGTERM and waits for them.
"""

import functools
import http.client
import json
import logging
import multiprocessing.util
import os
import secrets as randomness
import signal
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings

from server_stub import secrets, store
from server_stub.files import write_private
from server_stub.store import Database
from server_stub.web import app, front_doors, sign_in
from server_stub.web.actors import LocalAdmin
from server_stub.web.refusals import Refusals
from server_stub.web.routing import Site

HEADER_MILLISECONDS = 10_000
THREADS = 16
PARENT_SECONDS = 0.5
READY_SECONDS = 30.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Service:
    """All that a server is started with; made by ``__main__`` from its flags."""

    data: Path
    database: str
    host: str
    port: int
    workers: int
    certificate: Path | None
    key: Path | None
    self_signed: bool
    stop_with_shells: bool
    public_url: str | None
    server_id: str = ""
    token_prefix: str = ""
    local_admin: LocalAdmin | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """The address that clients on this host use."""
        scheme = "https" if self.certificate else "http"
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 (asked for, not chosen)
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"


def reserve(host: str, port: int) -> socket.socket:
    """Bind a port (a free one for 0) without listening on it, so that it stays ours until a worker binds it too."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    kept = socket.socket(family, socket.SOCK_STREAM)
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "SO_REUSEPORT"):
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    kept.bind((host, port))
    return kept


def mint_local_admin(service: Service) -> LocalAdmin:
    """Make this start's local-admin token and write it where only the server's own user can read it."""
    minted = secrets.mint(store.clock(), randomness.token_bytes(secrets.FRESH_BYTES), service.token_prefix)
    write_private(service.data / "local-admin.token", minted.token)
    return LocalAdmin(minted.id, minted.digest)


def application(service: Service) -> Callable[..., Any]:
    """Make the WSGI application of one worker."""
    if service.local_admin is None:
        raise AssertionError("the local-admin token is minted before a worker starts")
    database = Database(store.engine_of(service.database))
    refusals = Refusals(database)
    check_password = functools.partial(sign_in.check_password, database)
    site = Site(service.server_id, service.token_prefix, randomness.token_bytes, check_password)
    _end_with_parent()
    multiprocessing.util.Finalize(None, _close, args=(refusals, database), exitpriority=10)
    return app.build(app.Server(database, site, service.local_admin, refusals), front_doors.ROUTES)


def _close(refusals: Refusals, database: Database) -> None:
    refusals.close()
    database.close()


def _end_with_parent() -> None:
    """End this worker when its parent is gone, as after kill -9: it would serve on with nobody to stop it."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def serve(service: Service) -> None:
    """Serve until SIGTERM or SIGINT; the port is bound and the database is ready when this is called."""
    server = Granian(
        target="server_stub.web.serve:application",
        address=service.host,
        port=service.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=service.workers,
        blocking_threads=THREADS,
        websockets=False,
        log_enabled=True,
        log_dictconfig=LOGGING,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
        ssl_cert=service.certificate,
        ssl_key=service.key,
        ssl_protocol_min=SSLProtocols.tls12,
        workers_kill_timeout=10,
    )
    server.on_startup(functools.partial(_start, service))
    server.on_shutdown(functools.partial(_stop, service))
    server.serve(target_loader=functools.partial(_load, service), wrap_loader=False)


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "stream": "ext://sys.stderr"}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {"_granian": {"level": "WARNING"}, "granian": {"level": "WARNING"}},
}


def _load(service: Service) -> Callable[..., Any]:
    return application(service)


def _start(service: Service) -> None:
    threading.Thread(target=_announce, args=(service,), name="announce", daemon=True).start()


def _announce(service: Service) -> None:
    """Say that the server is ready as soon as it answers."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if _answers(service):
            facts = {
                "url": service.public_url or service.url,
                "pid": os.getpid(),
                "token_file": str(service.data / "local-admin.token"),
                "server_id": service.server_id,
                "ca_file": str(service.certificate) if service.self_signed else None,
            }
            write_private(service.data / "server.json", json.dumps(facts))
            print(f"listening on {service.url}", flush=True)
            return
        time.sleep(0.02)
    _log.error("the server does not answer on %s", service.url)
    os.kill(os.getpid(), signal.SIGTERM)


def _answers(service: Service) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(service.host, service.host)  # noqa: S104 (asked for, not chosen)
    if service.certificate:
        context = ssl._create_unverified_context()  # noqa: S323 (our own port; nothing is sent or believed)
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, service.port, timeout=2, context=context
        )
    else:
        connection = http.client.HTTPConnection(host, service.port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _stop(service: Service) -> None:
    """Take back what told shells that the server runs."""
    for name in ("server.json", "local-admin.token"):
        (service.data / name).unlink(missing_ok=True)
    sys.stdout.flush()
