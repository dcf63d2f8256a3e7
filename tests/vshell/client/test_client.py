"""The client against a real HTTP server: every answer, every failure, and what is never sent."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
import requests

from tests.vshell.web import Asked, Reply, Web, self_signed, serving
from vshell.client.client import (
    IDEMPOTENCY,
    HttpClient,
    Request,
    Target,
    TargetFinder,
    idempotency_key,
    resource,
    whole_path,
)
from vshell.client.connect import ConnectOptions
from vshell.client.requests_transport import RequestsTransport
from vshell.errors import (
    Conflict,
    Failed,
    Mistake,
    NotAllowed,
    NotFound,
    ShellError,
    SlowDown,
    Unreachable,
)
from vshell.state.identity import Credential, Trust

TOKEN = Credential("a test", token="L7k8ljIC.jm1P5Y0ONaJfUJhslJbAjRAyr9jcy89X")
SESSION = Credential("a test", "bob", token="old", refresh="again")


@pytest.fixture(autouse=True, params=["a plain connection", "requests"])
def over(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What carries the requests: all that is said here holds for both."""
    if request.param == "requests":
        monkeypatch.setattr("vshell.client.client.open_transport", RequestsTransport)


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as running:
        yield running


def test_a_request_carries_the_credential_the_query_and_the_body(web: Web) -> None:
    web.answer = lambda asked: Reply(201, {"id": "L7k8ljIC"})
    api = HttpClient.at(web.url, TOKEN)
    assert api.request("post", "/apitokens/", {"name": "Zoë"}, {"owner": "b b", "archived": True, "x": None}) == {
        "id": "L7k8ljIC"
    }
    asked = web.asked[0]
    assert (asked.method, asked.path) == ("POST", "/api/latest/apitokens/?owner=b+b&archived=True")
    assert asked.headers["Authorization"] == f"Bearer {TOKEN.token}"
    assert asked.json == {"name": "Zoë"}


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/a b/\u00e9?x=1 2#end", "/a%20b/%C3%A9?x=1%202&y=%26"),
        ("/a%2Fb", "/a%2Fb?y=%26"),
        ("/[1]?q=a+b", "/%5B1%5D?q=a+b&y=%26"),
    ],
)
def test_a_query_is_added_to_what_the_path_holds(web: Web, path: str, sent: str) -> None:
    """As requests adds it, whose own way is the judge."""
    HttpClient.at(web.url).request("GET", path, query={"y": "&"})
    requests.get(f"{web.url}/api/latest{path}", params={"y": "&"}, timeout=10)
    assert [asked.path for asked in web.asked] == [f"/api/latest{sent}"] * 2


def test_after_a_move_no_fork_sends_to_the_server_before(web: Web) -> None:
    client = HttpClient.at(web.url)
    with closing(client.fork()) as fork, serving() as other:
        fork.request("GET", "/vms/")
        client.move(lambda: Target(other.url, TOKEN), lambda target: target)
        fork.request("GET", "/vms/")
        assert [asked.headers.get("Authorization") for asked in other.asked] == [f"Bearer {TOKEN.token}"]
    assert [asked.headers.get("Authorization") for asked in web.asked] == [None]


def test_without_a_credential_or_unsigned_no_authorization_is_sent(web: Web) -> None:
    HttpClient.at(web.url).request("GET", "/vms/")
    HttpClient.at(web.url, TOKEN).request("GET", "/vms/1/login_banner/", signed=False)
    assert [asked.headers.get("Authorization") for asked in web.asked] == [None, None]


def test_a_password_goes_as_basic(web: Web) -> None:
    HttpClient.at(web.url, Credential("a test", "bob", password="a:b")).request("GET", "/vms/")
    assert web.asked[0].headers["Authorization"] == "Basic Ym9iOmE6Yg=="


def test_an_empty_answer_is_none_and_text_is_text(web: Web) -> None:
    assert HttpClient.at(web.url).request("GET", "/vms/") is None
    web.answer = lambda asked: Reply(raw=b"up 1\n", headers={"Content-Type": "text/plain"})
    assert HttpClient.at(web.url).request("GET", "/metrics") == "up 1\n"
    assert web.asked[-1].path == "/metrics"


@pytest.mark.parametrize(
    ("status", "body", "error", "sentence", "hint"),
    [
        (400, {"detail": "No.", "code": "x", "hint": "Do y."}, Mistake, "No.", "Do y."),
        (400, "expiry_date is too long", Mistake, "expiry_date is too long", None),
        (401, {"detail": "Who?"}, NotAllowed, "Who?", "Sign in with: login"),
        (403, {"detail": "Never.", "code": "permission_denied", "hint": "Ask."}, NotAllowed, "Never.", "Ask."),
        (404, {"detail": "Not found."}, NotFound, "Not found.", None),
        (409, {"detail": "5 of 5.", "code": "quota_exceeded"}, Conflict, "5 of 5.", None),
        (429, {"detail": "Slowly."}, SlowDown, "Slowly.", "Wait 7 seconds and type the line again."),
        (400, {"errors": ["one", "two"]}, Mistake, "one; two", None),
        (400, {"error": "invalid_grant", "error_description": "Stale."}, Mistake, "Stale.", None),
        (500, None, Failed, "The server at URL answered 500 (Internal Server Error).", None),
        (599, [1], Failed, "The server at URL answered with the status 599.", None),
    ],
)
def test_a_status_is_an_error_with_the_servers_sentence(
    web: Web, status: int, body: object, error: type[ShellError], sentence: str, hint: str | None
) -> None:
    web.answer = lambda asked: Reply(status, body, {"Retry-After": "7"})
    with pytest.raises(ShellError) as caught:
        HttpClient.at(web.url).request("GET", "/apitokens/")
    assert type(caught.value) is error
    assert caught.value.sentence == sentence.replace("URL", web.url)
    assert caught.value.hint == hint


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.usefixtures("no_garbage")
def test_what_is_not_our_server_is_told_so(web: Web, status: int) -> None:
    web.answer = lambda asked: Reply(status, raw=b"{[", headers={"Content-Type": "application/json"})
    with pytest.raises(ShellError, match=r"is not a vshell server|answered 400"):
        HttpClient.at(web.url).request("GET", "/apitokens/")
    web.answer = lambda asked: Reply(200, raw=b"[" * 200_000)
    with pytest.raises(Failed, match="is not a vshell server"):
        HttpClient.at(web.url).request("GET", "/apitokens/")
    web.answer = lambda asked: Reply(200, raw=b"<html>", headers={"Content-Type": "text/html"})
    with pytest.raises(Failed, match="is not a vshell server"):
        HttpClient.at(web.url).request("GET", "/apitokens/")


def test_no_redirection_is_followed(web: Web) -> None:
    with serving() as other:
        web.answer = lambda asked: Reply(302, headers={"Location": f"{other.url}/steal"})
        with pytest.raises(Failed, match="points to another address"):
            HttpClient.at(web.url, TOKEN).request("GET", "/apitokens/")
        assert other.asked == []


def test_cookies_are_not_kept(web: Web) -> None:
    web.answer = lambda asked: Reply(headers={"Set-Cookie": "token=x; Path=/"})
    api = HttpClient.at(web.url)
    api.request("GET", "/vms/")
    api.request("GET", "/vms/")
    assert "Cookie" not in web.asked[1].headers


def test_a_get_is_tried_twice_when_the_connection_drops(web: Web) -> None:
    web.answer = lambda asked: Reply(drop=len(web.asked) == 1, body=[])
    assert HttpClient.at(web.url).request("GET", "/apitokens/") == []
    assert len(web.asked) == 2


def test_a_write_without_a_key_is_never_tried_twice(web: Web) -> None:
    web.answer = lambda asked: Reply(drop=True)
    with pytest.raises(Unreachable) as caught:
        HttpClient.at(web.url).request("PATCH", "/apitokens/L7k8ljIC/", {})
    assert len(web.asked) == 1
    assert caught.value.hint == "It is not known whether it was done: look before you repeat it."


def test_a_create_is_tried_twice_with_the_same_key(web: Web) -> None:
    web.answer = lambda asked: Reply(201, {"id": 4}, drop=len(web.asked) == 1)
    api = HttpClient.at(web.url)
    assert api.request("POST", "/managers/", {"username": "bob"}) == {"id": 4}
    first, second = web.asked
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert (first.path, first.body) == (second.path, second.body)
    api.request("POST", "/managers/", {"username": "bob"})
    assert web.asked[2].headers["Idempotency-Key"] != first.headers["Idempotency-Key"], "a new line is a new request"


def test_a_create_gives_up_after_the_second_drop_and_says_what_is_not_known(web: Web) -> None:
    web.answer = lambda asked: Reply(drop=True)
    with pytest.raises(Unreachable) as caught:
        HttpClient.at(web.url).request("POST", "/apitokens/", {})
    assert len(web.asked) == 2
    assert caught.value.hint == "It is not known whether it was done: look before you repeat it."


def test_a_sign_in_is_sent_once_and_carries_no_key(web: Web) -> None:
    web.answer = lambda asked: Reply(drop=True)
    with pytest.raises(Unreachable):
        HttpClient.at(web.url).sign_in("bob", "secret")
    assert ["Idempotency-Key" in asked.headers for asked in web.asked] == [False]


def test_a_get_gives_up_after_the_second_drop(web: Web) -> None:
    web.answer = lambda asked: Reply(drop=True)
    with pytest.raises(Unreachable, match="broke"):
        HttpClient.at(web.url).request("GET", "/apitokens/")
    assert len(web.asked) == 2


def test_a_slow_answer_is_told_in_time(web: Web) -> None:
    release = threading.Event()

    def slowly(asked: Asked) -> Reply:
        release.wait(10)
        return Reply()

    web.answer = slowly
    with pytest.raises(Unreachable, match="took too long"):
        HttpClient.at(web.url, timeout=0.1).request("GET", "/apitokens/")
    release.set()


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable, match="No server answers at"):
        HttpClient.at(f"http://127.0.0.1:{port}").request("GET", "/apitokens/")
    with pytest.raises(Unreachable, match="No server answers at"):
        HttpClient.at("https://nowhere.invalid").request("GET", "/apitokens/")


@pytest.mark.parametrize(
    ("method", "credential", "body"), [("GET", TOKEN, None), ("POST", None, {"username": "a", "password": "b"})]
)
def test_nothing_secret_goes_over_plain_http_to_another_host(
    method: str, credential: Credential | None, body: object
) -> None:
    with pytest.raises(NotAllowed, match="not encrypted"):
        HttpClient.at("http://vms.invalid", credential).request(method, "/token/", body)


def test_the_environment_adds_no_credential(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login thief password stolen\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    HttpClient.at(web.url, TOKEN).request("GET", "/vms/")
    assert web.asked[0].headers["Authorization"] == f"Bearer {TOKEN.token}"


def test_a_server_without_tls_is_told_apart_from_a_strange_certificate(web: Web) -> None:
    with pytest.raises(Unreachable, match="No encrypted connection") as caught:
        HttpClient.at(web.url.replace("http:", "https:"), TOKEN).request("GET", "/vms/")
    assert web.url in (caught.value.hint or "")


def test_bytes_that_are_no_text_are_not_sent(web: Web) -> None:
    with pytest.raises(Mistake, match="no Unicode text"):
        HttpClient.at(web.url).request("POST", "/apitokens/", {"name": "a\udcffb"})
    assert web.asked == []


class TestTls:
    """A self-signed server is believed only when its certificate is known."""

    @pytest.fixture
    def certificate(self, tmp_path: Path) -> Path:
        path = tmp_path / "server.pem"
        self.fingerprint = self_signed(path)
        return path

    def test_unknown_is_refused_with_the_fingerprint_to_compare(self, certificate: Path) -> None:
        with serving(certificate=certificate) as web:
            with pytest.raises(Unreachable, match="does not trust the certificate") as caught:
                HttpClient.at(web.url, TOKEN).request("GET", "/vms/")
            assert self.fingerprint.upper() in (caught.value.hint or "").replace(":", "")
            assert web.asked == []

    def test_pinned_by_file_or_by_fingerprint(self, certificate: Path) -> None:
        with serving(certificate=certificate) as web:
            for believed in (Trust(ca_file=str(certificate)), Trust(fingerprint=self.fingerprint)):
                HttpClient.at(web.url, TOKEN, believed).request("GET", "/vms/")
            assert len(web.asked) == 2

    def test_another_certificate_than_the_pinned_one_gets_nothing(self, certificate: Path, tmp_path: Path) -> None:
        other = self_signed(tmp_path / "other.pem")
        with serving(certificate=certificate) as web:
            for believed in (Trust(ca_file=str(tmp_path / "other.pem")), Trust(fingerprint=other)):
                with pytest.raises(Unreachable, match="does not show the certificate"):
                    HttpClient.at(web.url, TOKEN, believed).request("GET", "/vms/")
            assert web.asked == []

    def test_a_missing_certificate_file(self, certificate: Path, tmp_path: Path) -> None:
        with serving(certificate=certificate) as web, pytest.raises(Failed, match=r"gone\.pem cannot be read"):
            HttpClient.at(web.url, TOKEN, Trust(ca_file=str(tmp_path / "gone.pem"))).request("GET", "/vms/")


class Kept:
    """A keeper in memory."""

    def __init__(self, credential: Credential) -> None:
        self.credential = credential

    def read(self) -> Credential:
        return self.credential

    def write(self, credential: Credential) -> None:
        self.credential = credential

    @contextmanager
    def alone(self) -> Iterator[None]:
        yield


def sessions(valid: str, refreshable: str) -> Callable[[Asked], Reply]:
    """Return a server side that accepts one access token and renews by one refresh token."""

    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/token/refresh/"):
            if asked.json != {"refresh": refreshable}:
                return Reply(401, {"detail": "No."})
            return Reply(200, {"access": "new", "refresh": "newer"})
        good = asked.headers.get("Authorization") == f"Bearer {valid}"
        return Reply(200, "fine") if good else Reply(401, {"detail": "Expired."})

    return answer


def test_a_session_is_renewed_once_and_kept(web: Web) -> None:
    web.answer = sessions("new", "again")
    keeper = Kept(SESSION)
    assert HttpClient.at(web.url, SESSION, session_store=keeper).request("POST", "/apitokens/", {}) == "fine"
    assert (keeper.credential.token, keeper.credential.refresh) == ("new", "newer")
    assert [asked.path.rsplit("latest")[1] for asked in web.asked] == [
        "/apitokens/",
        "/token/refresh/",
        "/apitokens/",
    ]


def test_a_renewed_session_that_cannot_be_stored_is_gone_on_with(web: Web) -> None:
    class Full(Kept):
        def write(self, credential: Credential) -> None:
            raise Failed("The disk is full.")

    web.answer = sessions("new", "again")
    client = HttpClient.at(web.url, SESSION, session_store=Full(SESSION))
    with pytest.raises(Failed, match="disk is full"):
        client.request("GET", "/vms/")
    assert client.request("GET", "/vms/") == "fine"
    assert [asked.path.rsplit("latest")[1] for asked in web.asked] == ["/vms/", "/token/refresh/", "/vms/"]


def test_a_session_renewed_by_another_shell_is_taken_up(web: Web) -> None:
    web.answer = sessions("new", "nothing")
    keeper = Kept(SESSION._replace(token="new", refresh="newer"))
    assert HttpClient.at(web.url, SESSION, session_store=keeper).request("GET", "/vms/") == "fine"
    assert len(web.asked) == 2


def test_a_session_that_cannot_be_renewed_has_ended(web: Web) -> None:
    web.answer = sessions("new", "nothing")
    with pytest.raises(NotAllowed, match="has ended"):
        HttpClient.at(web.url, SESSION, session_store=Kept(SESSION)).request("GET", "/vms/")


def test_a_token_is_not_renewed(web: Web) -> None:
    web.answer = sessions("new", "again")
    with pytest.raises(NotAllowed, match="Expired"):
        HttpClient.at(web.url, TOKEN).request("GET", "/vms/")
    assert len(web.asked) == 1


def test_a_server_that_always_says_401_is_not_asked_for_ever(web: Web) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/token/refresh/"):
            return Reply(200, {"access": f"new{len(web.asked)}", "refresh": "again"})
        return Reply(401, {"detail": "Expired."})

    web.answer = answer
    with pytest.raises(NotAllowed, match="Expired"):
        HttpClient.at(web.url, SESSION).request("GET", "/vms/")
    assert len(web.asked) == 5


def test_signing_in_and_leaving(web: Web) -> None:
    web.answer = lambda asked: Reply(200, {"access": "a", "refresh": "r"})
    api = HttpClient.at(web.url)
    credential = api.sign_in("bob", "s3cret")
    assert web.asked[0].json == {"username": "bob", "password": "s3cret"}
    assert (credential.username, credential.token, credential.refresh) == ("bob", "a", "r")
    api.use(credential._replace(passing=True))
    api.close()
    assert web.asked[-1].path == "/api/latest/logout/"
    assert web.asked[-1].headers["Authorization"] == "Bearer a"
    api.close()
    assert len(web.asked) == 2


def test_a_kept_session_is_not_ended_by_leaving(web: Web) -> None:
    api = HttpClient.at(web.url, SESSION)
    api.close()
    assert web.asked == []


def test_the_server_is_looked_for_at_the_first_request(web: Web) -> None:
    found: list[int] = []

    def find() -> Target:
        found.append(1)
        return Target(web.url, TOKEN)

    api = HttpClient(TargetFinder(find))
    assert found == []
    api.request("GET", "/vms/")
    api.request("GET", "/vms/")
    assert (found, api.url) == ([1], web.url)


def test_an_api_that_was_never_used_looks_for_nothing_when_it_closes() -> None:
    def find() -> Target:
        raise AssertionError("nobody asked for a server")

    HttpClient(TargetFinder(find)).close()


def test_no_secret_is_shown_by_what_holds_one() -> None:
    credential = Credential("x", "bob", token="TTT", refresh="RRR", password="PPP")
    target = Target("https://x.invalid", credential)
    request = Request("POST", "/login/", {"password": "PPP"}, headers={"Authorization": "TTT"})
    options = ConnectOptions(token=credential, username="bob", password="PPP")
    for holder in (credential, target, request, options):
        for shown in (repr(holder), str(holder), f"{holder}"):
            assert not any(secret in shown for secret in ("TTT", "RRR", "PPP"))


@pytest.mark.parametrize(
    ("parts", "path"),
    [(("roles", 2, "assign"), "/roles/2/assign/"), (("apitokens", "a/../b?c"), "/apitokens/a%2F..%2Fb%3Fc/")],
)
def test_the_parts_of_a_resource_are_quoted(parts: tuple[object, ...], path: str) -> None:
    assert resource(*parts) == path


@pytest.mark.parametrize(
    ("path", "whole"),
    [
        ("/apitokens/", "/api/latest/apitokens/"),
        ("apitokens/", "/api/latest/apitokens/"),
        ("/api/v5/vms/", "/api/v5/vms/"),
        ("/v1/auth/token/lookup-self", "/v1/auth/token/lookup-self"),
        ("/healthz", "/healthz"),
        ("//evil.example/", "/api/latest//evil.example/"),
        ("@evil.example/", "/api/latest/@evil.example/"),
    ],
)
def test_a_path_stays_on_the_server(path: str, whole: str) -> None:
    assert whole_path(path) == whole


def test_an_exclusive_renewal_is_held(web: Web) -> None:
    web.answer = sessions("new", "again")
    held: list[str] = []

    class Watching(Kept):
        @contextmanager
        def alone(self) -> Iterator[None]:
            held.append("in")
            yield
            held.append(f"out with {self.credential.token}")

    keeper: AbstractContextManager[None] | Watching = Watching(SESSION)
    assert isinstance(keeper, Watching)
    HttpClient.at(web.url, SESSION, session_store=keeper).request("GET", "/vms/")
    assert held == ["in", "out with new"]


def test_what_is_known_by_now_is_told_without_looking() -> None:
    finder = TargetFinder(
        lambda: Target("http://localhost:1"), lambda place: place._replace(credential=Credential("a test"))
    )
    assert finder.found is None
    assert finder.signed_target is finder.found


def test_a_session_that_ended_is_renewed_once_for_all_forks() -> None:
    together = threading.Barrier(4, timeout=10)

    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/token/refresh/"):
            return Reply(200, {"access": "fresh", "refresh": "next"})
        if asked.headers["Authorization"] == "Bearer stale":
            together.wait()
            return Reply(401, {"detail": "it has ended", "code": "not_authenticated"})
        return Reply(200, {"id": 1})

    with serving(answer) as web:
        whole = HttpClient.at(web.url, Credential("test", "bob", token="stale", refresh="once"))
        forks = [whole.fork() for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda fork: fork.request("GET", "/vms/1/"), forks))
        for fork in forks:
            fork.close()
        assert answers == [{"id": 1}] * 4
        assert [asked.path for asked in web.asked].count("/api/latest/token/refresh/") == 1
        assert whole.credential is not None
        assert whole.credential.token == "fresh"
        whole.close()


def test_closing_a_fork_ends_no_session() -> None:
    with serving(lambda asked: Reply(200, {})) as web:
        whole = HttpClient.at(web.url, Credential("test", "bob", token="x", refresh="y", passing=True))
        fork = whole.fork()
        fork.request("GET", "/vms/1/")
        fork.close()
        assert [asked.path for asked in web.asked] == ["/api/latest/vms/1/"]
        whole.close()
        assert web.asked[-1].path == "/api/latest/logout/"


@pytest.mark.parametrize(
    ("method", "path", "repeated"),
    [
        ("GET", "/apitokens/", True),
        ("HEAD", "/apitokens/", True),
        ("post", "/apitokens/", True),
        ("PATCH", "/apitokens/L7k8ljIC/rotate/", True),
        ("PATCH", "/apitokens/L7k8ljIC/", False),
        ("DELETE", "/managers/4/", False),
    ],
)
def test_looks_and_what_is_made_may_be_repeated(method: str, path: str, repeated: bool) -> None:
    request = Request(method, path)
    assert (request.is_read or IDEMPOTENCY in idempotency_key(method, path)) is repeated


def test_a_key_is_fresh_and_holds_more_than_128_bits() -> None:
    keys = {idempotency_key("POST", "/apitokens/")[IDEMPOTENCY] for _ in range(100)}
    assert len(keys) == 100
    assert {len(key) for key in keys} == {2 + 24}, "18 bytes in base64, as a structured string in quotes"
    assert idempotency_key("GET", "/apitokens/") == {}


def test_no_secret_is_told() -> None:
    link = Target(
        "https://x.invalid", Credential("a test", "bob", token=str(TOKEN.token), refresh="r3fresh", password="s3cret")
    )
    assert "https://x.invalid" in repr(link)
    assert not any(secret in repr(link) for secret in (str(TOKEN.token), "r3fresh", "s3cret"))


def test_a_renewed_session_is_the_same_person_and_another_token_is_not() -> None:
    first, renewed = (Target("u", Credential("sign-in", "bob", token=token, refresh="r")) for token in "ab")
    assert first.identity == renewed.identity
    one, other = (Target("u", Credential("sign-in", "bob", token=token)) for token in "ab")
    assert one.identity != other.identity
    assert Target("u").identity != first.identity
