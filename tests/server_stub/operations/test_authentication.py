"""Who asks: rights of this very moment, found anew in the transaction that acts."""

import base64
import threading

import pytest

from server_stub.domain.base import token_format
from server_stub.domain.base.timestamps import DAY
from tests.server_stub.conftest import PASSWORD, Person, Service


def test_a_token_carries_what_its_owner_may_do_now(site: Service) -> None:
    number = site.manager("eve")
    eve = site.by_token("eve")
    eve.refused(403, "GET", "/roles/")
    site.local.patch(f"/managers/{number}/", roles=["read_only"])
    assert eve.get("/roles/")
    site.local.patch(f"/managers/{number}/", roles=[])
    eve.refused(403, "GET", "/roles/")


def test_a_disabled_owner_has_no_token_and_has_it_again(site: Service) -> None:
    number = site.manager("eve")
    eve = site.by_token("eve")
    site.local.patch(f"/managers/{number}/", is_active=False)
    eve.refused(401, "GET", "/apitokens/")
    site.local.patch(f"/managers/{number}/", is_active=True)
    assert eve.get("/apitokens/")


def test_a_namesake_inherits_nothing(site: Service) -> None:
    number = site.manager("eve")
    eve = site.by_token("eve")
    site.local.ask("DELETE", f"/managers/{number}/")
    site.manager("eve", "administrators")
    eve.refused(401, "GET", "/apitokens/")


def test_a_token_as_a_password_goes_with_its_owners_name_alone(site: Service) -> None:
    site.manager("eve")
    token = site.local.post("/apitokens/", owner="eve")["token"]
    for name, status in (("eve", 200), ("EVE", 200), ("admin", 401), ("", 401), ("local-admin", 401)):
        pair = base64.b64encode(f"{name}:{token}".encode()).decode()
        assert Person(site.ask, f"Basic {pair}").ask("GET", "/apitokens/").status == status, name


def test_a_refresh_token_is_no_credential(site: Service) -> None:
    site.manager("eve", password=PASSWORD)
    session = site.nobody.post("/token/", username="eve", password=PASSWORD)
    site.by_bearer(session["refresh"]).refused(401, "GET", "/apitokens/")
    assert site.by_bearer(session["access"]).get("/apitokens/") == []


def test_only_this_starts_token_is_local_admin(site: Service) -> None:
    fresh = token_format.mint(site.clock.now, bytes(range(64)))
    site.by_bearer(fresh.token).refused(401, "GET", "/apitokens/")
    authorization = site.local.authorization or ""
    other = authorization[:-6] + fresh.token[-6:]
    Person(site.ask, other).refused(401, "GET", "/apitokens/")


@pytest.mark.parametrize("late", [-1, 0, 1])
def test_a_token_ends_at_its_end(site: Service, late: int) -> None:
    site.manager("eve")
    token = site.local.post("/apitokens/", owner="eve", expiry_date="1D")["token"]
    site.clock.advance(DAY + late)
    assert site.by_bearer(token).ask("GET", "/apitokens/").status == (200 if late < 0 else 401)


def test_who_is_revoked_while_they_wait_for_the_writer_changes_nothing(either_site: Service) -> None:
    site = either_site
    site.manager("eve")
    issued = site.local.post("/apitokens/", owner="eve")
    eve, begun, go = site.by_bearer(issued["token"]), threading.Event(), threading.Event()

    def hold(tx: object) -> None:
        begun.set()
        go.wait(10)

    holding = threading.Thread(target=site.database.write, args=(hold,))
    holding.start()
    begun.wait(10)
    answers: list[int] = []
    revoking = threading.Thread(target=lambda: site.local.patch(f"/apitokens/{issued['id']}/revoke/"))
    creating = threading.Thread(target=lambda: answers.append(eve.ask("POST", "/apitokens/", {}).status))
    revoking.start()
    revoking.join(0.5)
    creating.start()
    creating.join(0.5)
    go.set()
    for thread in (holding, revoking, creating):
        thread.join(10)
    assert answers == [401]
    assert site.local.get("/apitokens/", owner="eve") == []
