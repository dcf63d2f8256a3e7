"""Gateway between Granian (RSGI) and the WSGI application: a thread for each request that is whole.

A quick read needs none: on the event loop itself it costs less than the way to a thread and back. One that turns out to
have to wait is done again in a thread (see ``store.database``).

Rules:

* A body is 1 MiB at most and has 30 s to arrive. Whoever sends slowly holds no thread, so keeps nobody waiting.
* Half a request changes nothing: a body that breaks off is refused, also when what came would make sense alone.
* What all bodies on their way hold together is bounded.

An answer leaves Granian without backpressure, so it is made in one piece. In Granian's scope the path is decoded, names
of headers are lower case, and the version "1" is HTTP/1.0.
"""

import asyncio
import contextlib
import functools
import sys
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any

from server_stub.domain.base.errors import Invalid, Refusal, Unavailable
from server_stub.store.database import try_inline
from server_stub.web.http import decoding
from server_stub.web.http.thread_pool import Threads

if TYPE_CHECKING:
    from granian._granian import RSGIHTTPProtocol as Transport
    from granian.rsgi import Scope

THREADS = 64  # most of them wait for the writer, and its groups are no larger than that
BODY_SECONDS = 30.0
BODIES_BYTES = 64 << 20

Headers = list[tuple[str, str]]
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Gateway:
    """The application of one worker, as Granian calls it."""

    def __init__(
        self,
        application: Application,
        close: Callable[[], None],
        quick: Collection[str] = (),
        seconds: float = BODY_SECONDS,
    ):
        self._application = application
        self._close = close
        self._quick = frozenset(quick)
        self._seconds = seconds
        self._threads = Threads(THREADS)
        self._held = 0

    async def __rsgi__(self, scope: "Scope", transport: "Transport") -> None:
        """Serve one request."""
        if scope.method == "GET" and scope.path in self._quick and not _has_body(scope):
            answer = functools.partial(self._answer, environ(scope, Body(b"")), transport)
            if try_inline(answer):
                return
        with contextlib.ExitStack() as held:
            body = await self._read_body(scope, transport, held)
            await self._threads.run(functools.partial(self._answer, environ(scope, body), transport))

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Finish the requests that run, then close what they stood on."""
        self._threads.shutdown()
        self._close()

    async def _read_body(self, scope: "Scope", transport: "Transport", held: contextlib.ExitStack) -> "Body":
        """Read a body, or say why it is refused."""
        if not _has_body(scope):
            return Body(b"")
        announced = scope.headers.get("content-length")
        try:
            if announced is not None and int(announced) > decoding.BODY_BYTES:
                raise decoding.too_large()
            async with asyncio.timeout(self._seconds):
                content = await self._read(transport, held)
            if announced is not None and len(content) != int(announced):
                raise broken_off()
        except TimeoutError:
            late = Invalid("the request's body did not arrive in time", hint="Send it again.", code="too_slow")
            return Body(b"", late)
        except Refusal as refusal:
            return Body(b"", refusal)
        return Body(content)

    async def _read(self, transport: "Transport", held: contextlib.ExitStack) -> bytes:
        content, ends = bytearray(), 0
        async for piece in transport:
            self._hold(len(piece), held)
            content += piece
            if len(content) > decoding.BODY_BYTES:
                raise decoding.too_large()
            # Granian gives an empty piece at the end, and one more where hyper found the body broken.
            ends += not piece
        if ends > 1:
            raise broken_off()
        return bytes(content)

    def _hold(self, size: int, held: contextlib.ExitStack) -> None:
        if self._held + size > BODIES_BYTES:
            raise Unavailable("too many large requests arrive at once", hint="Try again in a moment.")
        self._held += size
        held.callback(self._release, size)

    def _release(self, size: int) -> None:
        self._held -= size

    def _answer(self, request: dict[str, Any], transport: "Transport") -> None:
        """Run the application in a thread and hand its answer over."""
        begun: list[tuple[int, Headers]] = []

        def start_response(status: str, headers: Headers, exc_info: Any = None) -> None:
            begun.append((int(status[:3]), headers))

        content = b"".join(self._application(request, start_response))
        transport.response_bytes(*begun[-1], content)


class Body:
    """What the application reads as its input: the content, or the refusal of it."""

    def __init__(self, content: bytes, refusal: Refusal | None = None):
        self._content = content
        self._refusal = refusal

    def read(self, size: int = -1, /) -> bytes:
        """Return the content, once; raise the refusal."""
        if self._refusal is not None:
            raise self._refusal
        content, self._content = self._content, b""
        return content


def environ(scope: "Scope", body: Body) -> dict[str, Any]:
    """Write a request of Granian's (RSGI 1.5) as WSGI has it (PEP 3333)."""
    server, port = place_of(scope.server)
    request: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/1.0" if scope.http_version == "1" else f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": place_of(scope.client)[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" not in name:  # X_Vault_Token would otherwise pass for X-Vault-Token, though proxies tell them apart
            key = key_of(name)
            request[key] = f"{request[key]},{value}" if key in request else value
    if scope.authority is not None:  # of a whole address in the first line; Host does not count then (RFC 9112, 3.2.2)
        request["HTTP_HOST"] = scope.authority
    return request


@functools.lru_cache(maxsize=256)
def key_of(header: str) -> str:
    """Return where a header stands in a WSGI environment (PEP 3333)."""
    key = header.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


@functools.lru_cache(maxsize=1_024)
def place_of(text: str) -> tuple[str, str]:
    """Return the address and the port of ``address:port``, where an IPv6 one stands in brackets."""
    address, _, port = text.rpartition(":")
    return address.strip("[]"), port


def _has_body(scope: "Scope") -> bool:
    return scope.headers.get("content-length") not in (None, "0") or "transfer-encoding" in scope.headers


def broken_off() -> Invalid:
    """Make the refusal of a body that is not whole."""
    return Invalid("the request's body broke off", hint="Send it again.", code="broken_off")
