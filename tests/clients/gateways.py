"""Real gateways before a directory of files, set up by the very text of ``help gateway``; stopped by their own ids."""

import contextlib
import os
import pwd
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import processes
from tests.processes import Server
from vshell import help as manual

DAV_MODULE = Path("/usr/lib/nginx/modules/ngx_http_dav_ext_module.so")
READY_SECONDS = 15


@dataclass(frozen=True)
class Raw:
    """An answer as it came over the wire."""

    status: int
    headers: str
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Gateway:
    """A running gateway: its port, and the directory that it serves."""

    port: int
    files: Path

    @property
    def url(self) -> str:
        """The gateway's address."""
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, target: str, *headers: str, body: bytes = b"") -> Raw:
        """Send a request whose target nobody tidies up before; ``headers`` are whole lines."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Connection: close", *headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as wire:
            wire.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
            answer = b"".join(iter(lambda: wire.recv(65_536), b""))
        head, _, content = answer.partition(b"\r\n\r\n")
        return Raw(int(head.split()[1]), head.decode("latin-1"), content)


def configuration(title: str) -> str:
    """Return the ready configuration below a heading of ``help gateway``."""
    section = manual.topic("gateway").text.split(f"\n{title}\n" + "-" * len(title))[1]
    block = section.split("::\n\n")[1]
    lines = []
    for line in block.splitlines():
        if line and not line.startswith("    "):
            break
        lines.append(line)
    return "\n".join(lines)


@contextlib.contextmanager
def nginx(server: Server, folder: Path) -> Iterator[Gateway]:
    """Run nginx with its DAV modules before a directory ``files``."""
    program = processes.needed("nginx", "nginx")
    if not DAV_MODULE.exists():
        pytest.skip("needs nginx's DAV module: apt-get install libnginx-mod-http-dav-ext")
    gateway = Gateway(processes.free_port(), folder / "files")
    text = _filled(configuration("nginx"), server, gateway)
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = f"user {pwd.getpwuid(os.geteuid()).pw_name};" if os.geteuid() == 0 else ""
    whole = f"{user}\nload_module {DAV_MODULE};\ndaemon off;\npid {folder}/pid;\nworker_processes 2;\n"
    whole += f"error_log {folder}/error.log;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}\n{text}\n}}\n"
    (folder / "nginx.conf").write_text(whole)
    with _running([program, "-p", str(folder), "-c", str(folder / "nginx.conf")], gateway, folder):
        yield gateway


@contextlib.contextmanager
def caddy(server: Server, folder: Path) -> Iterator[Gateway]:
    """Run Caddy before a directory ``files``."""
    program = processes.needed("caddy", "caddy")
    gateway = Gateway(processes.free_port(), folder / "files")
    options = "{\n    admin off\n    auto_https off\n}\n"
    (folder / "Caddyfile").write_text(options + _filled(configuration("Caddy"), server, gateway) + "\n")
    command = [program, "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    with _running(command, gateway, folder):
        yield gateway


def _filled(text: str, server: Server, gateway: Gateway) -> str:
    """Put this test's addresses and directory in the place of the manual's."""
    gateway.files.mkdir(parents=True, exist_ok=True)
    for name, value in (
        ("127.0.0.1:8443", server.url.removeprefix("http://")),
        ("127.0.0.1:8080", f"127.0.0.1:{gateway.port}"),
        ("/srv/files", str(gateway.files)),
    ):
        assert name in text
        text = text.replace(name, value)
    return text


@contextlib.contextmanager
def _running(command: list[str], gateway: Gateway, folder: Path) -> Iterator[None]:
    """Run a gateway until the block ends; it is there when its port answers."""
    with (folder / "stderr.log").open("ab") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
        )
    try:
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", gateway.port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, (folder / "stderr.log").read_text()
                assert time.monotonic() < deadline, (folder / "stderr.log").read_text()
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(READY_SECONDS)
