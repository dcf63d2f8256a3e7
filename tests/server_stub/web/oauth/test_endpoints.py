"""The OAuth door, to the letter of its RFCs: RFC 6749 (5.2), 8628, 7009, 7662, 8414."""

from __future__ import annotations

import base64
import json
from urllib.parse import urlencode

import pytest

from server_stub.domain.base.timestamps import DAY, MINUTE, SECOND
from server_stub.domain.devices import device_flow, limits
from tests.server_stub.conftest import PASSWORD, Person, Service
from tests.server_stub.web.pages.conftest import Browser, signed_in
from tests.server_stub.web.pages.conftest import dan as dan
from tests.server_stub.web.pages.conftest import panel as panel
from tests.server_stub.web.pages.conftest import scheme as scheme
from tests.server_stub.web.waiting_terminal import GRANT, Terminal, decide, send, shown, started

BEGIN = "/oauth/device_authorization"
HOUR = 3_600


def test_the_way_of_a_terminal_that_is_approved(panel: Service, dan: Browser) -> None:
    terminal = started(panel, host="build-7", client_name="vshell 1.0")
    assert terminal.error() == "authorization_pending"
    decide(dan, terminal.code)
    got = terminal.fetch()
    assert set(got) == {"access_token", "token_type", "token_id", "approved_by"}
    assert (got["token_type"], got["approved_by"]) == ("Bearer", "dan")
    assert got["access_token"].startswith(got["token_id"])
    assert terminal.error() == "expired_token", "a code is good once"
    caller = panel.by_bearer(got["access_token"]).get("/login/")
    assert (caller["username"], caller["token_id"]) == ("dan", got["token_id"])
    kept = panel.by_bearer(got["access_token"]).get(f"/apitokens/{got['token_id']}/")
    assert (kept["kind"], kept["name"], kept["expiry_date"]) == ("device", "vshell 1.0 on build-7", None)
    assert kept["meta"] == {"client_id": "vshell", "host": "build-7"}


def test_an_answer_with_a_token_is_kept_by_no_cache(panel: Service, dan: Browser) -> None:
    """RFC 6749, 5.1: both headers are a must."""
    terminal = started(panel)
    decide(dan, terminal.code)
    answer = terminal.poll()
    assert "access_token" in answer.json
    told = {name: answer.headers[name] for name in ("cache-control", "pragma", "content-type")}
    assert told == {"cache-control": "no-store", "pragma": "no-cache", "content-type": "application/json"}


def test_a_token_ends_where_the_server_says_so(panel: Service, dan: Browser) -> None:
    panel.local.patch("/vms/1/pwd_settings/", pwd_expiration_timeout="20D", pwd_expiration_timeout_enabled=True)
    terminal = started(panel)
    decide(dan, terminal.code)
    assert terminal.fetch()["expires_in"] == 20 * DAY // SECOND


def test_what_narrows_a_token_is_said(panel: Service, dan: Browser) -> None:
    uuid = panel.local.post("/nodes/", path="/shop")["uuid"]
    assert (
        "Of all that you may do only this: read /shop" in shown(dan, started(panel, scope=f"node:{uuid}:r").code).text
    )
    terminal = started(panel, scope=f"node:{uuid}:r", project="shop")
    decide(dan, terminal.code)
    got = terminal.fetch()
    assert (got["scope"], got["project"]) == (f"node:{uuid}:r", "shop")


def test_denial_expiry_and_another_client(panel: Service, dan: Browser) -> None:
    denied, ended = started(panel), started(panel)
    decide(dan, denied.code, "deny")
    assert denied.poll().json == {"error": "access_denied", "error_description": "dan denied it on the page"}
    assert ended.poll(client_id="other").json["error"] == "invalid_grant"
    panel.clock.advance(device_flow.LIFETIME)
    assert ended.error() == "expired_token"
    assert panel.audit()[-1][1] == "device.expired"
    assert ended.error() == "expired_token"
    assert [action for _, action, *_ in panel.audit()].count("device.expired") == 1
    panel.clock.advance(device_flow.KEPT_AFTER)
    started(panel)
    assert ended.error() == "invalid_grant", "what has had its time is forgotten"


def test_whoever_polls_too_often_is_slowed_down(panel: Service) -> None:
    terminal = started(panel)
    assert terminal.error() == "authorization_pending"
    answer = terminal.poll(wait=False)
    assert (answer.status, answer.json["error"], answer.json["interval"]) == (400, "slow_down", 10)
    assert terminal.error() == "slow_down"
    panel.clock.advance(10 * SECOND)
    assert terminal.error() == "authorization_pending"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "invalid_request"),
        ({"device_code": ""}, "invalid_request"),
        ({"client_id": ""}, "invalid_request"),
        ({"device_code": "x" * 43}, "invalid_grant"),
    ],
)
def test_a_poll_that_is_wrong_is_refused_as_oauth_does(panel: Service, fields: dict[str, str], error: str) -> None:
    answer = started(panel).poll(**fields)
    assert (answer.status, answer.json["error"]) == (400, error)


def test_the_flow_can_be_switched_off(panel: Service, dan: Browser) -> None:
    terminal = started(panel)
    decide(dan, terminal.code)
    panel.local.patch("/vms/1/", device_flow="off")
    assert terminal.error() == "access_denied", "also for what was approved before"
    answer = send(panel, BEGIN, client_id="vshell")
    assert (answer.status, answer.json["error"]) == (400, "unauthorized_client")
    metadata = panel.ask("GET", "/.well-known/oauth-authorization-server").json
    assert "device_authorization_endpoint" not in metadata
    assert metadata["grant_types_supported"] == [GRANT], "left out, it would mean two that are not served (RFC 8414, 2)"


def test_the_metadata_names_every_address(panel: Service) -> None:
    metadata = panel.ask("GET", "/.well-known/oauth-authorization-server").json
    assert metadata["issuer"] == "https://panel.test"
    assert metadata["grant_types_supported"] == [GRANT]
    assert [] not in metadata.values(), "RFC 8414, 3.2: claims with zero elements must be omitted"
    assert metadata["introspection_endpoint_auth_methods_supported"] == ["Bearer"]
    for name in ("device_authorization", "token", "revocation", "introspection"):
        path = metadata[f"{name}_endpoint"].removeprefix("https://panel.test")
        assert panel.ask("POST", path).status in (400, 401), f"{path} is served"


def device_token(panel: Service, browser: Browser) -> str:
    """Return a device token of who sits at a browser."""
    terminal = started(panel)
    decide(browser, terminal.code)
    return str(terminal.fetch()["access_token"])


def test_a_revocation_is_answered_the_same_for_what_is_no_token(panel: Service, dan: Browser) -> None:
    token = device_token(panel, dan)
    changed = token[:-1] + ("a" if token[-1] != "a" else "b")
    for text in (changed, "no token", "x" * 10_000, token, token):
        answer = send(panel, "/oauth/revoke", token=text, token_type_hint="refresh_token")
        assert (answer.status, answer.json) == (200, None)
    assert panel.by_bearer(token).ask("GET", "/login/").status == 401
    revocations = [record for record in panel.audit() if record[1] == "apitoken.revoke"]
    assert [record[:3] for record in revocations] == [("dan", "apitoken.revoke", token[:8])]


def test_a_revocation_without_a_token_and_by_another_client_is_refused(panel: Service, dan: Browser) -> None:
    token = device_token(panel, dan)
    assert send(panel, "/oauth/revoke").json["error"] == "invalid_request"
    answer = send(panel, "/oauth/revoke", token=token, client_id="other")
    assert (answer.status, answer.json["error"]) == (400, "invalid_grant")
    assert panel.by_bearer(token).ask("GET", "/login/").status == 200
    assert send(panel, "/oauth/revoke", token=token, client_id="vshell").status == 200
    assert panel.by_bearer(token).ask("GET", "/login/").status == 401


def test_introspection_is_for_callers_who_may_ask(panel: Service, dan: Browser) -> None:
    token = device_token(panel, dan)
    panel.manager("eve")
    panel.manager("rita", "read_only")
    eve, rita = panel.by_token("eve"), panel.by_token("rita")
    asked = {"token": token}
    refused = send(panel, "/oauth/introspect", **asked)
    assert (refused.status, refused.json["error"]) == (401, "invalid_token")
    assert "Bearer" in refused.headers["www-authenticate"]
    answers = [
        send(panel, "/oauth/introspect", authorization=who, **asked).json
        for who in (f"Bearer {token}", rita.authorization, panel.local.authorization, eve.authorization)
    ]
    own = answers[0]
    assert own == {
        "active": True,
        "client_id": "vshell",
        "username": "dan",
        "token_type": "Bearer",
        "iat": own["iat"],
        "sub": "dan",
        "iss": "https://panel.test",
        "jti": token[:8],
        "kind": "device",
    }
    assert answers[1:] == [own, own, {"active": False}]


def test_of_what_is_not_live_nothing_is_said(panel: Service, dan: Browser) -> None:
    def asked(token: str) -> object:
        return send(panel, "/oauth/introspect", authorization=panel.local.authorization, token=token).json

    token = device_token(panel, dan)
    ending = panel.local.post("/apitokens/", owner="dan", expiry_date="1H")["token"]
    assert isinstance(asked(ending), dict)
    assert asked(ending)["exp"] == panel.clock.now // SECOND + HOUR  # type: ignore[index]  # a dict, as was just seen
    sign_in = panel.nobody.post("/token/", username="dan", password=PASSWORD)
    assert asked(sign_in["refresh"]) == {"active": False}
    panel.clock.advance(HOUR * SECOND)
    assert asked(ending) == {"active": False}
    assert asked("no token") == {"active": False}
    number = panel.local.get("/managers/", username="dan")[0]["id"]
    panel.local.patch(f"/managers/{number}/", is_active=False)
    assert asked(token) == {"active": False}
    panel.local.patch(f"/managers/{number}/", is_active=True)
    send(panel, "/oauth/revoke", token=token)
    assert asked(token) == {"active": False}
    assert send(panel, "/oauth/introspect", authorization=panel.local.authorization).json["error"] == "invalid_request"


def test_introspection_is_no_use(panel: Service) -> None:
    panel.manager("dan")
    limited = panel.local.post("/apitokens/", owner="dan", num_uses=1)
    sliding = panel.local.post("/apitokens/", owner="dan", sliding_window="1H")
    panel.clock.advance(HOUR // 2 * SECOND)
    for token in (limited, sliding):
        answer = send(panel, "/oauth/introspect", authorization=panel.local.authorization, token=token["token"])
        assert answer.json["active"]
        assert panel.local.get(f"/apitokens/{token['id']}/")["last_used"] is None
    assert panel.local.get(f"/apitokens/{limited['id']}/")["uses_left"] == 1
    panel.clock.advance(HOUR // 2 * SECOND)
    assert panel.local.get(f"/apitokens/{sliding['id']}/")["state"] == "expired"


def test_no_answer_shows_a_secret(panel: Service, dan: Browser) -> None:
    terminal = started(panel)
    answers = [terminal.poll(), terminal.poll(client_id="x"), terminal.poll(wait=False)]
    token = device_token(panel, dan)
    answers += [send(panel, "/oauth/revoke", token=token, client_id="x")]
    told = json.dumps([answer.json for answer in answers])
    assert terminal.told["device_code"] not in told
    assert token not in told


def test_a_second_person_s_approval_is_told_by_name(panel: Service, dan: Browser) -> None:
    panel.manager("eve", password=PASSWORD)
    terminal = started(panel)
    decide(signed_in(panel, "eve"), terminal.code)
    assert terminal.fetch()["approved_by"] == "eve"


FORMS = {
    BEGIN: {"client_id": "vshell"},
    "/oauth/token": {"grant_type": GRANT, "device_code": "x" * 43, "client_id": "vshell"},
    "/oauth/revoke": {"token": "no token"},
    "/oauth/introspect": {"token": "no token"},
}


@pytest.mark.parametrize("path", FORMS)
def test_each_form_is_read_as_oauth_wants(panel: Service, path: str) -> None:
    """RFC 6749, 3.1 and 3.2: by POST alone; empty is absent, unknown is ignored, nothing is given twice."""

    def told(form: str) -> tuple[int, str | None]:
        answer = panel.ask("POST", path, form=form, authorization=by)
        assert answer.headers["cache-control"] == "no-store"
        return answer.status, answer.json and answer.json.get("error")

    by = panel.local.authorization if path == "/oauth/introspect" else None
    whole = urlencode(FORMS[path])
    good = told(whole)
    assert good in ((200, None), (400, "invalid_grant"))
    assert told(f"{whole}&colour=blue&token_type_hint=&client_secret=&host=") == good
    for name, value in FORMS[path].items():
        twice = told(f"{whole}&{urlencode({name: value})}")
        assert twice == (400, "invalid_request"), name
        assert told(whole.replace(urlencode({name: value}), f"{name}=")) == (400, "invalid_request"), name
    answer = panel.ask("POST", path, FORMS[path], authorization=by)
    assert (answer.status, answer.json["error"]) == (400, "invalid_request"), "JSON is no form"
    answer = panel.ask("GET", path, query=FORMS[path], authorization=by)
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "device_code", "nonsense", ""])
def test_a_hint_never_keeps_a_token_from_being_found(panel: Service, dan: Browser, hint: str) -> None:
    """RFC 7009, 2.1 and RFC 7662, 2.1: the search must be extended to all kinds of tokens."""
    by = panel.local.authorization
    sign_in = panel.nobody.post("/token/", username="dan", password=PASSWORD)
    for text in (device_token(panel, dan), sign_in["access"]):
        asked = {"token": text, "token_type_hint": hint}
        assert send(panel, "/oauth/introspect", authorization=by, **asked).json["active"]
        assert send(panel, "/oauth/revoke", **asked).status == 200
        assert send(panel, "/oauth/introspect", authorization=by, **asked).json == {"active": False}
        assert panel.by_bearer(text).ask("GET", "/login/").status == 401


def test_with_a_refresh_token_goes_what_came_of_it(panel: Service, dan: Browser) -> None:
    """RFC 7009, 2.1: all access tokens based on the same grant."""
    sign_in = panel.nobody.post("/token/", username="dan", password=PASSWORD)
    second = panel.nobody.post("/token/refresh/", refresh=sign_in["refresh"])["access"]
    assert send(panel, "/oauth/revoke", token=sign_in["refresh"]).status == 200
    for text in (sign_in["access"], second):
        assert panel.by_bearer(text).ask("GET", "/login/").status == 401
    assert panel.nobody.ask("POST", "/token/refresh/", {"refresh": sign_in["refresh"]}).status == 401


def test_a_token_cannot_be_scanned_for_by_whoever_shows_nothing_good(panel: Service, dan: Browser) -> None:
    """RFC 7662, 2.1: some form of authorization is a must."""
    token = device_token(panel, dan)
    panel.local.patch(f"/apitokens/{token[:8]}/revoke/")
    wrong = base64.b64encode(b"dan:wrong").decode()
    for shown_by in (None, "Bearer nonsense", f"Bearer {token}", f"Basic {wrong}", "Basic Og=="):
        answer = send(panel, "/oauth/introspect", authorization=shown_by, token=token)
        assert (answer.status, answer.json["error"]) == (401, "invalid_token"), shown_by
        assert answer.headers["www-authenticate"].startswith("Bearer ")
        assert "active" not in answer.json


def test_what_is_used_up_or_no_token_is_not_active_and_nothing_more(panel: Service) -> None:
    """RFC 7662, 2.2: of what is not active nothing else should be said."""
    panel.manager("eve")
    used = panel.local.post("/apitokens/", owner="eve", num_uses=1)["token"]
    assert panel.by_bearer(used).ask("GET", "/login/").status == 200
    for text in (used, started(panel).told["device_code"], "vgot_x", "\u00e9", "x" * 10_000):
        answer = send(panel, "/oauth/introspect", authorization=panel.local.authorization, token=text)
        assert (answer.status, answer.json) == (200, {"active": False})
        assert answer.headers["content-type"] == "application/json"


def test_the_metadata_is_as_its_rfc_has_it(panel: Service) -> None:
    """RFC 8414, 2 and 3.2: JSON, an issuer without query or fragment, every address below it, no empty value."""
    answer = panel.ask("GET", "/.well-known/oauth-authorization-server")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    issuer = answer.json["issuer"]
    assert issuer == "https://panel.test"
    for name, value in answer.json.items():
        assert value not in ("", [], None), name
        if name.endswith("_endpoint"):
            assert value.startswith(issuer + "/")


def test_a_terminal_begins(panel: Service) -> None:
    answer = send(panel, BEGIN, client_id="vshell")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/json"
    assert set(answer.json) == {"device_code", "user_code", "verification_uri", "expires_in", "interval"}
    assert (answer.json["expires_in"], answer.json["interval"]) == (300, 5)
    assert answer.json["verification_uri"] == "https://panel.test/device"
    assert len(answer.json["device_code"]) == 43


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ("", "invalid_request"),
        ("client_id=", "invalid_request"),
        ("client_id=a&client_id=a", "invalid_request"),
        ("client_id=a&scope=everything", "invalid_scope"),
        ("client_id=a&scope=node%3A7d444840-9dc0-11d1-b245-5ffdce74fad2%3Ar", "invalid_scope"),
        ("client_id=a&scope=" + "+".join(["node%3A7d444840-9dc0-11d1-b245-5ffdce74fad2%3Ar"] * 1_000), "invalid_scope"),
        ("client_id=a&terminal_key=AAAA", "invalid_request"),
        ("client_id=a&host=a%0Ab", "invalid_request"),
        ("client_id=a&name=" + "x" * 200, "invalid_request"),
    ],
)
def test_a_beginning_that_is_wrong_is_refused_as_oauth_does(site: Service, form: str, error: str) -> None:
    answer = site.ask("POST", BEGIN, form=form)
    assert (answer.status, answer.json["error"]) == (400, error)
    assert set(answer.json) == {"error", "error_description"}
    assert all(" " <= letter <= "~" and letter not in '"\\' for letter in answer.json["error_description"])


def test_unknown_and_empty_fields_are_ignored_and_json_is_no_form(site: Service) -> None:
    assert site.ask("POST", BEGIN, form="client_id=a&scope=&colour=blue&client_name=").status == 200
    assert site.ask("POST", BEGIN, {"client_id": "a"}).json["error"] == "invalid_request"
    assert site.ask("GET", BEGIN).status == 405
    assert set(site.ask("POST", "/oauth/nothing").json) == {"error", "error_description"}


def begun_by(person: Person, panel: Service, source: str = "192.0.2.7") -> Terminal:
    """Begin at a terminal that shows a credential."""
    answer = send(panel, BEGIN, source, person.authorization, client_id="vshell")
    assert answer.status == 200, answer
    return Terminal(panel, answer.json)


def filled(site: Service) -> None:
    """Have strangers of many networks take all the room there is."""
    rows = [
        {"id": f"r{n}", "code": f"C{n}", "digest": b"%d" % n, "at": site.clock.now, "end": site.clock.now + 5 * MINUTE}
        for n in range(limits.OPEN_IN_ALL)
    ]
    site.database.write(
        lambda tx: tx.change_many(
            "INSERT INTO device_requests (id, user_code, digest, client_id, program, host, name, source, network, "
            "scopes, created_at, expires_at, interval, state, shown_permissions) VALUES (:id, :code, :digest, 'a', "
            "'a', 'a', '', :id, :id, '[]', :at, :end, 5000000, 'open', '[]')",
            rows,
        ),
        unaudited=True,
    )


def test_whoever_shows_a_live_credential_begins_whatever_strangers_do(panel: Service) -> None:
    panel.manager("eve", password=PASSWORD)
    panel.manager("bob")
    filled(panel)
    answer = send(panel, BEGIN, "203.0.113.77", client_id="vshell")
    assert (answer.status, answer.json["error"], answer.headers["retry-after"]) == (429, "slow_down", "60")
    eve, bob = panel.by_session("eve"), panel.by_token("bob")
    for _ in range(limits.OPEN_OF_AN_OWNER):
        begun_by(eve, panel)
    answer = send(panel, BEGIN, authorization=eve.authorization, client_id="vshell")
    assert (answer.status, answer.json["error"]) == (429, "slow_down"), "a manager's own bound"
    begun_by(bob, panel)
    panel.clock.advance(device_flow.LIFETIME)
    begun_by(eve, panel)


def test_a_credential_that_is_no_good_is_refused_and_a_client_s_own_is_not_read(panel: Service) -> None:
    answer = send(panel, BEGIN, authorization="Bearer nonsense", client_id="vshell")
    assert (answer.status, answer.json["error"]) == (401, "invalid_token")
    assert "Bearer" in answer.headers["www-authenticate"]
    panel.manager("eve")
    dead = panel.by_token("eve")
    panel.local.patch(f"/managers/{panel.local.get('/managers/', username='eve')[0]['id']}/", is_active=False)
    assert send(panel, BEGIN, authorization=dead.authorization, client_id="vshell").status == 401
    client = "Basic " + base64.b64encode(b"client:its secret").decode()
    assert send(panel, BEGIN, authorization=client, client_id="vshell").status == 200
    assert not panel.database.read(lambda tx: tx.rows("SELECT 1 FROM device_requests WHERE owner_id IS NOT NULL"))


def test_local_admin_and_a_stranger_own_no_request(panel: Service) -> None:
    begun_by(panel.local, panel)
    started(panel)
    assert panel.database.read(lambda tx: tx.rows("SELECT DISTINCT owner_id FROM device_requests")) == [(None,)]


def test_the_page_says_who_began(panel: Service, dan: Browser) -> None:
    panel.manager("eve", password=PASSWORD)
    mine, hers = begun_by(panel.by_session("dan"), panel), begun_by(panel.by_session("eve"), panel)
    page = shown(dan, mine.code).text
    assert "Begun by dan , signed in there" in page
    assert "Somebody else began this" not in page
    page = shown(dan, hers.code).text
    assert "Somebody else began this: eve" in page
    assert "Begun by somebody who is not signed in" in shown(dan, started(panel).code).text


def test_each_start_of_a_manager_is_on_record_with_their_name(panel: Service, dan: Browser) -> None:
    person = panel.by_session("dan")
    terminals = [begun_by(person, panel) for _ in range(3)]
    decide(signed_in(panel, "dan"), terminals[0].code)
    records = [record for record in panel.audit() if record[1].startswith("device.")]
    assert [(actor, action) for actor, action, *_ in records] == [("dan", "device.requested")] * 3 + [
        ("dan", "device.approved")
    ]
    assert records[3][2] == records[0][2], "the approval names the request"
    assert records[3][3]["requested_at"] == records[0][3]["requested_at"]


def test_a_lost_answer_of_a_signed_in_terminal_is_given_again(panel: Service) -> None:
    panel.manager("eve")
    key = {"Idempotency-Key": "A" * 32}
    authorization = panel.by_token("eve").authorization
    answers = [
        panel.ask("POST", BEGIN, form="client_id=vshell", authorization=authorization, headers=key) for _ in range(2)
    ]
    assert answers[0].json == answers[1].json
