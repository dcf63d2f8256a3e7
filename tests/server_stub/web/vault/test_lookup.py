"""Tokens as they are named: nothing but the very string, or the whole accessor, finds one."""

import pytest

from tests.server_stub.conftest import Service
from tests.server_stub.web.vault.conftest import Holder


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t + "x", lambda t: t.swapcase(), lambda t: t[:8]])
def test_a_string_finds_its_token_alone(root: Holder, change: object) -> None:
    token = root.made(ttl="1h").token
    assert callable(change)
    assert root.refused(403, "POST", "auth/token/lookup", {"token": change(token)}) == "bad token"
    assert root.data(f"  {token} ")["id"].strip() == token


def test_the_id_of_a_named_string_is_not_enough(root: Holder) -> None:
    made = root.create(id="my own string")
    for text in (made["accessor"], "my own String", "my own"):
        assert root.refused(403, "POST", "auth/token/lookup", {"token": text}) == "bad token"


def test_a_sign_ins_refresh_token_is_nobodys_business(site: Service, root: Holder) -> None:
    site.manager("carol", password="correct horse 9")
    session = site.nobody.post("/token/", username="carol", password="correct horse 9")
    assert root.data(session["access"])["path"] == "auth/userpass/login/carol"
    assert root.refused(403, "POST", "auth/token/lookup", {"token": session["refresh"]}) == "bad token"


def test_the_old_string_of_a_rotation_is_good_through_its_grace(site: Service, root: Holder) -> None:
    made = root.create(ttl="10h")
    fresh = site.local.patch(f"/apitokens/{made['accessor']}/rotate/", grace="1h")["token"]
    assert root.data(made["client_token"])["accessor"] == root.data(fresh)["accessor"]
    site.clock.advance(3_600 * 1_000_000)
    assert root.refused(403, "POST", "auth/token/lookup", {"token": made["client_token"]}) == "bad token"
    assert root.data(fresh)["id"] == fresh
