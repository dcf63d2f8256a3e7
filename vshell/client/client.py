"""The HTTP client: the server it talks to, its requests, and the values of their answers.

Rules:

- No redirection is followed, no cookie stored, nothing read from the environment but the proxies, once.
- A credential never goes over plain http to another host.
- A read, and a request with an ``Idempotency-Key``, is sent a second time when the connection drops before the answer;
  no other write. A server does a request with such a key once, and gives the same answer, a new token's secret
  included, to the same request by the same person (draft-ietf-httpapi-idempotency-key-header-07).
- A 401 for a session is answered by renewing it and sending the request once more: what was refused was not done.
"""

from __future__ import annotations

import base64
import json
import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO
from urllib.parse import quote, urlencode

from vshell.client.error_responses import read_error, sign_in_hint, stranger_error
from vshell.errors import Mistake, NotAllowed, ShellError, Unreachable
from vshell.formats.text import list_made_ids
from vshell.registry.view import PAGE, PagedList
from vshell.state import identity, projects
from vshell.state.identity import Credential
from vshell.terminal import screen

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

    from vshell.client.transport import Answer, Transport
    from vshell.state.stored_secrets import StoredSession

CONNECT_SECONDS = 3.0
READ_SECONDS = 30.0

NATIVE = "/api/latest"
"""Where the native resources are; ``request`` puts it before a path that names none of ``ROOTS``."""

ROOTS = ("/api/", "/v1/", "/oauth/", "/auth/", "/.well-known/", "/healthz", "/metrics", "/openapi.json")
"""What else a server offers: a path that begins so is sent as it is."""

IDEMPOTENCY = "Idempotency-Key"

NOTICE_STREAM: ContextVar[TextIO | None] = ContextVar("NOTICE_STREAM", default=None)
"""Where a notice says that an answer is waited for: set while a command runs, and for its thread alone."""


class Request(NamedTuple):
    """One request of a command; ``timeout`` is in seconds, ``notice_subject`` what the notice says is waited for."""

    method: str
    path: str
    body: object = None
    query: Mapping[str, object] | None = None
    signed: bool = True
    headers: Mapping[str, str] = MappingProxyType({})
    timeout: float | None = None
    notice_subject: str = screen.FOR_AN_ANSWER

    def __repr__(self) -> str:
        return f"Request({self.method!r}, {self.path!r}, query={self.query!r})"

    @property
    def is_read(self) -> bool:
        """Whether it changes nothing by its method."""
        return self.method.upper() in ("GET", "HEAD")

    @property
    def query_string(self) -> str:
        """The query without the fields that are None, encoded."""
        return urlencode({name: str(value) for name, value in (self.query or {}).items() if value is not None})


class Target(NamedTuple):
    """A server and who we are to it; on its own host ``token_file`` holds the local administrator's token.

    ``session_store`` is where a renewed session is stored. ``revival`` tells what to do when the server does not
    answer, where that is not the usual. ``project`` is the one of the directory, which goes with every request.
    """

    url: str
    credential: Credential | None = None
    trust: identity.Trust = identity.MACHINE
    session_store: StoredSession | None = None
    token_file: str | None = None
    revival: str | None = None
    project: str | None = None

    @property
    def identity(self) -> object:
        """What tells one person at one server from another; a renewed session is the same person."""
        credential = self.credential
        if credential is None:
            return self.url
        token = None if credential.refresh else credential.token
        return self.url, credential.source, credential.username, token


class TargetFinder:
    """The target of one or more clients, found when it is first needed, by whichever thread needs it first.

    ``found`` is the signed target as far as it has been found by now; ``renewing`` is held while its session is
    renewed.
    """

    def __init__(self, find: Callable[[], Target], sign: Callable[[Target], Target] = lambda target: target) -> None:
        """``find`` returns the server, ``sign`` adds the credential to it; both may raise ShellError."""
        self._find, self._sign = find, sign
        self._target: Target | None = None
        self._lock = threading.RLock()
        self.found: Target | None = None
        self.renewing = threading.Lock()

    @property
    def target(self) -> Target:
        """The server, found without looking for a credential; raises ShellError when there is none."""
        with self._lock:
            if self._target is None:
                self._target = self._find()
            return self._target

    @property
    def signed_target(self) -> Target:
        """The server and the credential; finding them may raise ShellError."""
        with self._lock:
            if self.found is None:
                self.found = self._sign(self.target)
            return self.found

    def use(self, credential: Credential | None, session_store: StoredSession | None = None) -> None:
        """Go on with another credential."""
        self.found = self.target._replace(credential=credential, session_store=session_store)

    def set_project(self, project: str | None) -> None:
        """Go on for another project, or for none."""
        with self._lock:
            find = self._find
            self._find = lambda: find()._replace(project=project)
            self._target = self._target and self._target._replace(project=project)
            self.found = self.found and self.found._replace(project=project)

    def move(self, find: Callable[[], Target], sign: Callable[[Target], Target]) -> None:
        """Go on at another server."""
        with self._lock:
            self._find, self._sign, self._target, self.found = find, sign, None, None


class Client(ABC):
    """What sends a command's requests; ``is_dry_run`` tells that it stops before the first change."""

    is_dry_run = False

    def __init__(self, finder: TargetFinder, timeout: float = READ_SECONDS) -> None:
        """``timeout`` is how many seconds an answer is waited for, where a request does not say it."""
        self.finder = finder
        self.timeout = timeout

    @property
    def target(self) -> Target:
        """The server, found without looking for a credential; raises ShellError when there is none."""
        return self.finder.target

    @property
    def signed_target(self) -> Target:
        """The server and the credential; finding them may raise ShellError."""
        return self.finder.signed_target

    @property
    def url(self) -> str:
        """The server's origin."""
        return self.target.url

    @property
    def credential(self) -> Credential | None:
        """Who the server takes us for, None without a credential."""
        return self.signed_target.credential

    def use(self, credential: Credential | None, session_store: StoredSession | None = None) -> None:
        """Go on with another credential."""
        self.finder.use(credential, session_store)

    @abstractmethod
    def send(self, request: Request) -> object:
        """Return the decoded answer, None for an empty one; raises the ShellError that it stands for."""

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        query: Mapping[str, object] | None = None,
        *,
        signed: bool = True,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        notice_subject: str = screen.FOR_AN_ANSWER,
    ) -> object:
        """Send one request and return the decoded answer, None for an empty one.

        ``path`` is that of a native resource, such as ``/apitokens/``, or a whole one (see ``ROOTS``). A body
        is sent as JSON, unless it is a Form; query fields that are None are left out. ``signed`` False sends no
        credential; ``headers`` are sent besides.
        Raises the ShellError that the answer or the lack of one stands for.
        """
        return self.send(Request(method, path, body, query, signed, headers or {}, timeout, notice_subject))

    def fork(self) -> Client:
        """Return a further client of the same server as the same person, for another thread."""
        return self

    def move(self, find: Callable[[], Target], sign: Callable[[Target], Target]) -> None:
        """Leave this server, ending a session opened for this run alone, and go on at another."""
        self.close()
        self.finder.move(find, sign)

    @abstractmethod
    def close(self) -> None:
        """Close what this client opened."""

    def get_object(self, path: str, query: Mapping[str, object] | None = None) -> Mapping[str, Any]:
        """Return the object at a path, an empty one where the answer is none."""
        answer = self.request("GET", path, query=query)
        return answer if isinstance(answer, Mapping) else {}

    def get_list(self, path: str, query: Mapping[str, object] | None = None) -> list[Any]:
        """Return the list at a path, an empty one where the answer is none."""
        answer = self.request("GET", path, query=query)
        return answer if isinstance(answer, list) else []

    def sign_in(self, username: str, password: str, source: str = "this run's sign-in") -> Credential:
        """Return the credential of a new session. Raises NotAllowed when the server refuses the password."""
        pair = {"username": username, "password": password}
        try:
            answer = self.request("POST", "/token/", pair, signed=False)
        except NotAllowed as refusal:
            refusal.hint = sign_in_hint(refusal.hint, username)
            raise
        return _read_session(answer, Credential(source, username), self.url)


class HttpClient(Client):
    """A connection to one server, opened when it is first needed."""

    def __init__(
        self,
        finder: TargetFinder,
        *,
        timeout: float = READ_SECONDS,
        adapter: BaseAdapter | None = None,
        ends_session: bool = True,
    ) -> None:
        """``adapter`` replaces the network, for tests; ``ends_session`` tells that a passing session ends with it."""
        super().__init__(finder, timeout)
        self._adapter = adapter
        self._ends_session = ends_session
        self._transport: Transport | None = None
        self._opened_for: tuple[str, identity.Trust] | None = None
        self._origins: dict[str, str] = {}

    @classmethod
    def at(
        cls,
        url: str,
        credential: Credential | None = None,
        trust: identity.Trust = identity.MACHINE,
        session_store: StoredSession | None = None,
        **options: Any,
    ) -> HttpClient:
        """Return a client of the server at an origin, checked by its certificate as ``trust`` says."""
        return cls(TargetFinder(lambda: Target(url, credential, trust, session_store)), **options)

    def fork(self) -> HttpClient:
        """Return a further connection to the same server as the same person, for another thread."""
        return HttpClient(self.finder, timeout=self.timeout, ends_session=False)

    def send(self, request: Request) -> object:
        """Return the decoded answer, None for an empty one; raises the ShellError that it stands for."""
        key = idempotency_key(request.method, request.path) if request.signed else {}
        request = request._replace(headers={**key, **request.headers})
        for is_last in (False, False, True):
            target = self.signed_target if request.signed else self.target
            answer = self.exchange(request, target)
            if answer.status_code != 401 or is_last or not request.signed or not self._renew(target):
                break
        value = read_value(answer, self.url)
        self._origins.update(dict.fromkeys(list_made_ids(value), self.url))
        return value

    def close(self) -> None:
        """Close the connection, end a session that was opened for this run alone, and learn whose tokens were made."""
        found = self.finder.found
        if self._ends_session and found is not None and found.credential is not None and found.credential.passing:
            with suppress(ShellError):  # It ends in time anyway, and no line follows that could show it.
                self.exchange(Request("POST", "/logout/"), found)
            self.finder.found = found._replace(credential=None)
        if self._origins:
            from vshell.state import token_origins  # only now: most lines make no token

            token_origins.learn_origins(self._origins, os.environ)
            self._origins = {}
        self._disconnect()

    def exchange(self, request: Request, target: Target) -> Answer:
        """Send a request, a second time where it may be and the connection drops, and return the answer."""
        from vshell.client.transport import TransportError, explain

        credential = target.credential if request.signed else None
        if not identity.may_carry_secrets(target.url) and (credential is not None or not request.is_read):
            raise NotAllowed(
                f"{target.url} is not encrypted, so nothing secret is sent there.",
                "Use its https address, or run the shell on the server's own host.",
            )
        headers = dict(request.headers)
        if credential is not None:
            headers["Authorization"] = credential.header()
        if request.body is not None:
            is_form = isinstance(request.body, Form)
            headers["Content-Type"] = "application/x-www-form-urlencoded" if is_form else "application/json"
        if target.project is not None:
            headers[projects.HEADER] = target.project
        address = target.url + whole_path(request.path).partition("#")[0]
        if request.query_string:
            address += f"{'&' if '?' in address else '?'}{request.query_string}"
        data = encode_body(request.body)
        timeout = (CONNECT_SECONDS, request.timeout or self.timeout)
        may_repeat = request.is_read or IDEMPOTENCY in request.headers
        if self._opened_for != (target.url, target.trust):
            self._disconnect()  # a fork's, when the client that it came from has moved to another server
        while True:
            try:
                if self._transport is None:
                    self._transport = open_transport(target.url, target.trust, self._adapter)
                    self._opened_for = (target.url, target.trust)
                with screen.show_wait(NOTICE_STREAM.get(), request.notice_subject, changes=not request.is_read):
                    return self._transport.request(request.method.upper(), address, data, headers, timeout)
            except TransportError as error:
                if error.kind != "dropped" or not may_repeat:
                    raise explain(error, target.url, target.trust, target.revival, is_read=request.is_read) from None
                may_repeat = False

    def _disconnect(self) -> None:
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def _renew(self, sent: Target) -> bool:
        """Renew the session that was sent, unless it has been renewed meanwhile; False when it is none."""
        if sent.credential is None or sent.credential.refresh is None:
            return False
        with self.finder.renewing:
            if self.credential is not sent.credential:
                return True
            store = sent.session_store
            if store is None:
                self.use(self._refresh(sent, sent.credential))
                return True
            with store.alone():  # Another shell may have renewed it.
                stored = store.read()
                if stored is not None and stored.token != sent.credential.token:
                    self.use(stored, store)
                else:
                    renewed = self._refresh(sent, sent.credential)
                    self.use(renewed, store)  # before it is stored: where that fails, this shell goes on with it
                    store.write(renewed)
        return True

    def _refresh(self, target: Target, credential: Credential) -> Credential:
        """Return a renewed session."""
        try:
            answer = self.request("POST", "/token/refresh/", {"refresh": credential.refresh}, signed=False)
        except Unreachable:
            raise
        except ShellError:
            raise NotAllowed(f"Your session at {target.url} has ended.", "Sign in again with: login") from None
        return _read_session(answer, credential, target.url)


def open_transport(url: str, trust: identity.Trust, adapter: BaseAdapter | None = None) -> Transport:
    """Return what carries requests to a server; nothing is sent yet. Raises TransportError for a bad address.

    On this machine without TLS that is a plain connection: to import requests takes longer than all the rest.
    """
    if adapter is None and url.startswith("http://") and identity.is_loopback(url):
        from vshell.client.transport import LoopbackTransport

        return LoopbackTransport(url)
    from vshell.client.requests_transport import RequestsTransport

    return RequestsTransport(url, trust, adapter)


def idempotency_key(method: str, path: str) -> dict[str, str]:
    """Return a fresh key for what makes something, or gives a secret that is shown once; nothing for the rest."""
    if method.upper() == "POST" or path.rstrip("/").endswith("/rotate"):
        return {IDEMPOTENCY: f'"{base64.urlsafe_b64encode(os.urandom(18)).decode("ascii")}"'}
    return {}


def resource(*parts: object) -> str:
    """Return a resource's path, each part quoted: ``resource("roles", 2, "assign")`` is /roles/2/assign/."""
    return "".join(f"/{quote(str(part), safe='')}" for part in parts) + "/"


def list_pages(client: Client, path: str, query: Mapping[str, object]) -> object:
    """Return a list whose keys are ids: as the server gives it when it has one page, else PagedList; raises ShellError.

    Pages are found by key, so that none repeats or drops what another had. The server must take ``prefix``, with which
    it answers a bare page that it does not count; the number of entries is requested only when it is worth showing.
    """

    def read_page(after: str | None) -> Any:
        return client.request("GET", path, query={**query, "prefix": "", "page_size": PAGE, "after": after})

    def count() -> int | None:
        answer = client.request("GET", path, query={**query, "page_size": 1})
        found = answer.get("count") if isinstance(answer, Mapping) else None
        return found if isinstance(found, int) else None

    first = read_page(None)
    return PagedList(first, read_page, count) if isinstance(first, list) and len(first) == PAGE else first


def whole_path(path: str) -> str:
    """Return the path to send: a native resource's below ``NATIVE``, one of the other ``ROOTS`` as it is."""
    path = path if path.startswith("/") else f"/{path}"
    return path if path.startswith(ROOTS) else NATIVE + path


class Form(dict[str, str]):
    """A body that is sent as a form, as OAuth requires (RFC 6749, appendix B); its fields may be secrets."""

    def __repr__(self) -> str:
        return f"Form({', '.join(self)})"


def encode_body(body: object) -> bytes | None:
    """Return the body as it is sent, None for none. Raises Mistake for bytes of the command line that were no text."""
    if body is None:
        return None
    try:
        return urlencode(body).encode() if isinstance(body, Form) else json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Mistake("A value has characters that are no Unicode text.", "Type it again in UTF-8.") from None


def read_value(answer: Answer, where: str) -> object:
    """Return what a good answer says: decoded JSON, text for another type, None for an empty body.

    ``where`` is the server's origin. Raises the ShellError of the answer's status.
    """
    if not 200 <= answer.status_code < 300:
        raise read_error(answer, where)
    if not answer.content:
        return None
    kind = answer.headers.get("Content-Type", "")
    if "json" in kind:
        try:
            return json.loads(answer.content)
        except (ValueError, RecursionError):
            raise stranger_error(where) from None
    if "html" in kind:
        raise stranger_error(where)
    return answer.content.decode("utf-8", "replace")


def _read_session(answer: object, before: Credential, url: str) -> Credential:
    if isinstance(answer, dict) and isinstance(answer.get("access"), str):
        refresh = answer.get("refresh")
        refresh = refresh if isinstance(refresh, str) else before.refresh
        return before._replace(token=answer["access"], refresh=refresh, password=None)
    raise stranger_error(url)
