"""Real programs for tests: our server as a process, PostgreSQL from Debian's package; each stopped by its own id."""

import contextlib
import json
import os
import pwd
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

READY_SECONDS = 30


def needed(program: str, package: str) -> str:
    """Return the path of a program, or skip the test with the name of the Debian package that has it."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"needs {program}: apt-get install {package}")
    return found


@dataclass
class Server:
    """One running vshell-server with its data directory."""

    process: subprocess.Popen[str]
    data: Path
    url: str

    @property
    def local_admin(self) -> str:
        """The token of local-admin."""
        return (self.data / "local-admin.token").read_text()

    def call(
        self, method: str, path: str, body: Any = None, token: str | None = None, **options: Any
    ) -> requests.Response:
        """Send one request to the native API, by local-admin unless another token or ``auth`` is given."""
        headers = {} if "auth" in options else {"Authorization": f"Api-Token {token or self.local_admin}"}
        certificate = self.data / "tls" / "certificate.pem"
        verify = str(certificate) if certificate.exists() else True
        return requests.request(
            method, f"{self.url}/api{path}", json=body, headers=headers, timeout=60, verify=verify, **options
        )

    def create(self, **wish: Any) -> dict[str, str]:
        """Create an API token by local-admin and return its id and token."""
        answer = self.call("POST", "/apitokens/", wish)
        assert answer.status_code == 201, answer.text
        issued: dict[str, str] = answer.json()
        return issued

    def stop(self) -> int:
        """Stop the server cleanly and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(READY_SECONDS)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code


def start_server(data: Path, *flags: str, environment: dict[str, str] | None = None) -> Server:
    """Start a server on a free port and wait until it says that it listens."""
    command = [sys.executable, "-m", "server_stub", "--data", str(data), "--listen", "127.0.0.1:0", *flags]
    data.mkdir(parents=True, exist_ok=True)
    with (data / "stderr.log").open("a") as log:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, env={**os.environ, **(environment or {})}
        )
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], READY_SECONDS)
    line = process.stdout.readline() if ready else ""
    if not line.startswith("listening on "):
        process.kill()
        process.wait()
        process.stdout.close()
        raise AssertionError(f"the server did not start: {(data / 'stderr.log').read_text()[-2000:]}")
    return Server(process, data, line.removeprefix("listening on ").strip())


@contextlib.contextmanager
def running(data: Path, *flags: str) -> Iterator[Server]:
    """Run a server for the length of a block."""
    server = start_server(data, *flags)
    try:
        yield server
    finally:
        server.stop()


@dataclass
class Postgres:
    """One running PostgreSQL that listens on loopback alone."""

    port: int
    user: str

    def url(self, name: str) -> str:
        """Return the URL of one of its databases."""
        return f"postgresql://{self.user}@127.0.0.1:{self.port}/{name}"

    def fresh_database(self) -> str:
        """Make an empty database and return its URL."""
        import psycopg

        name = f"test_{time.monotonic_ns()}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.url(name)


def free_port() -> int:
    """Return a port that was free a moment ago, for programs that cannot choose one themselves."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def postgres_folder() -> Path:
    """Return the folder of PostgreSQL's programs, or skip with the package's name."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not folders:
        pytest.skip("needs initdb and postgres: apt-get install postgresql")
    return folders[-1]


@contextlib.contextmanager
def postgres(*settings: str) -> Iterator[Postgres]:
    """Run a PostgreSQL of its own, as the user postgres when the tests run as root (it refuses root).

    Its ``settings`` stand in their last form, as in ``fsync=on``: by default a crash of the machine may lose data.
    """
    programs = postgres_folder()
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    as_user: dict[str, Any] = {"user": user, "group": user, "extra_groups": []} if os.geteuid() == 0 else {}
    folder = tempfile.mkdtemp(prefix="vshell-postgres-")
    if os.geteuid() == 0:
        shutil.chown(folder, user, user)
    data, port = f"{folder}/data", free_port()
    initdb = [programs / "initdb", "-D", data, "-A", "trust", "-U", user, "--no-sync", "--locale=C.UTF-8"]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_user)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c max_connections=300 -c fsync=off".split()
    options += [part for setting in settings for part in ("-c", setting)]
    with Path(folder, "log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, *options], stdout=log, stderr=log, cwd=folder, **as_user
        )
    try:
        _wait_for_postgres(Postgres(port, user), process)
        yield Postgres(port, user)
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: its databases are thrown away
        process.wait(READY_SECONDS)
        shutil.rmtree(folder)


def _wait_for_postgres(server: Postgres, process: subprocess.Popen[bytes]) -> None:
    import psycopg

    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            psycopg.connect(server.url("postgres")).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline or process.poll() is not None:
                raise
            time.sleep(0.05)
        else:
            return


def facts(server: Server) -> dict[str, Any]:
    """Read what a server says of itself in its data directory."""
    read: dict[str, Any] = json.loads((server.data / "server.json").read_text())
    return read
