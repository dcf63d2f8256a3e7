"""API tokens: who may do what to whose (VAST, "Managing VMS API Tokens"), shapes, pages, one answer to bad ones."""

import itertools
import re

import pytest

from server_stub.domain.base.timestamps import DAY, SECOND
from server_stub.web.http import paging
from tests.server_stub.conftest import Person, Service

PERMISSIONS = ["", "view", "create", "edit", "delete", "view edit", "view delete"]
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def expected(action: str, own: bool, held: set[str]) -> int:
    """Return the status that the table gives: one's own always but for edit, others' by the permission."""
    needed = {"show": "view", "create": "create", "modify": "edit", "revoke": "delete"}[action]
    if own and action != "modify":
        return 201 if action == "create" else 200
    if needed in held:
        return 201 if action == "create" else 200
    return 403 if own or "view" in held or action == "create" else 404


@pytest.mark.parametrize("held", PERMISSIONS)
def test_every_row_of_the_table_of_permissions(either_site: Service, held: str) -> None:
    site = either_site
    granted = [f"{kind}_security" for kind in held.split()]
    site.manager("eve", permissions_list=granted)
    site.manager("bob")
    eve = site.by_token("eve")
    for action, own in itertools.product(("show", "create", "modify", "revoke"), (True, False)):
        owner = "eve" if own else "bob"
        token_id = site.local.post("/apitokens/", owner=owner)["id"]
        method, path, body = {
            "show": ("GET", f"/apitokens/{token_id}/", None),
            "create": ("POST", "/apitokens/", {"owner": owner}),
            "modify": ("PATCH", f"/apitokens/{token_id}/", {"name": "new"}),
            "revoke": ("PATCH", f"/apitokens/{token_id}/revoke/", None),
        }[action]
        answer = eve.ask(method, path, body)
        assert answer.status == expected(action, own, set(held.split())), (action, own)
        after = site.local.get(f"/apitokens/{token_id}/")
        assert (after["name"] == "new") == (action == "modify" and answer.status == 200)
        assert after["revoked"] == (action == "revoke" and answer.status == 200)
        site.local.patch(f"/apitokens/{token_id}/revoke/")
        if action == "create" and answer.status == 201:
            site.local.patch(f"/apitokens/{answer.json['id']}/revoke/")
    owners = {token["owner"] for token in eve.get("/apitokens/", archived="True")}
    assert owners == ({"eve", "bob"} if "view" in held else {"eve"})


def test_a_foreign_token_is_as_one_that_is_not_there(site: Service, nora: Person) -> None:
    site.manager("bob")
    foreign = site.local.post("/apitokens/", owner="bob")["id"]
    for method, path in (("GET", ""), ("PATCH", ""), ("PATCH", "revoke/")):
        one = nora.ask(method, f"/apitokens/{foreign}/{path}", {} if method == "PATCH" else None)
        other = nora.ask(method, f"/apitokens/ZZZZZZZZ/{path}", {} if method == "PATCH" else None)
        assert one.status == other.status == 404
        assert one.json["detail"].replace(foreign, "ZZZZZZZZ") == other.json["detail"]
        assert one.headers.keys() == other.headers.keys()
    for owner in ("bob", "nobody"):
        assert nora.get("/apitokens/", owner=owner) == []


def test_a_search_by_the_beginning_of_an_id_shows_what_the_list_shows(either_site: Service) -> None:
    site = either_site
    for name in ("eve", "bob"):
        site.manager(name)
    made = {owner: site.local.post("/apitokens/", owner=owner)["id"] for owner in ("eve", "bob", "bob")}
    every = [token["id"] for token in site.local.get("/apitokens/")]
    assert [token["id"] for token in site.local.get("/apitokens/", prefix="", page_size="2")] == every[:2]
    assert [token["id"] for token in site.local.get("/apitokens/", prefix=made["eve"][:8])] == [made["eve"]]
    assert len(site.local.get("/apitokens/", prefix=made["eve"][:2], owner="bob")) == 2
    eve = site.by_token("eve")
    for query in ({}, {"owner": "eve"}):
        assert {token["owner"] for token in eve.get("/apitokens/", prefix="", **query)} == {"eve"}
    assert eve.get("/apitokens/", prefix=made["bob"]) == eve.get("/apitokens/", prefix="", owner="bob") == []
    assert site.local.get("/apitokens/", prefix="\x1b") == []
    site.local.refused(400, "GET", "/apitokens/", query={"prefix": "", "page": "1"})


def test_what_is_created_is_shown_once_and_listed_without_its_secret(site: Service, nora: Person) -> None:
    issued = nora.post("/apitokens/", name="ci", expiry_date="1D")
    assert set(issued) == {"id", "token"}
    assert issued["token"].startswith(f"{issued['id']}.")
    shown = nora.get(f"/apitokens/{issued['id']}/")
    secret = issued["token"].partition(".")[2]
    assert secret not in str(shown) + str(nora.get("/apitokens/")) + str(site.audit())
    assert (shown["name"], shown["owner"], shown["revoked"], shown["revocation_time"]) == ("ci", "nora", False, None)
    assert MOMENT.fullmatch(shown["created"])
    assert MOMENT.fullmatch(shown["expiry_date"])


def test_revoking_twice_is_the_same_answer_twice(site: Service, nora: Person) -> None:
    token_id = nora.post("/apitokens/")["id"]
    first = nora.ask("PATCH", f"/apitokens/{token_id}/revoke/")
    site.clock.advance(SECOND)
    second = nora.ask("PATCH", f"/apitokens/{token_id}/revoke/")
    assert (first.status, first.json) == (second.status, second.json) == (200, "apitoken revoked")
    assert token_id not in [token["id"] for token in nora.get("/apitokens/")]
    assert token_id in [token["id"] for token in nora.get("/apitokens/", archived="True")]


def test_a_revoked_token_stays_so_and_an_expired_one_may_come_back(site: Service, alice: Person) -> None:
    ended = site.local.post("/apitokens/", owner="alice", expiry_date="1D")["id"]
    revoked = alice.post("/apitokens/")["id"]
    alice.patch(f"/apitokens/{revoked}/revoke/")
    site.clock.advance(2 * DAY)
    assert alice.refused(409, "PATCH", f"/apitokens/{revoked}/", {"expiry_date": "9D"})
    assert alice.patch(f"/apitokens/{ended}/", expiry_date="9D") == "apitoken updated"


@pytest.mark.parametrize("text", ["", "0D", "-1D", "1.5D", "1DD", "1y", "99999999999999Y", " ", "D", "1 D x"])
def test_a_lifetime_that_is_none_is_refused_and_nothing_is_kept(nora: Person, text: str) -> None:
    before = nora.get("/apitokens/")
    nora.refused(400, "POST", "/apitokens/", {"expiry_date": text})
    assert nora.get("/apitokens/") == before


def test_local_admin_names_an_owner(site: Service) -> None:
    answer = site.local.ask("POST", "/apitokens/", {})
    assert answer.json["detail"] == "token owner must be a real web user"
    assert "--owner" in answer.json["hint"]
    site.local.refused(404, "POST", "/apitokens/", {"owner": "nobody"})


def test_made_vaults_way_local_admins_belong_to_root(site: Service, alice: Person) -> None:
    made = site.local.post("/apitokens/", vault=True, policies=["nowhere"])
    kept = site.local.get(f"/apitokens/{made['id']}/")
    assert (kept["owner"], kept["policies"]) == ("root", ["nowhere"])
    assert (
        site.local.get(f"/apitokens/{site.local.post('/apitokens/', vault=True, owner='alice')['id']}/")["owner"]
        == "alice"
    )
    assert alice.get(f"/apitokens/{alice.post('/apitokens/', vault=True)['id']}/")["owner"] == "alice"


def test_a_quota_that_is_full_says_the_numbers_and_the_way_out(site: Service) -> None:
    site.manager("bob")
    for _ in range(5):
        site.local.post("/apitokens/", owner="bob")
    answer = site.local.ask("POST", "/apitokens/", {"owner": "bob"})
    assert (answer.status, answer.json["code"]) == (409, "quota_exceeded")
    assert "5" in answer.json["detail"]
    assert "revoke" in answer.json["hint"]


@pytest.fixture
def bad(site: Service) -> list[str]:
    """Tokens that are no good, each for another reason."""
    for name in ("bob", "dan"):
        site.manager(name, "administrators")
    revoked, expired, orphaned = (
        site.local.post("/apitokens/", owner=owner, expiry_date="1D") for owner in ("bob", "bob", "dan")
    )
    site.local.patch(f"/apitokens/{revoked['id']}/revoke/")
    dan = site.local.get("/managers/", username="dan")[0]["id"]
    site.local.patch(f"/managers/{dan}/", is_active=False)
    good = site.local.post("/apitokens/", owner="bob")["token"]
    other = site.local.post("/apitokens/", owner="bob")["token"]
    mixed = good[:9] + other[9:]
    site.clock.advance(2 * DAY)
    return [revoked["token"], expired["token"], orphaned["token"], mixed, good[:-1] + "!", "x", f"{good} {good}"]


def test_every_bad_token_gets_one_and_the_same_answer(site: Service, bad: list[str]) -> None:
    answers = [Person(site.ask, f"{scheme} {token}").ask("GET", "/apitokens/") for token in bad for scheme in SCHEMES]
    assert {(answer.status, str(answer.json), str(answer.headers)) for answer in answers} == {
        (401, str(answers[0].json), str(answers[0].headers))
    }
    assert "bearer" in answers[0].headers["www-authenticate"].lower()


SCHEMES = ("Bearer", "Api-Token", "token")


def test_pages_hold_every_token_once_while_others_come_and_go(site: Service, alice: Person) -> None:
    site.local.patch("/vms/1/set_max_api_tokens_per_user/", max_api_tokens_per_user=50)
    ids = []
    for _ in range(9):
        site.clock.advance(2 * SECOND)
        ids.append(alice.post("/apitokens/")["id"])
    page, seen = alice.get("/apitokens/", page_size="4"), []
    while True:
        seen += [token["id"] for token in page["results"]]
        if page["next"] is None:
            break
        alice.patch(f"/apitokens/{seen[1]}/revoke/")
        site.clock.advance(2 * SECOND)
        alice.post("/apitokens/")
        query = dict(each.split("=") for each in page["next"].partition("?")[2].split("&"))
        page = alice.get("/apitokens/", **query)
    assert set(ids) <= set(seen)
    assert len(seen) == len(set(seen))
    assert page["previous"].startswith("/api/apitokens/?")


def test_a_list_longer_than_a_page_comes_whole(site: Service, alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    site.local.patch("/vms/1/set_max_api_tokens_per_user/", max_api_tokens_per_user=50)
    for _ in range(10):
        alice.post("/apitokens/")
    whole = alice.get("/apitokens/")
    monkeypatch.setattr(paging, "LARGEST_PAGE", 3)
    assert alice.get("/apitokens/") == whole
    assert len(whole) == 11


def test_lists_are_filtered_by_name_and_owner(alice: Person) -> None:
    alice.post("/apitokens/", name="ci")
    assert [token["name"] for token in alice.get("/apitokens/", name="ci")] == ["ci"]
    assert alice.get("/apitokens/", name="CI") == []
    assert len(alice.get("/apitokens/", owner="ALICE")) == 2


def test_a_list_of_one_state(alice: Person) -> None:
    live = alice.get("/apitokens/")[0]["id"]
    gone = alice.post("/apitokens/")["id"]
    alice.patch(f"/apitokens/{gone}/revoke/")
    assert [token["id"] for token in alice.get("/apitokens/", state="live")] == [live]
    assert [token["id"] for token in alice.get("/apitokens/", state="revoked")] == [gone]
    assert alice.get("/apitokens/", state="expired") == []
    alice.refused(400, "GET", "/apitokens/", query={"state": "dead"})
