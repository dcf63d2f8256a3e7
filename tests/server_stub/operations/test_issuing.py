"""Making a token: who makes it, for whom, below which parent, and that its id is free."""

from dataclasses import replace

import pytest

from server_stub.domain.base import token_format
from server_stub.domain.base.errors import Conflict, Unavailable
from server_stub.domain.tokens.tokens import Token
from server_stub.operations import issuing
from server_stub.operations.context import ServerContext, WriteContext
from server_stub.store import Transaction
from server_stub.store import tokens as token_store
from tests.server_stub.conftest import BEGIN, Person, Service


def test_a_named_parent_bounds_the_new_token(site: Service, alice: Person) -> None:
    narrow = alice.post("/apitokens/", policies=["administrators"], expiry_date="1h")
    child = alice.post("/apitokens/", parent=narrow["id"])
    shown = alice.get(f"/apitokens/{child['id']}/")
    assert shown["parent_id"] == narrow["id"]
    assert shown["policies"] == ["administrators"]
    assert shown["expiry_date"] == alice.get(f"/apitokens/{narrow['id']}/")["expiry_date"]


def test_a_parent_must_be_ones_own_to_see_and_live(site: Service, alice: Person, nora: Person) -> None:
    hers = alice.post("/apitokens/")["id"]
    assert "no API token" in nora.refused(404, "POST", "/apitokens/", {"parent": hers})
    assert "no API token" in nora.refused(404, "POST", "/apitokens/", {"parent": "00000000"})
    alice.patch(f"/apitokens/{hers}/revoke/")
    assert "no API token" in alice.refused(404, "POST", "/apitokens/", {"parent": hers})


def test_a_reader_makes_nothing_below_what_they_only_see(site: Service, alice: Person, rita: Person) -> None:
    hers = alice.post("/apitokens/")["id"]
    assert "create_security" in rita.refused(403, "POST", "/apitokens/", {"parent": hers})


def test_nobody_makes_a_token_for_somebody_wider(site: Service) -> None:
    site.local.post("/roles/", name="makers", permissions_list=["create_security"])
    site.manager("mia", "makers")
    site.manager("bob", "read_only")
    site.manager("eva", "makers")
    mia = site.by_token("mia")
    assert "you lack" in mia.refused(403, "POST", "/apitokens/", {"owner": "root"})
    assert "you lack" in mia.refused(403, "POST", "/apitokens/", {"owner": "bob"})
    assert "token" in mia.post("/apitokens/", owner="eva")
    assert "no manager named" in mia.refused(404, "POST", "/apitokens/", {"owner": "nobody"})


@pytest.mark.parametrize(
    ("narrowing", "status"), [({"policies": ["makers"]}, 201), ({"num_uses": 9}, 403), ({"expiry_date": "1h"}, 403)]
)
def test_a_named_parent_widens_nobody(site: Service, narrowing: dict[str, object], status: int) -> None:
    site.local.post("/roles/", name="makers", permissions_list=["create_security", "view_security"])
    site.manager("ann", "administrators", "makers")
    whole = site.local.post("/apitokens/", owner="ann")["id"]
    asking = site.by_bearer(site.local.post("/apitokens/", owner="ann", **narrowing)["token"])
    answer = asking.ask("POST", "/apitokens/", {"parent": whole})
    assert answer.status == status
    if status == 201:
        assert site.local.get(f"/apitokens/{answer.json['id']}/")["policies"] == ["makers"]


def change_of(site: Service, tx: Transaction, fresh: list[bytes]) -> WriteContext:
    """Return a change whose random bytes are told."""
    told = ServerContext("id", "", lambda count: fresh.pop(0) if len(fresh) > 1 else fresh[0], site.nobody.ask_site)
    return WriteContext(tx, told, "apitoken.create", "")


def test_an_id_that_is_taken_is_drawn_again(site: Service) -> None:
    first, second = bytes(range(token_format.FRESH_BYTES)), bytes(range(1, token_format.FRESH_BYTES + 1))
    taken = token_format.mint(BEGIN, first)
    row = Token(taken.id, taken.digest, "api", 1, "root", "x", BEGIN)

    def draw(tx: Transaction, fresh: list[bytes]) -> str:
        return issuing.mint(change_of(site, tx, fresh)).id

    site.database.write(lambda tx: token_store.insert(tx, row), unaudited=True)
    drawn = site.database.write(lambda tx: draw(tx, [first, second]), unaudited=True)
    assert drawn == token_format.mint(BEGIN, second).id
    assert drawn != taken.id
    with pytest.raises(Unavailable, match="no free token id"):
        site.database.write(lambda tx: draw(tx, [first]), unaudited=True)


def test_a_record_says_what_was_made_and_no_secret() -> None:
    token = Token("12345678", b"d", "api", 1, "root", "x", BEGIN, parent_id="p", policies=("csi",), path="a/b")
    said = issuing.token_facts(token)
    assert said == {
        "owner": "root", "name": "x", "path": "a/b", "expires_at": None, "parent_id": "p", "policies": ["csi"],
    }  # fmt: skip
    assert "scopes" in issuing.token_facts(replace(token, scopes=("node:x:r",)))


def test_a_token_whose_id_is_told_is_made_once(site: Service) -> None:
    fresh = [bytes(range(token_format.FRESH_BYTES))]
    told = site.database.write(lambda tx: issuing.mint(change_of(site, tx, list(fresh))).id, unaudited=True)
    row = Token(told, b"x" * 32, "api", 1, "root", "x", BEGIN)

    def make(tx: Transaction) -> str:
        return issuing.mint(change_of(site, tx, list(fresh)), told).id

    assert site.database.write(make, unaudited=True) == told
    site.database.write(lambda tx: token_store.insert(tx, row), unaudited=True)
    with pytest.raises(Conflict, match="created already"):
        site.database.write(make, unaudited=True)
