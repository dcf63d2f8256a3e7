"""Signing in by password through Vault's door."""

import pytest

from server_stub.domain.base.timestamps import HOUR
from tests.server_stub.conftest import Service
from tests.server_stub.web.vault.conftest import Holder

PASSWORD = "correct horse 9"
LOGIN = "/v1/auth/userpass/login/"


@pytest.fixture
def carol(site: Service) -> Holder:
    """A reader who signed in."""
    site.manager("carol", "read_only", password=PASSWORD)
    answer = site.ask("PUT", f"{LOGIN}CAROL", {"password": PASSWORD})
    assert answer.status == 200, answer
    auth = answer.json["auth"]
    assert (auth["policies"], auth["lease_duration"], auth["renewable"]) == (["default", "read_only"], 3_600, True)
    return Holder(site, auth["client_token"])


def test_a_sign_in_is_a_session_that_can_be_renewed_for_a_day(site: Service, carol: Holder) -> None:
    data = carol.data()
    assert (data["path"], data["explicit_max_ttl"], data["orphan"]) == ("auth/userpass/login/carol", 86_400, True)
    for _ in range(23):
        site.clock.advance(HOUR - 1)
        assert carol.ask("PUT", "auth/token/renew-self", {}).json["auth"]["lease_duration"] == 3_600
    site.clock.advance(HOUR - 1)
    last = carol.ask("PUT", "auth/token/renew-self", {"increment": "9h"}).json
    assert (last["auth"]["lease_duration"], len(last["warnings"])) == (0, 1)
    site.clock.advance(24)
    assert not carol.works


def test_it_makes_tokens_and_counts_for_nothing_itself(site: Service, carol: Holder) -> None:
    for _ in range(5):
        carol.create()
    assert "has 5 live tokens" in carol.refused(400, "POST", "auth/token/create", {})
    assert carol.ask("POST", "auth/token/revoke-self").status == 204
    assert not carol.works


def test_a_new_password_ends_it(site: Service, carol: Holder) -> None:
    [shown] = site.local.get("/managers/", username="carol")
    assert site.local.ask("PATCH", f"/managers/{shown['id']}/password/", {"password": "a better horse"}).status == 204
    assert not carol.works


@pytest.mark.parametrize(
    ("username", "password"),
    [("carol", "wrong"), ("nobody", PASSWORD), ("root", PASSWORD), ("local-admin", "x"), ("%00", "x")],
)
def test_who_is_not_let_in_learns_nothing(site: Service, carol: Holder, username: str, password: str) -> None:
    answer = site.ask("POST", f"{LOGIN}{username}", {"password": password})
    expected = (404, None) if username == "%00" else (400, {"errors": ["invalid username or password"]})
    assert (answer.status, answer.json if answer.status == 400 else None) == expected


def test_a_password_has_to_be_sent(site: Service, carol: Holder) -> None:
    answer = site.ask("POST", f"{LOGIN}carol")
    assert (answer.status, answer.json) == (400, {"errors": ["missing password"]})


def test_guesses_are_slowed_down(site: Service, carol: Holder) -> None:
    statuses = [site.ask("POST", f"{LOGIN}carol", {"password": "wrong"}).status for _ in range(12)]
    assert 429 in statuses
    answer = site.ask("POST", f"{LOGIN}carol", {"password": PASSWORD})
    assert answer.status == 429
    assert int(answer.headers["retry-after"]) > 0
