"""HTTP by hand for tests that race: kept connections, and requests whose last byte is held back."""

import http.client
import json
import re
import socket
import urllib.parse
from typing import Any


class Wire:
    """One kept connection that shows one token."""

    def __init__(self, url: str, token: str):
        parts = urllib.parse.urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self._headers = {"Authorization": f"Api-Token {token}"}

    def ask(self, method: str, path: str, body: Any = None, token: str | None = None) -> tuple[int, Any]:
        """Send one request and return its status and its decoded body."""
        headers = {"Authorization": f"Api-Token {token}"} if token else self._headers
        content = None if body is None else json.dumps(body).encode()
        self._connection.request(method, f"/api{path}", content, headers)
        answer = self._connection.getresponse()
        read = answer.read()
        return answer.status, json.loads(read) if read else None

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class Held:
    """One request sent but for its last byte; ``release`` sends that, ``status`` waits for the answer."""

    def __init__(self, url: str, method: str, path: str, token: str, body: Any):
        parts = urllib.parse.urlsplit(url)
        content = json.dumps(body).encode()
        head = (
            f"{method} /api{path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Api-Token {token}\r\n"
            f"Content-Length: {len(content)}\r\nConnection: close\r\n\r\n"
        )
        self._socket = socket.create_connection((parts.hostname or "", parts.port or 80), timeout=60)
        self._last = content[-1:]
        self._socket.sendall(head.encode() + content[:-1])

    def release(self) -> None:
        """Send the last byte."""
        self._socket.sendall(self._last)

    def status(self) -> int:
        """Return the status of the answer."""
        with self._socket, self._socket.makefile("rb") as answer:
            status = int(answer.readline().split()[1])
            answer.read()
            return status


class Answered:
    """One answer: its status, its headers (names in lower case) and its body."""

    def __init__(self, read: bytes):
        head, _, self.body = read.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(first.split()[1]) if first else 0
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.body)


def raw(url: str, request: bytes, end: bool = False) -> Answered:
    """Send bytes and read until the server closes or the answer is whole; ``end`` closes our side first."""
    parts = urllib.parse.urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=60) as connection:
        connection.sendall(request)
        if end:
            connection.shutdown(socket.SHUT_WR)
        read = b""
        while piece := connection.recv(65_536):
            read += piece
            length = re.search(rb"(?i)\r\ncontent-length: (\d+)\r\n", read)
            if length and len(read.partition(b"\r\n\r\n")[2]) >= int(length[1]):
                break
        return Answered(read)
