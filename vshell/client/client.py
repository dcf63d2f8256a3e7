"""HTTP to the server: one ``request``, and all that can go wrong with one.

Rules:

- No redirection is followed, no cookie kept, nothing read from the environment but the proxies, once.
- A credential never goes over plain http to another host.
- What may be repeated (``repeating``) is sent a second time when the connection drops, and no other write.
- A 401 for a session is answered by renewing it and asking once more: what was refused was not done.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import quote

from vshell.client import responses, retries
from vshell.client.target import SessionStore, Target
from vshell.errors import Failed, NotAllowed, ShellError, Unreachable
from vshell.registry.results import PAGE, PagedList
from vshell.state import projects, token_origins, trust
from vshell.state.credentials import Credential
from vshell.terminal import status_line

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

    from vshell.client.responses import Answer
    from vshell.client.transport import Transport

CONNECT_SECONDS = 3.0
READ_SECONDS = 30.0

NATIVE = "/api/latest"
"""Where the native resources are; ``request`` puts it before a path that names none of ``ROOTS``."""

ROOTS = ("/api/", "/v1/", "/oauth/", "/auth/", "/.well-known/", "/healthz", "/metrics", "/openapi.json")
"""What else a server offers: a path that begins so is sent as it is."""


class HttpClient:
    """A connection to one server, opened when it is first needed; ``rehearsed`` tells that it changes nothing."""

    rehearsed = False

    def __init__(
        self,
        url: str,
        credential: Credential | None = None,
        trust: trust.Trust = trust.MACHINE,
        *,
        keeper: SessionStore | None = None,
        transport: BaseAdapter | None = None,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        """Take the server's origin, the credential and how to check its certificate.

        ``transport`` replaces the network, for tests; ``keeper`` keeps a session that was renewed;
        ``read_seconds`` is how long an answer is waited for, ``told_on`` where a person is told of it, ``waited_for``
        what they are told it is; these may be set at any time.
        """
        self._where: Callable[[], Target] = lambda: Target(url, credential, trust, keeper)
        self._who: Callable[[Target], Target] = lambda place: place
        self._place: Target | None = None
        self._found: Target | None = None
        self._finding = threading.RLock()
        self._session: Transport | None = None
        self._made: dict[str, str] = {}
        self._transport = transport
        self.read_seconds = read_seconds
        self.told_on: TextIO | None = None
        self.waited_for = status_line.FOR_AN_ANSWER

    @classmethod
    def later(
        cls,
        where: Callable[[], Target],
        who: Callable[[Target], Target] = lambda place: place,
        *,
        read_seconds: float = READ_SECONDS,
    ) -> HttpClient:
        """Return an Api that asks ``where`` its server is and ``who`` we are there when it must know.

        Both may raise ShellError; ``who`` adds the credential to what ``where`` returned.
        """
        api = cls("", read_seconds=read_seconds)
        api._where, api._who = where, who
        return api

    @property
    def place(self) -> Target:
        """The server, found without looking for a credential; raises ShellError when there is none."""
        with self._finding:
            if self._place is None:
                self._place = self._where()
            return self._place

    @property
    def link(self) -> Target:
        """The server and the credential; finding them may raise ShellError."""
        with self._finding:
            if self._found is None:
                self._found = self._who(self.place)
            return self._found

    @property
    def known(self) -> Target | None:
        """The server and the credential as far as they have been found by now; this never waits."""
        return self._found

    @property
    def url(self) -> str:
        """The server's origin."""
        return self.place.url

    @property
    def credential(self) -> Credential | None:
        """Who the server takes us for, None without a credential."""
        return self.link.credential

    def use(self, credential: Credential | None, keeper: SessionStore | None = None) -> None:
        """Go on as somebody else."""
        self._found = replace(self.place, credential=credential, keeper=keeper)

    def work_for(self, project: str | None) -> None:
        """Go on for another project, or for none."""
        with self._finding:
            before = self._where
            self._where = lambda: replace(before(), project=project)
            self._place = None if self._place is None else replace(self._place, project=project)
            self._found = None if self._found is None else replace(self._found, project=project)

    def move(self, where: Callable[[], Target], who: Callable[[Target], Target]) -> None:
        """Leave this server, ending a session opened for this run alone, and go on at another."""
        self.close()
        with self._finding:
            self._where, self._who, self._place, self._found = where, who, None, None

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        query: Mapping[str, object] | None = None,
        *,
        signed: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> object:
        """Send one request and return the decoded answer, None for an empty one.

        ``path`` is that of a native resource, such as ``/apitokens/``, or a whole one (see ``ROOTS``). A body
        is sent as JSON, unless it is a Form; query fields that are None are left out. ``signed`` False sends no
        credential; ``headers`` are sent besides.
        Raises the ShellError that the answer or the lack of one stands for.
        """
        more = {**(retries.headers_for(method, path) if signed else {}), **(headers or {})}
        answer = self._send(method, path, body, query, more, signed=signed)
        for _ in range(2):
            if answer.status_code != 401 or not signed or not self.renew():
                break
            answer = self._send(method, path, body, query, more, signed=signed)
        found = responses.value(answer, self.url)
        self._made.update(dict.fromkeys(token_origins.made(found), self.url))
        return found

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
            refusal.hint = responses.sign_in_hint(refusal.hint, username)
            raise
        return self._session_of(answer, Credential(source, username))

    def close(self) -> None:
        """Let go of the connection, and end a session that was opened for this run alone."""
        found = self._found
        if found is not None and found.credential is not None and found.credential.passing:
            with suppress(ShellError):  # It ends by itself anyway; a shell that leaves has nobody to tell.
                self._send("POST", "/logout/", None, None, {}, signed=True)
            self._found = replace(found, credential=None)
        self.let_go()

    def let_go(self) -> None:
        """Close the connection, and keep of which server the tokens are that were made by it."""
        token_origins.learn(self._made, os.environ)
        self._made = {}
        if self._session is not None:
            self._session.close()
            self._session = None

    def _send(
        self,
        method: str,
        path: str,
        body: object,
        query: Mapping[str, object] | None,
        headers: dict[str, str],
        *,
        signed: bool,
    ) -> Answer:
        link = self.link if signed else self.place
        credential = link.credential if signed else None
        if not trust.may_carry_secrets(link.url) and (credential is not None or not retries.looks(method)):
            raise NotAllowed(
                f"{link.url} is not encrypted, so nothing secret is sent there.",
                "Use its https address, or run the shell on the server's own host.",
            )
        again = retries.may_repeat(method, headers)
        headers = headers if credential is None else {**headers, "Authorization": credential.header()}
        if body is not None:
            headers = {**headers, "Content-Type": responses.media_type(body)}
        if link.project is not None:
            headers = {**headers, projects.HEADER: link.project}
        address = link.url + whole_path(path)
        for last in (False, True) if again else (True,):
            answer = self._attempt(method.upper(), address, body, query, headers, last=last)
            if answer is not None:
                return answer
        raise AssertionError("the last attempt answers or raises")

    def _attempt(
        self,
        method: str,
        address: str,
        body: object,
        query: Mapping[str, object] | None,
        headers: Mapping[str, str],
        *,
        last: bool,
    ) -> Answer | None:
        """Return the answer, or None when the connection dropped and this was not the last attempt."""
        from vshell.client.transport import open_transport

        link, data = self.place, responses.encoded(body)
        try:
            if self._session is None:
                self._session = open_transport(link.url, link.trust, self._transport)
            with status_line.show_wait(self.told_on, self.waited_for, changes=not retries.looks(method)):
                return self._session.request(
                    method,
                    address,
                    data=data,
                    params={name: str(value) for name, value in (query or {}).items() if value is not None},
                    headers=dict(headers),
                    allow_redirects=False,
                    timeout=(CONNECT_SECONDS, self.read_seconds),
                )
        except (OSError, ValueError) as trouble:  # The first is what requests' exceptions are.
            from vshell.client.requests_transport import dropped, explained

            if dropped(trouble) and not last:
                return None
            raise explained(trouble, link, method) from None

    def renew(self) -> bool:
        """Take up a session renewed by another shell, or renew it; False when this is no session."""
        link = self.link
        if link.credential is None or link.credential.refresh is None:
            return False
        with link.keeper.alone() if link.keeper else nullcontext():
            kept = link.keeper.read() if link.keeper else None
            if kept is not None and kept.token != link.credential.token:
                self._found = replace(link, credential=kept)
                return True
            try:
                answer = self.request("POST", "/token/refresh/", {"refresh": link.credential.refresh}, signed=False)
            except Unreachable:
                raise
            except ShellError:
                raise _ended(link) from None
            renewed = self._session_of(answer, link.credential)
            self._found = replace(link, credential=renewed)
            if link.keeper:
                link.keeper.write(renewed)
        return True

    def _session_of(self, answer: object, before: Credential) -> Credential:
        if isinstance(answer, dict) and isinstance(answer.get("access"), str):
            refresh = answer.get("refresh")
            kept = refresh if isinstance(refresh, str) else before.refresh
            return replace(before, token=answer["access"], refresh=kept, password=None)
        raise Failed(f"What answers at {self.url} is not a vshell server.", "Check the address.")


def _ended(link: Target) -> ShellError:
    return NotAllowed(f"Your session at {link.url} has ended.", "Sign in again with: login")


def resource(*parts: object) -> str:
    """Return a resource's path, each part quoted: ``resource("roles", 2, "assign")`` is /roles/2/assign/."""
    return "".join(f"/{quote(str(part), safe='')}" for part in parts) + "/"


def list_pages(client: HttpClient, path: str, query: Mapping[str, object]) -> object:
    """Return a list whose keys are ids: as the server gives it when it has one page, else PagedList; raises ShellError.

    Pages are found by key, so that none repeats or drops what another had. The server must take ``prefix``, with which
    it answers a bare page that it does not count; how many entries there are is asked only when that is worth telling.
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
