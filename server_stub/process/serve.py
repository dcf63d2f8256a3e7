"""Start and stop: what happens around Granian, which serves the application from worker processes.

In the parent: the port is taken, the local-admin token minted and written, ``server.json`` and the line
``listening on URL`` given once a worker answers; all of it is taken back at the end. Granian ends the
workers by SIGTERM, waits for them, and replaces one that dies.
"""

import asyncio
import contextlib
import functools
import http.client
import json
import os
import secrets as randomness
import signal
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from granian import Granian, loops
from granian.constants import HTTPModes, Interfaces, Loops, SSLProtocols
from granian.http import HTTP1Settings
from granian.log import LogLevels

from server_stub import locks, store
from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Unavailable
from server_stub.files import write_private
from server_stub.process.service import Service

HEADER_MILLISECONDS = 10_000
CONNECTIONS = 4_096
OPEN_FILES = 16_384
READY_SECONDS = 30.0
POLL_SECONDS = 0.02
STOPPING = (signal.SIGINT, signal.SIGTERM)
STOP_SECONDS = 10
LOOP = Loops.asyncio if sys.platform == "win32" else Loops.uvloop
"""The event loop: uvloop, which takes a sixth off an empty request, and is not made for Windows."""
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "stream": "ext://sys.stderr"}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {},
}


@contextlib.contextmanager
def reserve_port(host: str, port: int) -> Iterator[tuple[str, int]]:
    """Take a port (a free one for 0) while the block runs; return the address and the port that are bound.

    Raises OSError when it is taken. It is bound without listening, so that it stays ours until a worker binds it
    too. Workers share a port, and so could another server of the same user: whether anybody has it is tried
    first without sharing.
    """
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tried.bind(address)
        port = tried.getsockname()[1]
    with socket.socket(family, socket.SOCK_STREAM) as reserved:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "SO_REUSEPORT"):
            reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reserved.bind((address[0], port, *address[2:]))
        yield str(address[0]), port


@contextlib.contextmanager
def local_admin(service: Service) -> Iterator[Service]:
    """Mint this start's local-admin token and keep it where only the server's own user can read it.

    What tells shells that a server runs is taken back at the end, and what a killed server left, first.
    """
    _remove_files(service)
    minted = token_format.mint(store.clock(), randomness.token_bytes(token_format.FRESH_BYTES), service.token_prefix)
    write_private(service.data / "local-admin.token", minted.token)
    try:
        yield replace(service, local_admin=token_format.Presented(minted.id, minted.digest))
    finally:
        _remove_files(service)


def _remove_files(service: Service) -> None:
    for name in ("server.json", "local-admin.token"):
        (service.data / name).unlink(missing_ok=True)


def serve(service: Service) -> None:
    """Serve until SIGTERM or SIGINT; the port is taken and the database is ready when this is called.

    Raises Unavailable when no worker comes to answer.
    """
    _allow_many_connections()
    server = Granian(
        target="server_stub.process.worker:application",
        address=service.address,
        port=service.port,
        interface=Interfaces.RSGI,
        loop=Loops.auto,  # which is build_loop
        http=HTTPModes.http1,
        workers=service.workers,
        backpressure=CONNECTIONS,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=LOGGING,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
        ssl_cert=service.certificate,
        ssl_key=service.key,
        ssl_protocol_min=SSLProtocols.tls12,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    )
    failed = threading.Event()

    def announce() -> None:
        while len(server.wrks) < service.workers:  # workers are forked: no other thread may hold a lock meanwhile
            time.sleep(POLL_SECONDS)
        _announce(service, failed)

    server.on_startup(threading.Thread(target=announce, name="announce", daemon=True).start)
    _stop_on_signal(server.signal_handler_interrupt)
    if service.stop_with_shells:  # not earlier: a thread from before would take the signal that it sends itself
        locks.stop_when_free(service.data / "shells.lock")
    server.serve(target_loader=functools.partial(_load, service), wrap_loader=False)
    if failed.is_set():
        raise Unavailable(f"the server does not answer on {service.url}", hint="The lines above say why.")


@loops.register(Loops.auto.value)
def build_loop() -> asyncio.AbstractEventLoop:
    """Make the event loop of a worker, which passes on the first of its signals alone.

    A worker often gets two: Ctrl-C at a terminal, and systemd, signal every process, and the parent sends its SIGTERM
    on top. Granian 2.8 hangs where the second comes while it stops by the first, until it is killed.
    """
    loop: asyncio.AbstractEventLoop = loops.get(LOOP.value)
    add, stopping = loop.add_signal_handler, threading.Event()

    def add_once(number: int, callback: Callable[..., object], *arguments: Any) -> None:
        def stop() -> None:
            if not stopping.is_set():
                stopping.set()
                callback(*arguments)

        add(number, stop)

    loop.add_signal_handler = add_once  # type: ignore[assignment]
    return loop


def _stop_on_signal(stop: Callable[[], None]) -> None:
    """Stop at SIGTERM or SIGINT, taken by a thread that waits for them.

    Granian's handlers run in the main thread, which sleeps through a signal that the kernel gives to another.
    """
    if sys.platform == "win32":
        return

    def wait() -> None:
        signal.sigwait(STOPPING)
        stop()

    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    threading.Thread(target=wait, name="signals", daemon=True).start()


def _load(service: Service) -> Any:
    from server_stub.process import worker  # in the worker alone: the parent needs none of the front doors

    if sys.platform != "win32":
        for each in STOPPING:
            signal.signal(each, signal.SIG_DFL)  # until Granian sets its own: the parent's handler stops nothing here
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
    return worker.application(service)


def _allow_many_connections() -> None:
    """Allow as many open files as this user may have, up to a bound."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _announce(service: Service, failed: threading.Event) -> None:
    """Say that the server is ready as soon as it answers."""
    deadline = time.monotonic() + READY_SECONDS
    while not _answers(service):
        if time.monotonic() > deadline:
            failed.set()
            os.kill(os.getpid(), signal.SIGTERM)
            return
        time.sleep(POLL_SECONDS)
    facts = {
        "url": service.public_url or service.url,
        "pid": os.getpid(),
        "token_file": str(service.data / "local-admin.token"),
        "server_id": service.server_id,
        "ca_file": str(service.certificate) if service.self_signed else None,
    }
    write_private(service.data / "server.json", json.dumps(facts))
    print(f"listening on {service.url}", flush=True)


def _answers(service: Service) -> bool:
    connect: Callable[..., http.client.HTTPConnection] = http.client.HTTPConnection
    if service.certificate:
        context = ssl._create_unverified_context()  # noqa: S323 (our own port; nothing secret is sent)
        connect = functools.partial(http.client.HTTPSConnection, context=context)
    connection = connect(service.near_host, service.port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
