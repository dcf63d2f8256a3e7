"""A token's answer that got lost is given again, to the terminal that holds the device code and sent a key."""

from __future__ import annotations

from urllib.parse import urlencode

from server_stub.domain.devices import device_flow
from tests.server_stub.conftest import Answer, Service
from tests.server_stub.web.pages.conftest import Browser
from tests.server_stub.web.pages.conftest import dan as dan
from tests.server_stub.web.pages.conftest import panel as panel
from tests.server_stub.web.pages.conftest import scheme as scheme
from tests.server_stub.web.waiting_terminal import GRANT, Terminal, decide, started

KEY, OTHER = "k" * 24, "o" * 24


def polled(terminal: Terminal, key: str | None, **fields: str) -> Answer:
    """Poll with a key, an interval after the last time."""
    terminal.site.clock.advance(device_flow.INTERVAL)
    told = {"grant_type": GRANT, "device_code": terminal.told["device_code"], "client_id": "vshell", **fields}
    headers = {} if key is None else {"Idempotency-Key": key}
    return terminal.site.ask("POST", "/oauth/token", form=urlencode(told), headers=headers)


def approved(panel: Service, dan: Browser) -> Terminal:
    """Return a terminal that dan has approved."""
    terminal = started(panel)
    assert polled(terminal, KEY).json["error"] == "authorization_pending"
    decide(dan, terminal.code)
    return terminal


def test_an_answer_that_got_lost_is_given_again_to_whoever_sends_the_same_key(panel: Service, dan: Browser) -> None:
    terminal = approved(panel, dan)
    first = polled(terminal, KEY)
    assert first.status == 200
    again = [polled(terminal, KEY) for _ in range(3)]
    assert {answer.status for answer in again} == {200}
    assert all(answer.json == first.json for answer in again)
    assert again[0].headers["pragma"] == "no-cache"
    for other in (None, OTHER):
        assert polled(terminal, other).json["error"] == "expired_token"
    assert polled(terminal, KEY, client_id="thief").json["error"] == "invalid_grant"
    held = panel.database.read(lambda tx: tx.rows("SELECT count(*) FROM tokens WHERE kind = 'device'"))
    assert held[0][0] == 1
    assert [record[1] for record in panel.audit()].count("device.redeemed") == 1


def test_a_key_is_good_for_one_request(panel: Service, dan: Browser) -> None:
    first, second = approved(panel, dan), approved(panel, dan)
    assert polled(first, KEY).status == 200
    refused = polled(second, KEY)
    assert (refused.status, refused.json["error"]) == (422, "invalid_request")
    assert polled(second, OTHER).status == 200, "and the refusal used nothing up"


def test_a_key_that_can_be_guessed_is_refused_at_every_poll(panel: Service, dan: Browser) -> None:
    terminal = approved(panel, dan)
    assert polled(terminal, "guess").json["error"] == "invalid_request"
    assert polled(terminal, KEY).status == 200


def test_the_database_holds_no_secret_for_it(panel: Service, dan: Browser) -> None:
    terminal = approved(panel, dan)
    token = polled(terminal, KEY).json["access_token"]
    rows = panel.database.read(lambda tx: tx.rows("SELECT * FROM idempotency_keys"))
    assert len(rows) == 1
    assert token not in repr(rows)
    assert KEY not in repr(rows)


def test_what_was_taken_back_is_given_no_more(panel: Service, dan: Browser) -> None:
    terminal = approved(panel, dan)
    token = polled(terminal, KEY).json["access_token"]
    form = urlencode({"token": terminal.told["device_code"], "client_id": "vshell"})
    assert panel.ask("POST", "/oauth/revoke", form=form).status == 200
    assert panel.by_bearer(token).ask("GET", "/login/").status == 401
    assert polled(terminal, KEY).json["error"] == "expired_token"
