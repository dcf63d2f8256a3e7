"""Every page and every form, tried by those who may not, from where they may not, in shapes that are not forms."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from server_stub.domain.base.timestamps import DAY, HOUR, MINUTE
from server_stub.web import pages
from server_stub.web.http.dialect import Route
from server_stub.web.pages import dialect, templates_env
from tests.server_stub.conftest import PASSWORD, Service
from tests.server_stub.web import waiting_terminal
from tests.server_stub.web.pages.conftest import HOST, Browser, Shown, scheme_of, signed_in, stranger

FORMS = [route for route in pages.ROUTES if route.method == "POST"]
LOOKS = [route for route in pages.ROUTES if route.method == "GET"]
CLOSED = [route for route in pages.ROUTES if not route.access.anonymous]
ACTS = {
    "/sign-in": {"username": "dan", "password": PASSWORD},
    "/sign-out": {},
    "/password": {
        "username": "dan",
        "password": PASSWORD,
        "new_password": "a new horse",
        "repeated_password": "a new horse",
    },
    "/tokens/new": {"name": "made"},
    "/tokens/{token_id}/revoke": {},
    "/device": {"code": "BBBB-BBBB"},
    "/device/approve": {},
    "/device/deny": {},
}
"""What each form is sent with; every one of them does what it is for when nothing stands against it."""

DONE = {"/device": (404,)}
"""What is answered where that is not another page: a wrong code is counted."""


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


def everything(panel: Service) -> object:
    """Return all that a form could change."""
    tokens = "SELECT id, name, revoked_at FROM tokens ORDER BY id"
    done = "SELECT seq, action FROM audit WHERE outcome = 'done' ORDER BY seq"
    managers = "SELECT username, password_hash FROM managers ORDER BY id"
    devices = (
        "SELECT (SELECT count(*) FROM device_guesses), (SELECT count(*) FROM device_requests WHERE state <> 'open')"
    )
    return [panel.database.read(lambda tx, sql=sql: tx.rows(sql)) for sql in (tokens, done, managers, devices)]


def opened(browser: Browser, path: str) -> dict[str, str]:
    """Open the page that a form stands on, and return what it would send."""
    if path.startswith("/device/"):
        return waiting_terminal.shown(browser, waiting_terminal.started(browser.site).code).forms["/device/deny"]
    at = {"/sign-out": "/"}.get(path, path)
    fields = browser.get(at).forms[path]
    template = re.sub("/[0-9A-Za-z]{8}/", "/{token_id}/", path)
    return {**fields, **ACTS[template]}


def address(panel: Service, route: Route) -> str:
    """Return the address of a page about a token of dan's."""
    if "{token_id}" not in route.path:
        return route.path
    return route.path.replace("{token_id}", panel.local.post("/apitokens/", owner="dan")["id"])


def who(panel: Service, route: Route, dan: Browser) -> Browser:
    """Return who uses a form: dan, or for a form without a session somebody at a browser of their own."""
    return stranger(panel) if route.access.anonymous else dan


@pytest.mark.parametrize("route", FORMS, ids=named)
def test_every_form_does_what_it_is_for(panel: Service, dan: Browser, route: Route) -> None:
    path, browser = address(panel, route), who(panel, route, dan)
    fields, before = opened(browser, path), everything(panel)
    assert browser.post(path, fields).status in DONE.get(path, (200, 303))
    assert everything(panel) != before


ATTACKS: dict[str, dict[str, str | None]] = {
    "another site": {"Origin": "https://evil.test", "Sec_Fetch_Site": "cross-site"},
    "another site, an old browser": {"Origin": "https://evil.test", "Sec_Fetch_Site": None},
    "a neighbour": {"Origin": f"https://other.{HOST}", "Sec_Fetch_Site": "same-site"},
    "a name that begins like ours": {"Origin": f"https://{HOST}.evil.test", "Sec_Fetch_Site": None},
    "our name and another port": {"Origin": f"https://{HOST}:1", "Sec_Fetch_Site": None},
    "a frame without an origin": {"Origin": "null", "Sec_Fetch_Site": None},
    "a site that hides itself": {"Origin": None, "Sec_Fetch_Site": "cross-site"},
    "an empty origin": {"Origin": "", "Sec_Fetch_Site": None},
    "a site that lies about the origin": {"Sec_Fetch_Site": "cross-site"},
}


@pytest.mark.parametrize("route", FORMS, ids=named)
def test_a_form_from_elsewhere_changes_nothing(panel: Service, dan: Browser, route: Route) -> None:
    path, browser = address(panel, route), who(panel, route, dan)
    fields, before = opened(browser, path), everything(panel)
    for attack, headers in ATTACKS.items():
        shown = browser.post(path, fields, **headers)
        assert (shown.status, everything(panel)) == (403, before), attack
        assert "The form came from another site." in shown.text
        assert PASSWORD not in shown.html


@pytest.mark.parametrize("route", FORMS, ids=named)
def test_a_form_without_its_key_changes_nothing(panel: Service, dan: Browser, route: Route) -> None:
    path, browser = address(panel, route), who(panel, route, dan)
    panel.manager("eve", password=PASSWORD)
    another = signed_in(panel, "eve").get("/").forms["/sign-out"]["form_key"]
    strange = stranger(panel).get("/sign-in").forms["/sign-in"]["form_key"]
    fields, before = opened(browser, path), everything(panel)
    for key in ("", "x", "é", another, strange):
        shown = browser.post(path, {**fields, "form_key": key})
        assert (shown.status, everything(panel)) == (403, before), key
        assert "The form is out of date" in shown.text
    del fields["form_key"]
    assert (browser.post(path, fields).status, everything(panel)) == (403, before)


@pytest.mark.parametrize("route", [route for route in FORMS if not route.access.anonymous], ids=named)
def test_a_form_without_a_session_changes_nothing(panel: Service, dan: Browser, route: Route) -> None:
    path = address(panel, route)
    fields, before = opened(dan, path), everything(panel)
    shown = stranger(panel).post(path, fields)
    assert (shown.status, shown.location, everything(panel)) == (303, "/sign-in", before)


@pytest.mark.parametrize("route", FORMS, ids=named)
def test_nothing_but_a_form_is_read(panel: Service, dan: Browser, route: Route) -> None:
    path, browser = address(panel, route), who(panel, route, dan)
    fields, before = opened(browser, path), everything(panel)
    for content_type in (None, "text/plain", "application/json", "multipart/form-data; boundary=x"):
        shown = browser.post(path, fields, Content_Type=content_type)
        assert (shown.status, everything(panel)) == (400, before), content_type


@pytest.mark.parametrize("route", FORMS, ids=named)
def test_a_form_that_is_not_ours_in_shape_changes_nothing(panel: Service, dan: Browser, route: Route) -> None:
    path, browser = address(panel, route), who(panel, route, dan)
    opened(browser, path)
    before = everything(panel)
    told = {"Content_Type": "application/x-www-form-urlencoded", "Origin": f"{scheme_of(panel)}://{HOST}"}
    for body in ("unheard_of=1", "form_key=a&form_key=b", "form_key=%00"):
        assert (browser.ask("POST", path, body, **told).status, everything(panel)) == (400, before), body


@pytest.mark.parametrize("route", FORMS, ids=named)
def test_a_text_browser_that_says_nothing_of_sites_is_served_by_the_key(
    panel: Service, dan: Browser, route: Route
) -> None:
    path, browser = address(panel, route), who(panel, route, dan)
    fields = opened(browser, path)
    assert browser.post(path, fields, Origin=None, Sec_Fetch_Site=None).status in DONE.get(path, (200, 303))


@pytest.mark.parametrize("route", [route for route in LOOKS if not route.access.anonymous], ids=named)
def test_every_page_leads_over_the_sign_in_and_back(panel: Service, dan: Browser, route: Route) -> None:
    path, browser = address(panel, route), stranger(panel)
    wanted = f"{path}?state=all" if path == "/" else path
    sent = browser.get(wanted)
    assert sent.status == 303
    assert sent.location == f"/sign-in?next={quote(wanted, safe='')}"
    browser.get(sent.location)
    assert browser.submit("/sign-in", username="dan", password=PASSWORD).location == wanted
    assert browser.get(wanted).status == 200


@pytest.mark.parametrize("route", pages.ROUTES, ids=named)
def test_every_answer_has_the_headers_of_a_page(panel: Service, dan: Browser, route: Route) -> None:
    path = address(panel, route)
    answers = [
        dan.get(path),
        stranger(panel).get(path),
        dan.post(path, {}),
        dan.ask("PUT", path),
        dan.ask("HEAD", path),
    ]
    for shown in answers:
        if path == "/" and shown.status == 405:
            continue  # that address is the native API's where it is not the panel
        assert_headers(shown)


@pytest.mark.parametrize("path", ["/tokens/a/b/c", "/sign-in/x", "/pages/../style.css", "/password/x"])
def test_what_is_not_there_is_said_on_a_page(panel: Service, dan: Browser, path: str) -> None:
    shown = dan.get(path)
    assert shown.status == 404
    assert_headers(shown)
    assert "There is no page at this address." in shown.text


def assert_headers(shown: Shown) -> None:
    policy = shown.headers["content-security-policy"]
    assert policy == templates_env.POLICY
    assert "unsafe" not in policy
    assert "script" not in policy
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["referrer-policy"] == "same-origin"
    assert "www-authenticate" not in shown.headers
    assert shown.status != 401


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test",
        "\\\\evil.test",
        "/tokens/new//evil.test",
        "javascript:alert(1)",
        "/tokens/new\r\nSet-Cookie: a=b",
        "/tokens/new#<script>",
        "/tokens/new?x=<script>",
        "/api/latest/apitokens/",
        "/sign-in",
        "/sign-out",
        "/openapi.json",
        "tokens/new",
        "",
        " /",
        "/%2e%2e//evil.test",
        "/?" + "a" * 600,
    ],
)
def test_nobody_is_sent_on_to_what_is_no_page_of_ours(address: str) -> None:
    assert dialect.safe_address(address) == "/"


def test_a_sign_in_sends_nobody_elsewhere(panel: Service, dan: Browser) -> None:
    dan.get("/sign-in?next=//evil.test/")
    assert dan.shown is not None
    assert dan.shown.forms["/sign-in"]["next"] == "/"
    sent = dan.submit("/sign-in", username="dan", password=PASSWORD, next="https://evil.test/")
    assert (sent.status, sent.location) == (303, "/")


@pytest.mark.parametrize("address", ["/", "/?owner=dan&state=all", "/tokens/new", "/tokens/AAAAAAAA/revoke"])
def test_one_is_sent_on_to_pages_of_ours(address: str) -> None:
    assert dialect.safe_address(address) == address


def test_a_link_that_others_have_added_to_is_followed(dan: Browser) -> None:
    assert dan.get("/?utm_source=mail").status == 200


def test_a_defect_is_said_on_a_page_without_its_details(
    panel: Service, dan: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("hunter2")

    monkeypatch.setattr("server_stub.web.native.tokens.token_store.page", fail)
    shown = dan.get("/")
    assert (shown.status, "hunter2" in shown.html) == (500, False)
    assert_headers(shown)
    assert "The server met a defect of its own." in shown.text


def test_rights_hold_on_every_page_about_a_token(panel: Service, dan: Browser) -> None:
    panel.manager("rita", "read_only", password=PASSWORD)
    panel.manager("nora", password=PASSWORD)
    rita, nora = signed_in(panel, "rita"), signed_in(panel, "nora")
    for route in CLOSED:
        if "{token_id}" not in route.path:
            continue
        path, expected = address(panel, route), (403 if "revoke" in route.path else 200)
        key = {"form_key": dan.get("/tokens/new").forms["/sign-out"]["form_key"]}
        for browser, status in ((rita, expected), (nora, 404)):
            key["form_key"] = browser.get("/").forms["/sign-out"]["form_key"]
            before = everything(panel)
            shown = browser.get(path) if route.method == "GET" else browser.post(path, key)
            assert (shown.status, everything(panel)) == (status, before), (path, browser)


@pytest.fixture(params=["http", "https"])
def scheme(request: pytest.FixtureRequest) -> str:
    """In plain and by TLS."""
    return str(request.param)


def name_of(panel: Service) -> str:
    """Return the name of the session's cookie."""
    return "__Host-vshell-session" if scheme_of(panel) == "https" else "vshell-session"


def is_sent_to_sign_in(shown: Shown) -> bool:
    return (shown.status, (shown.location or "").partition("?")[0]) == (303, "/sign-in")


def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_http(panel: Service) -> None:
    panel.manager("dan", password=PASSWORD)
    browser = stranger(panel)
    visit = browser.get("/sign-in").cookies
    sent = browser.submit("/sign-in", username="dan", password=PASSWORD)
    secure = scheme_of(panel) == "https"
    for cookie in (*visit.values(), sent.cookies[name_of(panel)]):
        assert (cookie.http_only, cookie.same_site, cookie.path, cookie.domain) == (True, "Strict", "/", None)
        assert (cookie.secure, cookie.name.startswith("__Host-")) == (secure, secure)
        assert (cookie.max_age, cookie.expires) == (None, None)


def test_only_a_digest_of_the_session_is_kept(panel: Service, dan: Browser) -> None:
    secret = dan.jar[name_of(panel)]
    rows = panel.database.read(lambda tx: tx.rows("SELECT * FROM tokens"))
    trail = panel.database.read(lambda tx: tx.rows("SELECT * FROM audit"))
    assert secret not in repr(rows) + repr(trail)
    assert secret[:8] in repr(rows)


def test_a_session_that_was_there_before_the_sign_in_is_not_taken_up(panel: Service, dan: Browser) -> None:
    planted = dan.jar[name_of(panel)]
    panel.manager("eve", password=PASSWORD)
    victim = stranger(panel)
    victim.jar[name_of(panel)] = planted
    victim.sign_in("eve")
    assert victim.jar[name_of(panel)] != planted
    assert victim.shown is not None
    assert "Signed in as eve" in victim.shown.text


@pytest.mark.parametrize("end", ["revoked", "signed out", "disabled", "new password", "deleted"])
def test_when_the_session_ends_the_next_request_goes_to_the_sign_in(panel: Service, dan: Browser, end: str) -> None:
    number = next(each["id"] for each in panel.local.get("/managers/") if each["username"] == "dan")
    secret = dan.jar[name_of(panel)]
    if end == "revoked":
        panel.local.ask("POST", "/v1/auth/token/revoke-accessor", {"accessor": secret[:8]})
    elif end == "signed out":
        panel.by_bearer(secret).post("/logout/")
    elif end == "disabled":
        panel.local.patch(f"/managers/{number}/", is_active=False)
    elif end == "new password":
        panel.local.patch(f"/managers/{number}/password/", password="another horse")
    else:
        panel.local.ask("DELETE", f"/managers/{number}/")
    assert is_sent_to_sign_in(dan.get("/"))
    assert is_sent_to_sign_in(dan.post("/tokens/new", {"form_key": "x"}))


def test_an_idle_session_ends_and_a_used_one_ends_within_a_day(panel: Service, dan: Browser) -> None:
    panel.clock.advance(HOUR - MINUTE)
    assert dan.get("/").status == 200
    panel.database.write(lambda tx: panel.database.uses.write(tx, panel.database.uses.take()), unaudited=True)
    panel.clock.advance(HOUR - MINUTE)
    assert dan.get("/").status == 200
    for _ in range(30):
        panel.database.write(lambda tx: panel.database.uses.write(tx, panel.database.uses.take()), unaudited=True)
        panel.clock.advance(50 * MINUTE)
        dan.get("/")
    assert is_sent_to_sign_in(dan.get("/"))
    dan.sign_in("dan")
    panel.clock.advance(HOUR)
    assert is_sent_to_sign_in(dan.get("/"))


def test_a_session_ends_with_its_password(panel: Service, dan: Browser) -> None:
    panel.local.patch("/vms/1/pwd_settings/", pwd_expiration_timeout_enabled=True, pwd_expiration_timeout="30m")
    dan.sign_in("dan")
    panel.clock.advance(30 * MINUTE)
    assert is_sent_to_sign_in(dan.get("/"))


def test_no_other_credential_opens_a_page(panel: Service, dan: Browser) -> None:
    token = panel.local.post("/apitokens/", owner="dan")["token"]
    session_secret = dan.jar[name_of(panel)]
    pair = panel.nobody.post("/token/", username="dan", password=PASSWORD)
    for value in (token, pair["refresh"], panel.local.authorization[7:], "x", "'; --"):  # type: ignore[index]  # it has one
        other = stranger(panel)
        other.jar[name_of(panel)] = value
        assert is_sent_to_sign_in(other.get("/")), value
    for headers in ({"Authorization": f"Bearer {token}"}, {"X_Vault_Token": session_secret}):
        assert is_sent_to_sign_in(stranger(panel).get("/", **headers))


def test_under_tls_only_the_cookie_that_no_neighbour_can_plant_counts(panel: Service, dan: Browser) -> None:
    other = stranger(panel)
    other.jar["vshell-session"] = dan.jar[name_of(panel)]
    assert is_sent_to_sign_in(other.get("/")) == (scheme_of(panel) == "https")


def test_a_form_key_is_of_one_session_and_tells_nothing_of_it() -> None:
    one, other = dialect.derive_key("a" * 41, "form key"), dialect.derive_key("b" * 41, "form key")
    assert one != other != dialect.derive_key("b" * 41, "ticket")
    assert len(one) == 43
    assert "a" * 6 not in one


def test_nobody_who_has_not_signed_in_leaves_a_refusal_in_the_audit(panel: Service) -> None:
    before = panel.database.read(lambda tx: tx.rows("SELECT count(*) FROM audit"))
    stranger(panel).get("/")
    assert panel.database.read(lambda tx: tx.rows("SELECT count(*) FROM audit")) == before


def test_the_end_of_a_session_lies_within_the_settings(panel: Service, dan: Browser) -> None:
    row = panel.database.read(
        lambda tx: tx.rows("SELECT expires_at, max_expires_at, parent_id FROM tokens WHERE kind = 'session'")
    )
    assert row == [(panel.clock.now + HOUR, panel.clock.now + DAY, None)]
