"""A real browser for tests: Chromium without a window, pages that attack, and what they tell of what they reached."""

from __future__ import annotations

import contextlib
import json
import queue
import select
import socket
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.processes import needed

PATIENCE_SECONDS = 60
# No question of the browser's own may stand between the page and the server: the server is what is tested.
UNGUARDED = (
    "LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,PrivateNetworkAccessSendPreflights,HttpsUpgrades"
)


class Pages:
    """Serves pages by their paths, and gathers what they post to /told."""

    def __init__(self) -> None:
        pages = self
        self.pages: dict[str, str] = {}
        self.told: queue.Queue[Any] = queue.Queue()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                """Serve a page."""
                self._answer(pages.pages.get(self.path.partition("?")[0], ""))

            def do_POST(self) -> None:
                """Take what a page tells."""
                content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.path == "/told":
                    pages.told.put(json.loads(content))
                self._answer("")

            def _answer(self, page: str) -> None:
                content = page.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(content)))
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (the base class's name)
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def wait(self) -> Any:
        """Return what the next page tells."""
        return self.told.get(timeout=PATIENCE_SECONDS)

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


@contextlib.contextmanager
def pages() -> Iterator[Pages]:
    """Serve pages for the length of a block."""
    serving = Pages()
    try:
        yield serving
    finally:
        serving.close()


@contextlib.contextmanager
def visiting(url: str, profile: Path, *names: str) -> Iterator[subprocess.Popen[bytes]]:
    """Open a page in Chromium for the length of a block; the host ``names`` lead to this machine."""
    rules = ", ".join(f"MAP {name} 127.0.0.1" for name in names)
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"]
    flags += [f"--user-data-dir={profile}", f"--host-resolver-rules={rules}", f"--disable-features={UNGUARDED}"]
    flags += ["--remote-debugging-port=0", "--disable-background-networking", "--disable-component-update"]
    browser = subprocess.Popen(
        [needed("chromium", "chromium"), *flags, url], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield browser
    finally:
        browser.terminate()
        try:
            browser.wait(20)
        except subprocess.TimeoutExpired:
            browser.kill()
            browser.wait()


class Turnable:
    """A port that leads to one server, and after ``turn`` to another, as a name does that is rebound."""

    def __init__(self, port: int) -> None:
        self._leads_to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def turn(self, port: int) -> None:
        """Lead to another port from the next connection on."""
        self._leads_to = port

    def close(self) -> None:
        """Stop."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=_join, args=(near, self._leads_to), daemon=True).start()


def _join(near: socket.socket, port: int) -> None:
    """Pass bytes on both ways until one side ends."""
    with near, contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)) as far:
        other = {near: far, far: near}
        while True:
            for ready in select.select([near, far], [], [])[0]:
                piece = ready.recv(65_536)
                if not piece:
                    return
                other[ready].sendall(piece)
