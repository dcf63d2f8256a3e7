"""Sign-ins: until when their tokens hold, and what ends them."""

import pytest

from server_stub.domain.base.timestamps import DAY, HOUR, rfc3339
from tests.server_stub.conftest import BEGIN, PASSWORD, Service


@pytest.fixture
def bob(site: Service) -> int:
    """A manager with a password."""
    return site.manager("bob", password=PASSWORD)


def sign_in(site: Service, username: str = "bob", password: str = PASSWORD) -> dict[str, str]:
    pair: dict[str, str] = site.nobody.post("/token/", username=username, password=password)
    return pair


def test_an_access_token_ends_and_is_renewed_but_never_past_the_refresh_token(site: Service, bob: int) -> None:
    site.local.patch("/vms/1/", access_token_lifetime="02:00:00", refresh_token_lifetime="03:00:00")
    pair = sign_in(site)
    assert site.by_bearer(pair["access"]).get("/login/")["renewable_until"] == rfc3339(BEGIN + 3 * HOUR)
    site.clock.advance(2 * HOUR)
    site.by_bearer(pair["access"]).refused(401, "GET", "/login/")
    renewed = site.nobody.post("/token/refresh/", refresh=pair["refresh"])["access"]
    assert site.by_bearer(renewed).get("/login/")["expires_at"] == rfc3339(BEGIN + 3 * HOUR)
    site.clock.advance(HOUR)
    site.by_bearer(renewed).refused(401, "GET", "/login/")
    site.nobody.refused(401, "POST", "/token/refresh/", {"refresh": pair["refresh"]})


def test_a_refresh_token_is_no_credential_and_nothing_else_refreshes(site: Service, bob: int) -> None:
    pair = sign_in(site)
    site.by_bearer(pair["refresh"]).refused(401, "GET", "/login/")
    site.by_password("bob", pair["refresh"]).refused(401, "GET", "/login/")
    api = site.local.post("/apitokens/", owner="bob")["token"]
    mistyped = pair["refresh"][:-1] + ("0" if pair["refresh"][-1] != "0" else "1")
    for token in (pair["access"], api, "", "x", mistyped):
        site.nobody.refused(401, "POST", "/token/refresh/", {"refresh": token})


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "another one"}])
def test_disabling_and_a_new_password_end_every_sign_in(site: Service, bob: int, change: dict[str, object]) -> None:
    pairs = [sign_in(site) for _ in range(2)]
    token = site.by_token("bob")
    site.local.patch(f"/managers/{bob}/", **change)
    site.local.patch(f"/managers/{bob}/", is_active=True)
    for pair in pairs:
        site.by_bearer(pair["access"]).refused(401, "GET", "/login/")
        site.nobody.refused(401, "POST", "/token/refresh/", {"refresh": pair["refresh"]})
    assert token.get("/login/")["username"] == "bob"


def test_a_sign_in_whose_password_has_ended_is_not_renewed(site: Service) -> None:
    site.manager("tim", password=PASSWORD, is_temporary_password=True)
    site.local.patch("/vms/1/pwd_settings/", tmp_pwd_expiration_timeout="1h")
    pair = sign_in(site, "tim")
    site.clock.advance(HOUR)
    assert "temporary" in site.nobody.refused(401, "POST", "/token/refresh/", {"refresh": pair["refresh"]})


def test_sign_ins_are_no_api_tokens(site: Service, bob: int) -> None:
    pair = sign_in(site)
    assert site.local.get("/apitokens/") == []
    for token in pair.values():
        site.local.refused(404, "GET", f"/apitokens/{token[:8]}/")
        site.local.refused(404, "PATCH", f"/apitokens/{token[:8]}/", {"expiry_date": "1Y"})


def test_sign_ins_that_have_ended_do_not_pile_up(site: Service, bob: int) -> None:
    for _ in range(5):
        pair = sign_in(site)
        site.nobody.post("/token/refresh/", refresh=pair["refresh"])
        site.clock.advance(2 * DAY)
    sign_in(site)
    rows = site.database.read(lambda tx: tx.rows("SELECT count(*) FROM tokens"))
    assert rows[0][0] == 2
