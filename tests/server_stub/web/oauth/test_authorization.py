"""Where a terminal begins: RFC 8628, 3.1 and 3.2, and who is counted among the strangers."""

from __future__ import annotations

import base64

import pytest

from server_stub.domain.base.timestamps import MINUTE
from server_stub.domain.devices import device_flow, limits
from tests.server_stub.conftest import PASSWORD, Person, Service
from tests.server_stub.web.pages.conftest import Browser, signed_in
from tests.server_stub.web.pages.conftest import dan as dan
from tests.server_stub.web.pages.conftest import panel as panel
from tests.server_stub.web.pages.conftest import scheme as scheme
from tests.server_stub.web.waiting_terminal import Terminal, decide, send, shown, started

BEGIN = "/oauth/device_authorization"


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
