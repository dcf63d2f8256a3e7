"""The Idempotency-Key over the whole application: one change however often it is sent, and nobody else's answer."""

import concurrent.futures
import re
import uuid

import pytest

from tests.server_stub.conftest import Answer, Person, Service


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
