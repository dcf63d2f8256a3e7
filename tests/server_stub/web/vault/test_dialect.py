"""Credentials, verbs and addresses of the two doors."""

import pytest

from server_stub.domain.base import errors as refusals
from server_stub.domain.base.errors import Refusal
from server_stub.web.http.dialect import Route
from server_stub.web.vault import dialect
from server_stub.web.vault.dialect import current
from tests.server_stub.conftest import Service
from tests.server_stub.web.vault.conftest import DENIED, Holder

SELF = "auth/token/lookup-self"


@pytest.mark.parametrize("path", [f"/v1/{SELF}", f"/{SELF}"])
@pytest.mark.parametrize(
    ("header", "form", "status"),
    [
        ("X-Vault-Token", "{}", 200),
        ("X-Vault-Token", "  {}  ", 200),
        ("Authorization", "Bearer {}", 200),
        ("Authorization", "bearer {}", 403),
        ("Authorization", "Token {}", 403),
        ("Authorization", "Api-Token {}", 403),
        ("X-Bao-Token", "{}", 403),
        ("X-Vault-Token", "", 403),
        ("X-Vault-Token", "nobody", 403),
        ("X-Vault-Token", "hvs.CAESIJ", 403),
    ],
)
def test_where_a_token_is_taken_from(
    site: Service, root: Holder, path: str, header: str, form: str, status: int
) -> None:
    answer = site.ask("GET", path, headers={header: form.format(root.token)})
    assert answer.status == status
    if status == 403:
        assert answer.json == {"errors": [DENIED]}


def test_two_that_differ_are_refused(site: Service, root: Holder, plain: Holder) -> None:
    answer = site.ask(
        "GET", f"/v1/{SELF}", authorization=f"Bearer {plain.token}", headers={"X-Vault-Token": root.token}
    )
    assert answer.status == 400
    same = site.ask("GET", f"/v1/{SELF}", authorization=f"Bearer {root.token}", headers={"X-Vault-Token": root.token})
    assert same.status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, 403),
    ],
)
def test_a_cookie_counts_unless_another_page_may_have_sent_it(
    site: Service, root: Holder, headers: dict[str, str], status: int
) -> None:
    cookie = {"Cookie": f"a=b; token={root.token}; c=d"}
    assert site.ask("GET", f"/{SELF}", headers={**cookie, **headers}).status == status
    assert site.ask("GET", f"/v1/{SELF}", headers={**cookie, **headers}).status == 403
    assert site.ask("GET", "/managers/", headers={**cookie, **headers}).status == 401


@pytest.mark.parametrize("cookie", ["token", "token=", "tokens={}", "token={}x", "token={}; token=other", "TOKEN={}"])
def test_a_cookie_that_is_none(site: Service, root: Holder, cookie: str) -> None:
    assert site.ask("GET", f"/{SELF}", headers={"Cookie": cookie.format(root.token)}).status == 403


def test_a_header_wins_over_the_cookie(site: Service, root: Holder, plain: Holder) -> None:
    answer = site.ask("GET", f"/{SELF}", headers={"X-Vault-Token": plain.token, "Cookie": f"token={root.token}"})
    assert answer.json["data"]["id"] == plain.token
    assert site.ask("GET", f"/{SELF}", headers={"X-Vault-Token": "bad1", "Cookie": f"token={root.token}"}).status == 403


@pytest.mark.parametrize("path", ["/v1/sys/health", "/v1/sys/seal-status", "/v1/sys/leader", "/v1/sys/init"])
def test_open_addresses_do_not_look_at_credentials(site: Service, path: str) -> None:
    for headers in ({}, {"X-Vault-Token": "stale"}, {"Authorization": "Bearer stale"}):
        assert site.ask("GET", path, headers=headers).status == 200


@pytest.mark.parametrize(("namespace", "status"), [("", 200), ("root", 200), ("/", 200), ("ns1/", 404)])
def test_namespaces(root: Holder, namespace: str, status: int) -> None:
    answer = root.ask("GET", SELF, headers={"X-Vault-Namespace": namespace})
    assert answer.status == status
    if status == 404:
        assert answer.json == {"errors": ["namespace not found"]}


def test_wrapping_is_refused_and_nothing_is_done(site: Service, root: Holder) -> None:
    before = site.audit()
    message = root.refused(400, "POST", "auth/token/create", {}, headers={"X-Vault-Wrap-TTL": "5m"})
    assert message == "response wrapping is not supported by this server"
    assert site.audit() == before
    assert "not supported" in root.refused(400, "PUT", "sys/wrapping/unwrap", {"token": "x"})


@pytest.mark.parametrize("verb", ["POST", "PUT"])
def test_put_is_post(root: Holder, verb: str) -> None:
    assert root.ask(verb, "auth/token/create", {}).status == 200
    assert root.ask(verb, "/auth/token/create", {}).status == 200


def test_slashes_are_joined(root: Holder) -> None:
    assert root.ask("GET", "auth//token///lookup-self").status == 200
    token = root.made(id="a token/with/slashes")
    assert root.ask("GET", f"/auth/token/lookup/{token.token}").status == 200


@pytest.mark.filterwarnings("ignore:Unknown REQUEST_METHOD")  # the test client knows no LIST
@pytest.mark.parametrize(
    ("method", "path", "status", "message"),
    [
        ("GET", "/v1/auth/token/none", 404, "1 error occurred:\n\t* unsupported path\n\n"),
        ("GET", "/auth/token/none", 404, "1 error occurred:\n\t* unsupported path\n\n"),
        ("GET", "/v1/sys/none", 404, "1 error occurred:\n\t* unsupported path\n\n"),
        ("GET", "/v1/secret/x", 404, 'no handler for route "secret/x". route entry not found.'),
        ("DELETE", f"/v1/{SELF}", 405, "1 error occurred:\n\t* unsupported operation\n\n"),
        ("PATCH", "/v1/auth/token/create", 405, "1 error occurred:\n\t* unsupported operation\n\n"),
        ("LIST", f"/v1/{SELF}", 405, "1 error occurred:\n\t* unsupported operation\n\n"),
    ],
)
def test_what_is_not_there(site: Service, method: str, path: str, status: int, message: str) -> None:
    answer = site.ask(method, path)
    assert (answer.status, answer.json) == (status, {"errors": [message]})


def test_every_answer_has_the_headers_that_clients_look_at(site: Service, root: Holder) -> None:
    for answer in (
        root.ask("GET", SELF),
        root.ask("POST", "auth/token/create", {}),
        root.ask("POST", "auth/token/create", {"ttl": "x"}),
        site.ask("GET", "/v1/nowhere"),
        site.ask("GET", f"/v1/{SELF}"),
        site.ask("GET", "/v1/sys/health"),
    ):
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["cache-control"] == "no-store"


def test_every_success_comes_in_the_whole_envelope(root: Holder) -> None:
    keys = ["request_id", "lease_id", "renewable", "lease_duration", "data", "wrap_info", "warnings", "auth"]
    for answer in (root.ask("GET", SELF), root.ask("POST", "auth/token/create", {})):
        assert list(answer.json) == keys
    ids = {root.ask("GET", SELF).json["request_id"] for _ in range(3)}
    assert len(ids) == 3


def test_the_native_api_speaks_as_it_always_did(site: Service, root: Holder) -> None:
    answer = site.ask("GET", "/nowhere", authorization=f"Bearer {root.token}")
    assert answer.json["code"] == "not_found"
    assert site.ask("PUT", "/apitokens/", {}, authorization=f"Bearer {root.token}").status == 405


def test_a_named_string_opens_every_door_as_a_bearer(site: Service, root: Holder) -> None:
    token = root.made(id="open sesame")
    assert site.ask("GET", "/login/", authorization=f"Bearer {token.token}").json["username"] == "root"
    assert site.ask("GET", "/login/", headers={"X-Vault-Token": token.token}).status == 200
    verified = site.local.post("/apitokens/verify/", token=token.token)
    assert verified["active"] is True


ROUTE = Route(
    "GET",
    "/x",
    "x",
    lambda: None,
    current.dialect,
    status_overrides={"not_found": (403, "bad token"), "own": (400, "")},
)


@pytest.mark.parametrize(
    ("refusal", "route", "status", "messages"),
    [
        (refusals.Invalid("it is wrong"), None, 400, ["it is wrong"]),
        (refusals.Invalid("it is wrong", "Do it so."), None, 400, ["it is wrong. Do it so."]),
        (refusals.Invalid("x", code="too_large"), None, 413, ["x"]),
        (refusals.Unauthenticated("x"), None, 403, ["permission denied"]),
        (refusals.Unauthenticated("it has expired", code="password_expired"), None, 403, ["it has expired"]),
        (refusals.Forbidden("x"), None, 403, ["1 error occurred:\n\t* permission denied\n\n"]),
        (refusals.NotFound("x"), None, 404, []),
        (refusals.NotFound("x"), ROUTE, 403, ["bad token"]),
        (refusals.Forbidden("ours", "hint", "own"), ROUTE, 400, ["ours"]),
        (refusals.Conflict("x"), ROUTE, 400, ["x"]),
        (refusals.QuotaExceeded("x"), None, 400, ["x"]),
        (refusals.Unavailable("x"), None, 503, ["x"]),
        (Refusal("x"), None, 500, ["x"]),
        *((Refusal("x", code=code), None, status, [words]) for code, (status, words) in dialect.WORDS.items()),
    ],
)
def test_the_words_for_a_refusal(refusal: Refusal, route: Route | None, status: int, messages: list[str]) -> None:
    refused = dialect.render_error(refusal, route)
    assert (refused.status, refused.body, refused.headers) == (status, {"errors": messages}, {})


def test_who_has_to_wait_is_told_how_long() -> None:
    refused = dialect.render_error(refusals.SlowDown("x", retry_after_seconds=7))
    assert (refused.status, refused.headers) == (429, {"Retry-After": "7"})


def test_what_falcon_refuses_otherwise_has_the_shape_too() -> None:
    assert dialect.render_miss(400, "GET", "/v1/x").body == {"errors": ["the request cannot be served"]}
