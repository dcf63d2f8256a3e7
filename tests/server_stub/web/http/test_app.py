"""What holds for every address: versions, slashes, methods, the shape of refusals, and nothing that is not served."""

import logging

import pytest
from falcon import testing

from server_stub.domain.base import errors
from server_stub.domain.base.errors import Refusal
from server_stub.domain.base.token_format import Presented
from server_stub.operations import context
from server_stub.operations.context import ReadContext, WriteContext
from server_stub.web.http import app
from server_stub.web.http.routing import Routes
from tests.processes import Server
from tests.server_stub.conftest import Person, Service
from tests.wire import raw

REFUSALS: list[tuple[Refusal, int]] = [
    (errors.Invalid("x"), 400),
    (errors.Invalid("x", code="too_large"), 413),
    (errors.Invalid("x", code="too_slow"), 408),
    (errors.Unauthenticated("x"), 401),
    (errors.Forbidden("x"), 403),
    (errors.NotFound("x"), 404),
    (errors.Conflict("x"), 409),
    (errors.QuotaExceeded("x"), 409),
    (errors.SlowDown("x", retry_after_seconds=7), 429),
    (errors.Unavailable("x"), 503),
]


def every_sort(sort: type[Refusal] = Refusal) -> set[type[Refusal]]:
    """Return all sorts of refusal there are."""
    return {sort}.union(*(every_sort(inner) for inner in sort.__subclasses__())) - {Refusal}


def test_each_sort_of_refusal_has_a_status() -> None:
    assert every_sort() == {type(refusal) for refusal, _ in REFUSALS}


class Site:
    """The application with two routes of the test's own."""

    def __init__(self, service: Service, raised: Exception):
        routes = Routes("/api")

        @routes.get("/look/", action="test.look", open=True)
        def look(context: ReadContext) -> None:
            """Raise."""
            raise raised

        @routes.post("/change/", action="test.change", open=True)
        def change(context: WriteContext) -> None:
            """Raise."""
            raise raised

        site = context.ServerContext("", "", bytes, lambda *given: pytest.fail("no password is shown"))
        server = app.AppContext(service.database, site, Presented("", b""), service.throttle)
        self.client = testing.TestClient(app.build(server, routes.all))


@pytest.mark.parametrize(("refusal", "status"), REFUSALS, ids=lambda value: getattr(value, "code", str(value)))
@pytest.mark.parametrize(("method", "path"), [("GET", "/api/look"), ("POST", "/api/change")])
def test_a_refusal_has_one_shape(site: Service, method: str, path: str, refusal: Refusal, status: int) -> None:
    answer = Site(site, refusal).client.simulate_request(method, path)
    assert answer.status_code == status
    assert answer.json == {"detail": "x", "code": refusal.code, "hint": None}
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)
    assert answer.headers.get("Retry-After") == ("7" if status == 429 else None)


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/look"), ("POST", "/api/change")])
def test_a_defect_tells_the_log_and_nobody_else(
    site: Service, method: str, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = Site(site, RuntimeError("the password is hunter2")).client.simulate_request(method, path)
    assert (answer.status_code, answer.json["code"]) == (500, "internal")
    assert "hunter2" not in answer.text
    assert "a defect while serving" in caplog.text


def test_a_database_that_is_away_is_unavailable(site: Service, alice: Person) -> None:
    connection = site.database.engine.connect()
    connection.script("ALTER TABLE tokens RENAME TO hidden")
    answer = alice.ask("GET", "/apitokens/")
    connection.script("ALTER TABLE hidden RENAME TO tokens")
    connection.close()
    assert (answer.status, answer.json["code"]) == (503, "unavailable")
    assert "hidden" not in answer.json["detail"]
    assert alice.ask("GET", "/apitokens/").status == 200


PREFIXES = ["/api", "/api/latest", "/api/v1", "/api/v5", "/api/v10"]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("slash", ["", "/"])
def test_every_version_and_both_endings_are_the_same(shared_server: Server, prefix: str, slash: str) -> None:
    token = shared_server.create(owner="admin")
    for path, method in (("", "GET"), (f"/{token['id']}", "GET"), (f"/{token['id']}/revoke", "PATCH")):
        answer = raw(shared_server.url, request(shared_server, method, f"{prefix}/apitokens{path}{slash}"))
        assert answer.status == 200, path


def request(server: Server, method: str, path: str, credential: str | None = None) -> bytes:
    """Write a request with nothing but a credential."""
    shown = credential or f"Api-Token {server.local_admin}"
    return f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {shown}\r\nConnection: close\r\n\r\n".encode()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "/", 405),
        ("GET", "/api", 404),
        ("GET", "/api/latest/latest/apitokens/", 404),
        ("GET", "/api/V1/apitokens/", 404),
        ("GET", "/api/v/apitokens/", 404),
        ("GET", "/api/v²/apitokens/".encode().decode("latin-1"), 404),
        ("GET", "//api/apitokens/", 404),
        ("GET", "/api//apitokens/", 404),
        ("GET", "/api/../api/apitokens/", 404),
        ("GET", "/api/apitokens/..%2f..%2fetc%2fpasswd", 404),
        ("GET", "/api/apitokens/%00/", 404),
        ("GET", "/api/apitokens/%ff%fe/", 404),
        ("GET", "/api/apitokens/?name=%00", 400),
        ("GET", "/api/apitokens/?archived=maybe", 400),
        ("GET", "/api/apitokens/?unheard=of", 400),
        ("GET", "/api/apitokens/?name=a&name=b", 400),
        ("GET", "/api/apitokens/?archived=True", 200),
        ("GET", "/api/apitokens/?archived=false", 200),
        ("DELETE", "/api/apitokens/", 405),
        ("TRACE", "/api/apitokens/", 405),
        ("PUT", "/api/vms/1/", 405),
        ("BREW", "/api/apitokens/", 400),
        ("OPTIONS", "*", 404),
        ("GET", "/api/apitokens/" + "9" * 7_000, 404),
    ],
)
def test_what_is_not_served_is_refused_in_the_same_shape(
    shared_server: Server, method: str, path: str, status: int
) -> None:
    answer = raw(shared_server.url, request(shared_server, method, path))
    assert answer.status == status
    if status >= 400:
        assert set(answer.json) == {"detail", "code", "hint"}
    if status == 405:
        assert "GET" in answer.headers["allow"]


def test_a_head_is_a_get_without_its_body(shared_server: Server) -> None:
    got, head = (
        raw(shared_server.url, request(shared_server, method, "/api/apitokens/")) for method in ("GET", "HEAD")
    )
    assert (head.status, head.body) == (200, b"")
    assert raw(shared_server.url, request(shared_server, "HEAD", "/api/apitokens/", "Bearer x")).status == 401
    assert got.body.startswith(b"[")


def test_nothing_is_kept_by_caches_and_nothing_is_taken_for_something_else(shared_server: Server) -> None:
    for path in ("/healthz", "/api/apitokens/", "/nothing", "/openapi.json"):
        answer = raw(shared_server.url, request(shared_server, "GET", path))
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"name":' * 100_000,
        b'{"name":"\xff"}',
        b'{"name":"\\ud800"}',
        b'{"name":"a\\u0000b"}',
        b'{"name":NaN}',
        b'{"name":1e999}',
        b'{"expiry_date":9223372036854775808}',
        b'{"name":true}',
        b'{"unheard":1}',
        b"\x00",
        b"\xef\xbb\xbf{}",
        b"null",
        b'"x"',
        b"{}{}",
        b"name=x",
        b'{"' + b"x" * 100_000 + b'":1}',
    ],
)
def test_a_body_that_is_not_wanted_is_a_mistake_and_never_a_defect(shared_server: Server, body: bytes) -> None:
    head = request(shared_server, "POST", "/api/apitokens/")[:-2] + f"Content-Length: {len(body)}\r\n\r\n".encode()
    answer = raw(shared_server.url, head + body)
    assert answer.status == 400
    assert len(answer.body) < 1_000
    assert answer.json["code"] == "invalid"


def test_no_line_of_the_log_came_of_it(shared_server: Server) -> None:
    for path in ("/api/apitokens/%00/", "/nothing", "/api/apitokens/?name=%00"):
        raw(shared_server.url, request(shared_server, "GET", path))
    log = (shared_server.data / "stderr.log").read_text()
    assert [line for line in log.splitlines() if "vshell-server:" not in line] == []
