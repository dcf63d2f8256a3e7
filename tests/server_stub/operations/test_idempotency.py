"""Idempotency keys: a change is done once and answered alike, and a lost answer of the device flow is given again."""

from __future__ import annotations

import concurrent.futures
import re
import uuid
from urllib.parse import urlencode

import pytest

from server_stub.domain.devices import device_flow
from tests.server_stub.conftest import Answer, Person, Service
from tests.server_stub.web.pages.conftest import Browser
from tests.server_stub.web.pages.conftest import dan as dan
from tests.server_stub.web.pages.conftest import panel as panel
from tests.server_stub.web.pages.conftest import scheme as scheme
from tests.server_stub.web.waiting_terminal import GRANT, Terminal, decide, started


def keyed(person: Person, key: str, path: str = "/apitokens/", body: object = None, method: str = "POST") -> Answer:
    """Send a change with a key."""
    return person.ask(method, path, {"owner": "bob"} if body is None else body, headers={"Idempotency-Key": key})


def fresh() -> str:
    """Return a new key, as the draft writes it."""
    return f'"{uuid.uuid4()}"'


def test_sixteen_at_once_with_one_key_make_one_token_and_get_its_secret(either_site: Service) -> None:
    either_site.manager("bob", max_api_tokens=10)
    for _ in range(5):
        key = fresh()
        before = len(either_site.local.get("/apitokens/"))
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda number, key=key: keyed(either_site.local, key), range(16)))
        assert {answer.status for answer in answers} == {201}
        assert len({answer.json["token"] for answer in answers}) == 1
        assert len(either_site.local.get("/apitokens/")) == before + 1
    made = [target for _, action, target, _ in either_site.audit() if action == "apitoken.create"]
    assert len(made) == len(set(made)) == 5
    working = either_site.by_bearer(answers[0].json["token"])
    assert working.get("/login/")["username"] == "bob"


def test_a_secret_given_twice_lies_nowhere(either_site: Service) -> None:
    either_site.manager("bob")
    key = fresh()
    secret = keyed(either_site.local, key).json["token"].split(".")[1].encode()
    rows = either_site.database.read(lambda tx: tx.rows("SELECT * FROM idempotency_keys"))
    assert len(rows) == 1
    held = b"".join(bytes(value) if not isinstance(value, int) else b"" for value in rows[0])
    assert secret not in held
    assert key.strip('"').encode() not in held


@pytest.mark.parametrize("what", ["body", "path", "person", "rights"])
def test_a_key_is_good_for_one_request_of_one_person_with_the_same_rights(what: str, site: Service) -> None:
    bob, eve = site.manager("bob", "administrators"), site.manager("eve", "administrators")
    assert bob != eve
    person, other, key = site.by_token("bob"), site.by_token("eve"), fresh()
    assert keyed(person, key).status == 201
    before = len(site.local.get("/apitokens/"))
    if what == "rights":
        site.local.patch(f"/managers/{bob}/", roles=["read_only"])
    refused = {
        "body": lambda: keyed(person, key, body={"owner": "bob", "name": "another"}),
        "path": lambda: keyed(person, key, "/apitokens/?x=1"),
        "person": lambda: keyed(other, key),
        "rights": lambda: keyed(person, key),
    }[what]()
    assert (refused.status, refused.json["code"]) == (422, "idempotency_key_reused")
    assert "token" not in refused.json
    assert len(site.local.get("/apitokens/")) == before


def test_who_may_no_longer_sign_in_gets_no_answer_again(site: Service) -> None:
    bob = site.manager("bob")
    person, key = site.by_token("bob"), fresh()
    assert keyed(person, key).status == 201
    site.local.patch(f"/managers/{bob}/", is_active=False)
    assert keyed(person, key).status == 401


def test_a_refusal_is_not_kept(site: Service) -> None:
    site.manager("bob", max_api_tokens=0)
    key = fresh()
    assert keyed(site.local, key).status == 409
    site.local.patch("/managers/4/", max_api_tokens=1)
    assert keyed(site.local, key).status == 201
    assert keyed(site.local, key).status == 201
    assert len(site.local.get("/apitokens/")) == 1


def test_a_key_that_can_be_guessed_is_refused_and_nothing_is_done(site: Service) -> None:
    assert re.search(
        "nobody can guess",
        site.local.refused(400, "POST", "/managers/", {"username": "x"}, headers={"Idempotency-Key": "1"}),
    )
    assert "x" not in [each["username"] for each in site.local.get("/managers/")]


def test_a_change_without_an_answer_is_answered_so_again(site: Service) -> None:
    number, key = site.manager("bob"), fresh()
    answers = [keyed(site.local, key, f"/managers/{number}/unlock/", {}, "PATCH") for _ in range(2)]
    assert [(answer.status, answer.json) for answer in answers] == [(204, None)] * 2
    assert [action for _, action, _, _ in site.audit()].count("manager.unlock") == 1


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
