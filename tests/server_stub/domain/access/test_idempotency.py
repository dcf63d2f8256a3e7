"""The rules of the Idempotency-Key: what is one, what a request is marked by, who can open an answer."""

import dataclasses
import os

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.access import idempotency
from server_stub.domain.access.idempotency import StoredAnswer
from server_stub.domain.accounts.permissions import Actor
from server_stub.domain.base.errors import Invalid

KEY = idempotency.key("8e03978e-40d5-43dd-bc93-6894a57f9324")
ACTOR = Actor(4, "bob", "manager", "L7k8ljIC", "token", "192.0.2.7", frozenset({"create_security", "view_events"}))
REQUEST = ("POST", "/api/apitokens?", b'{"owner": "bob"}')


def test_the_drafts_own_example_and_its_bare_form_are_one_key() -> None:
    """draft-ietf-httpapi-idempotency-key-header-07, section 2.1: a structured string, in quotes."""
    assert idempotency.key('"8e03978e-40d5-43dd-bc93-6894a57f9324"') == KEY


@pytest.mark.parametrize("header", ["", "1", '""', "a" * 21, "a" * 129, "clkyoesmbgybucifusbbtdsbohtyuuwz!", "ä" * 30])
def test_what_could_be_guessed_is_no_key(header: str) -> None:
    with pytest.raises(Invalid, match="Idempotency-Key"):
        idempotency.key(header)


def test_a_key_shows_nothing_of_its_secrets_in_its_digest() -> None:
    assert len({KEY.digest, KEY.sealing, KEY.marking}) == 3
    assert [len(part) for part in (KEY.digest, KEY.sealing, KEY.marking)] == [32, 32, 32]


@pytest.mark.parametrize(
    "change",
    [
        {"id": 5},
        {"kind": "local-admin"},
        {"token_id": "L7k8ljID"},
        {"permissions": frozenset({"create_security"})},
        {"policies": ("read_only",)},
        {"scopes": ("node:x:r",)},
        {"custom_realms": {"lab": frozenset({"apitoken"})}},
    ],
    ids=str,
)
def test_a_mark_is_bound_to_who_asks_and_to_their_rights(change: dict[str, object]) -> None:
    other = dataclasses.replace(ACTOR, **change)  # type: ignore[arg-type]  # one field at a time
    kept = StoredAnswer(KEY.digest, idempotency.mark(KEY, ACTOR, *REQUEST), b"", 0)
    idempotency.require_same(kept, idempotency.mark(KEY, dataclasses.replace(ACTOR, source="::1"), *REQUEST))
    with pytest.raises(Invalid) as refused:
        idempotency.require_same(kept, idempotency.mark(KEY, other, *REQUEST))
    assert refused.value.code == "idempotency_key_reused"


@given(st.tuples(st.text(max_size=3), st.text(max_size=3), st.binary(max_size=3)), st.data())
def test_different_requests_have_different_marks(request: tuple[str, str, bytes], data: st.DataObject) -> None:
    other = data.draw(st.tuples(st.text(max_size=3), st.text(max_size=3), st.binary(max_size=3)))
    one, two = (idempotency.mark(KEY, ACTOR, *each) for each in (request, other))
    assert (one == two) == (request == other)


def test_only_the_key_opens_an_answer() -> None:
    sealed = idempotency.seal(KEY, b'{"token": "secret"}', os.urandom(idempotency.NONCE_BYTES))
    assert b"secret" not in sealed
    assert idempotency.unseal(KEY, sealed) == b'{"token": "secret"}'
    with pytest.raises(InvalidTag):
        idempotency.unseal(idempotency.key("9e03978e-40d5-43dd-bc93-6894a57f9324"), sealed)
