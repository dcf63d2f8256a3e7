"""Zoho's door: its dialect, data centres, and access tokens that die with the device token they came of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from server_stub.domain.base.timestamps import DAY, HOUR, MINUTE, SECOND
from server_stub.domain.devices import device_flow
from tests.server_stub.conftest import PASSWORD, Answer, Service
from tests.server_stub.web.pages.conftest import HOST, Browser, signed_in
from tests.server_stub.web.waiting_terminal import decide, send, started

ZOHO = {"client_id": "1000.X", "client_secret": "none", "scope": "ZohoCatalyst.projects.ALL"}


@pytest.fixture
def panel(database_url: str) -> Iterator[Service]:
    """A server of the data centre eu, on each engine in turn, and dan who is signed in at a browser."""
    service = Service(database_url, f"https://{HOST}", "eu")
    service.manager("dan", password=PASSWORD)
    yield service
    service.close()


@pytest.fixture
def dan(panel: Service) -> Browser:
    """A manager without roles, signed in at a browser."""
    return signed_in(panel, "dan")


def ask(panel: Service, path: str, **fields: str) -> Answer:
    """Send what zcatalyst-cli sends: all in the query, and an empty body."""
    return panel.ask("POST", path, query=fields)


def begun(panel: Service) -> dict[str, Any]:
    """Begin at a terminal."""
    answer = ask(panel, "/oauth/v3/device/code", **ZOHO, grant_type="device_request", access_type="offline")
    assert answer.status == 200, answer
    return dict(answer.json)


def poll(panel: Service, told: dict[str, Any], pause: int = device_flow.ZOHO_INTERVAL) -> Any:
    """Poll as zcatalyst-cli does, every 2 s; whatever comes, it comes with 200."""
    panel.clock.advance(pause)
    answer = ask(panel, "/oauth/v3/device/token", **ZOHO, grant_type="device_token", code=told["device_code"])
    assert answer.status == 200, answer
    return answer.json


def granted(panel: Service, dan: Browser) -> dict[str, Any]:
    """Return what an approved terminal gets."""
    told = begun(panel)
    decide(dan, told["user_code"])
    return dict(poll(panel, told))


def access(panel: Service, refresh_token: str) -> Answer:
    """Ask for an access token, by a form."""
    return send(panel, "/oauth/v2/token", grant_type="refresh_token", refresh_token=refresh_token, **ZOHO)


def status(panel: Service, token: str) -> int:
    """Return what the CLI's first request is answered with a token."""
    return panel.ask("GET", "/baas/v1/project", authorization=f"Bearer {token}").status


def test_a_terminal_begins_in_zoho_s_words_and_milliseconds(panel: Service) -> None:
    told = begun(panel)
    assert set(told) == {"user_code", "device_code", "verification_url", "interval", "expires_in"}
    assert told["verification_url"] == f"https://{HOST}/device"
    assert (told["interval"], told["expires_in"]) == (2_000, 300_000)


def test_it_may_poll_every_two_seconds_and_gets_both_tokens(panel: Service, dan: Browser) -> None:
    told = begun(panel)
    assert [poll(panel, told)["error"] for _ in range(30)] == ["authorization_pending"] * 30
    decide(dan, told["user_code"])
    got = poll(panel, told)
    assert set(got) == {"access_token", "refresh_token", "expires_in", "token_type", "api_domain"}
    assert got["expires_in"] == HOUR // SECOND
    assert poll(panel, told) == {"error": "expired"}
    assert [status(panel, got[name]) for name in ("access_token", "refresh_token")] == [200, 200]


@pytest.mark.parametrize("pause", [0, SECOND // 2])
def test_sooner_is_told_to_slow_down(panel: Service, pause: int) -> None:
    told = begun(panel)
    poll(panel, told)
    assert poll(panel, told, pause)["error"] == "slow_down"


def test_a_terminal_that_polls_on_after_a_stall_gets_its_token(panel: Service, dan: Browser) -> None:
    """The CLI keeps to its 2 s whatever it is told: were it to wait longer, it would never be answered again."""
    told = begun(panel)
    assert [poll(panel, told, pause).get("error") for pause in (0, 0, 0)][1:] == ["slow_down"] * 2
    assert poll(panel, told)["error"] == "authorization_pending"
    decide(dan, told["user_code"])
    assert "refresh_token" in poll(panel, told)


def test_denial_and_expiry(panel: Service, dan: Browser) -> None:
    denied, ended = begun(panel), begun(panel)
    decide(dan, denied["user_code"], "deny")
    assert poll(panel, denied) == {"error": "access_denied"}
    assert poll(panel, ended, device_flow.LIFETIME) == {"error": "expired"}


def test_who_belongs_to_another_data_centre_is_sent_there(panel: Service, dan: Browser) -> None:
    number = panel.local.get("/managers/", username="dan")[0]["id"]
    assert panel.local.patch(f"/managers/{number}/", home_dc="us")["home_dc"] == "us"
    told, terminal = begun(panel), started(panel)
    decide(dan, told["user_code"])
    decide(dan, terminal.code)
    assert poll(panel, told) == {"error": "other_dc", "user_location": "us"}
    answer = terminal.poll()
    assert (answer.status, answer.json["error"]) == (400, "access_denied")
    assert "'us'" in answer.json["error_description"]
    panel.local.patch(f"/managers/{number}/", home_dc="eu")
    told = begun(panel)
    decide(dan, told["user_code"])
    assert "refresh_token" in poll(panel, told)
    terminal = started(panel)
    decide(dan, terminal.code)
    assert terminal.fetch()["dc"] == "eu"


def test_the_prefixes_that_the_cli_writes_before_a_token_are_taken_off(panel: Service, dan: Browser) -> None:
    token = granted(panel, dan)["refresh_token"]
    for text in (token, f"m_{token}", f"w_{token}"):
        answer = access(panel, text)
        assert answer.status == 200
        assert status(panel, answer.json["access_token"]) == 200
    assert ask(panel, "/oauth/v2/token/revoke", token=f"m_{token}").json == {"status": "success"}
    assert status(panel, token) == 401


def test_what_comes_of_a_secret_in_the_grace_of_its_rotation_ends_with_the_grace(panel: Service, dan: Browser) -> None:
    old = granted(panel, dan)["refresh_token"]
    new = panel.local.patch(f"/apitokens/{old[:8]}/rotate/", grace="10m")["token"]
    got = access(panel, old).json
    assert got["expires_in"] == 600
    made = panel.by_bearer(got["access_token"]).post("/apitokens/", name="made with it")["token"]
    panel.clock.advance(10 * MINUTE)
    assert [status(panel, token) for token in (old, got["access_token"], made, new)] == [401, 401, 401, 200]
    assert access(panel, old).status == 400
    assert access(panel, new).json["expires_in"] == 3_600


def test_an_access_token_is_refused_on_the_request_after_its_device_token_is_revoked(
    panel: Service, dan: Browser
) -> None:
    for way in ("zoho", "rfc", "native", "itself"):
        got = granted(panel, dan)
        derived = [got["access_token"], access(panel, got["refresh_token"]).json["access_token"]]
        made = panel.by_bearer(derived[1]).post("/apitokens/", name="made with it")["token"]
        assert [status(panel, token) for token in (*derived, made)] == [200] * 3
        if way == "zoho":
            ask(panel, "/oauth/v2/token/revoke", token=got["refresh_token"])
        elif way == "rfc":
            send(panel, "/oauth/revoke", token=got["refresh_token"])
        elif way == "native":
            panel.local.patch(f"/apitokens/{got['refresh_token'][:8]}/revoke/")
        else:
            panel.by_bearer(got["refresh_token"]).ask("POST", "/v1/auth/token/revoke-self")
        assert [status(panel, token) for token in (*derived, made)] == [401] * 3, way
        assert access(panel, got["refresh_token"]).status == 400


def test_an_access_token_is_no_sign_in_at_a_browser_and_makes_nothing_that_outlives_it(
    panel: Service, dan: Browser
) -> None:
    got = granted(panel, dan)
    thief = Browser(panel, {"__Host-vshell-session": got["access_token"]}, scheme="https")
    assert thief.get("/device").status == 303
    made = panel.by_bearer(got["access_token"]).post("/apitokens/", name="made with it")
    assert panel.local.get(f"/apitokens/{made['id']}/")["parent_id"] == got["refresh_token"][:8]


def test_an_access_token_is_as_narrow_as_what_it_came_of(panel: Service) -> None:
    panel.manager("ann", "administrators")
    uuid = panel.local.post("/nodes/", path="/shop")["uuid"]
    narrow = panel.local.post("/apitokens/", owner="ann", scopes=[f"node:{uuid}:r"], expiry_date="1800s")["token"]
    got = access(panel, narrow).json
    assert got["expires_in"] == 1_800
    answer = panel.by_bearer(got["access_token"]).ask("GET", "/roles/")
    assert answer.status == 403


def test_only_live_tokens_that_people_make_give_access_tokens(panel: Service, dan: Browser) -> None:
    sign_in = panel.nobody.post("/token/", username="dan", password=PASSWORD)
    limited = panel.local.post("/apitokens/", owner="dan", num_uses=3)["token"]
    ended = panel.local.post("/apitokens/", owner="dan", expiry_date="1D")["token"]
    token = granted(panel, dan)["refresh_token"]
    panel.clock.advance(DAY)
    for text in (sign_in["access"], sign_in["refresh"], limited, ended, "no token", ""):
        assert access(panel, text).json["error"] == "invalid_grant"
    assert access(panel, token).status == 200
    assert panel.local.get(f"/apitokens/{token[:8]}/")["last_used"] is not None
    number = panel.local.get("/managers/", username="dan")[0]["id"]
    panel.local.patch(f"/managers/{number}/", is_active=False)
    assert access(panel, token).json["error"] == "invalid_grant"
    assert send(panel, "/oauth/v2/token", grant_type="password").json["error"] == "unsupported_grant_type"
    assert ask(panel, "/oauth/v2/token/revoke").json["error"] == "invalid_request"


def test_access_tokens_are_not_counted_and_do_not_pile_up(panel: Service, dan: Browser) -> None:
    panel.local.patch("/vms/1/set_max_api_tokens_per_user/", max_api_tokens_per_user=1)
    token = granted(panel, dan)["refresh_token"]
    for _ in range(5):
        access(panel, token)
        panel.clock.advance(2 * HOUR)
    rows = panel.database.read(lambda tx: tx.rows("SELECT count(*) FROM tokens WHERE path = 'oauth/v2/token'"))
    assert rows[0][0] <= 2
    told = begun(panel)
    assert "may have 1" in decide(signed_in(panel, "dan"), told["user_code"]).text


def test_projects_are_those_that_one_s_tokens_are_for(panel: Service, dan: Browser) -> None:
    terminal = started(panel, project="shop")
    decide(dan, terminal.code)
    token = terminal.fetch()["access_token"]
    unmarked = panel.ask("GET", "/baas/v1/project", authorization=f"Bearer {token}")
    assert unmarked.json["error"] == "access_denied", "a token that is for a project is used where that is named"
    listed = [
        panel.ask("GET", "/baas/v1/project", authorization=f"Bearer {each}", headers={"X-Vshell-Project": "shop"}).json
        for each in (token, panel.local.post("/apitokens/", owner="dan")["token"])
    ]
    assert listed == [{"status": "success", "data": [{"id": "shop", "project_name": "shop"}]}] * 2
    assert panel.ask("GET", "/baas/v1/project").json["error"] == "invalid_token"
