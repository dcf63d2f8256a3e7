"""Requests and guesses in the database: kept whole, found, counted, and thrown away in time, on both engines."""

from dataclasses import replace

from server_stub.domain.base.timestamps import SECOND
from server_stub.domain.devices import device_flow, limits
from server_stub.domain.devices.device_flow import DeviceRequest
from server_stub.domain.devices.limits import Guesses
from server_stub.domain.tokens.tokens import Token
from server_stub.store import Transaction
from server_stub.store import devices as device_store
from server_stub.store import tokens as token_store
from server_stub.store.database import Database
from server_stub.store.engine.connection import Duplicate
from tests.server_stub.store.conftest import NOW, new_manager

REQUEST = DeviceRequest(
    id="r",
    user_code="WDJBMJHT",
    digest=b"d" * 32,
    client_id="vshell",
    program="vshell 1.0",
    host="build-7",
    name="ci",
    source="192.0.2.7",
    network="192.0.2.7",
    created_at=NOW,
    expires_at=NOW + device_flow.LIFETIME,
    interval=device_flow.INTERVAL,
    scopes=("node:a:r",),
    terminal_key="key",
    project="shop",
    owner_id=7,
)


def another(number: int, **values: object) -> DeviceRequest:
    """Return a request of its own."""
    named = {"id": f"r{number}", "user_code": f"C{number}", "digest": bytes([number]), "owner_id": None, **values}
    return replace(REQUEST, **named)  # type: ignore[arg-type]  # each value is of its field's type


def test_a_request_is_kept_whole_and_found_in_three_ways(founded: Database) -> None:
    def piece(tx: Transaction) -> None:
        device_store.insert(tx, REQUEST)
        decided = replace(
            device_flow.decide(REQUEST, True, 2, NOW, frozenset({"view_security"})),
            last_polled_at=NOW,
            interval=SECOND,
            token_id="L7k8ljIC",
        )
        device_store.update(tx, decided)
        for found in (
            device_store.find(tx, "r"),
            device_store.by_code(tx, "WDJBMJHT"),
            device_store.by_digest(tx, b"d" * 32),
        ):
            assert found == decided
        assert device_store.find(tx, "WDJBMJHT") is None

    founded.write(piece, unaudited=True)


def test_open_ones_are_counted_and_old_ones_go(founded: Database) -> None:
    def piece(tx: Transaction) -> None:
        device_store.insert(tx, another(1, expires_at=NOW - device_flow.KEPT_AFTER - 1))
        device_store.insert(tx, another(2, expires_at=NOW - device_flow.KEPT_AFTER))
        device_store.insert(tx, another(3, network="other"))
        device_store.insert(tx, another(4))
        device_store.insert(tx, another(5, state="denied"))
        assert device_store.find(tx, "r1") is None
        assert device_store.find(tx, "r2") is not None
        assert device_store.count_open(tx, REQUEST.network) == (1, 2)
        assert device_store.count_open(tx, "nobody") == (0, 2)
        device_store.insert(tx, another(6, owner_id=7))
        device_store.insert(tx, another(7, owner_id=7, state="withdrawn"))
        device_store.insert(tx, another(8, owner_id=8))
        device_store.insert(tx, another(9, state="withdrawn"))
        assert device_store.count_open(tx, REQUEST.network) == (2, 3), "what was taken back counts to its end"
        assert [device_store.count_of_owner(tx, owner) for owner in (7, 8, 9)] == [2, 1, 0]
        tx.now += device_flow.LIFETIME
        assert device_store.count_open(tx, REQUEST.network) == (0, 0)
        assert device_store.count_of_owner(tx, 7) == 0

    founded.write(piece, unaudited=True)


def test_of_a_manager_s_tokens_the_new_live_ones_of_terminals_are_found(founded: Database) -> None:
    def piece(tx: Transaction) -> None:
        eve, bob = new_manager(tx, "eve"), new_manager(tx, "bob")
        cases = {
            "old": {"created_at": tx.now - 11},
            "first": {"created_at": tx.now - 10},
            "last": {"created_at": tx.now, "expires_at": tx.now + 1},
            "ended": {"expires_at": tx.now},
            "revoked": {"revoked_at": tx.now},
            "api": {"kind": "api"},
            "bob's": {"owner_id": bob.id},
        }
        for number, values in enumerate(cases.values()):
            told = {"kind": "device", "owner_id": eve.id, "created_at": tx.now, **values}
            token_store.insert(tx, Token(id=f"0000000{number}", digest=bytes([number]), owner="eve", name="t", **told))
        assert device_store.made_since(tx, eve.id, tx.now - 10) == ["00000002", "00000001"]
        assert device_store.made_since(tx, eve.id, tx.now - 10, most=1) == ["00000002"]

    founded.write(piece, unaudited=True)


def test_two_requests_never_share_a_code(founded: Database) -> None:
    def piece(tx: Transaction) -> None:
        device_store.insert(tx, another(1))
        device_store.insert(tx, another(2, user_code="C1"))

    try:
        founded.write(piece, unaudited=True)
    except Duplicate:
        return
    raise AssertionError("the second was kept")


def test_guesses_are_counted_by_person_network_and_all(founded: Database) -> None:
    def piece(tx: Transaction) -> None:
        eve, bob = new_manager(tx, "eve").id, new_manager(tx, "bob").id
        for manager_id, network in ((eve, "a"), (eve, "b"), (bob, "a")):
            device_store.note_guess(tx, manager_id, network)
        assert device_store.guesses(tx, eve, "a") == Guesses(2, 2, 3)
        assert device_store.guesses(tx, 99, "c") == Guesses(0, 0, 3)
        tx.now += limits.WINDOW
        assert device_store.guesses(tx, eve, "a") == Guesses()
        device_store.note_guess(tx, eve, "a")
        assert tx.rows("SELECT count(*) FROM device_guesses") == [(1,)]

    founded.write(piece, unaudited=True)
