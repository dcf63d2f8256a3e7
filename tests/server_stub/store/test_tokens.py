"""Tokens in the database, on both engines: what the quota counts, pages by key, and no late write that revives."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, get_args

import pytest

from server_stub.domain.base.timestamps import HOUR
from server_stub.domain.tokens import tokens
from server_stub.domain.tokens.tokens import Kind, Node, State, Token
from server_stub.store import Transaction
from server_stub.store import managers as manager_store
from server_stub.store import tokens as token_store
from server_stub.store.database import Database
from server_stub.store.engine.connection import Duplicate
from server_stub.store.tokens import Filter, Use, Uses
from tests.server_stub.store.conftest import NOW, new_manager

Run = Callable[[Callable[[Transaction], Any]], Any]


def keep(change: Run, token_id: str, owner: str = "bob", **changes: Any) -> Token:
    """Keep a token of an owner, who is made when needed."""

    def piece(tx: Transaction) -> Token:
        manager = manager_store.find_by_name(tx, owner) or new_manager(tx, owner)
        wanted: dict[str, Any] = {"kind": "api", "name": "n", "created_at": NOW, **changes}
        token = Token(id=token_id, digest=token_id.encode(), owner_id=manager.id, owner=owner, **wanted)
        token_store.insert(tx, token)
        return token

    kept: Token = change(piece)
    return kept


def test_a_token_comes_back_as_it_was_kept(founded: Database, change: Run) -> None:
    kept = keep(change, "aaaaaaaa", name="ü", expires_at=NOW + 5)
    assert founded.read(lambda tx: token_store.find(tx, "aaaaaaaa")) == kept
    assert founded.read(lambda tx: token_store.find(tx, "AAAAAAAA")) is None


def test_only_live_tokens_that_people_hold_count_for_the_quota(founded: Database, change: Run) -> None:
    owner = keep(change, "aaaaaaa0").owner_id
    keep(change, "aaaaaaa1", kind="device")
    keep(change, "aaaaaaa2", kind="session")
    keep(change, "aaaaaaa3", kind="refresh")
    keep(change, "aaaaaaa4", expires_at=NOW + 1)
    keep(change, "aaaaaaa5", expires_at=NOW)
    keep(change, "aaaaaaa6", revoked_at=NOW - 1)
    keep(change, "aaaaaaa7", owner="eve")
    assert founded.read(lambda tx: token_store.count_live(tx, owner)) == 3
    assert founded.read(lambda tx: token_store.live_ids(tx, owner)) == ["aaaaaaa0", "aaaaaaa1", "aaaaaaa4"]
    assert len(founded.read(token_store.live_ids)) == 4


@pytest.mark.parametrize("size", [1, 2, 100])
def test_pages_go_on_behind_a_key(founded: Database, change: Run, size: int) -> None:
    ids = ["0aaaaaaa", "Zaaaaaaa", "_aaaaaaa", "aaaaaaaa", "zaaaaaaa"]
    for token_id in ids:
        keep(change, token_id)
    reader, seen = founded.reader(), list[str]()
    while page := token_store.page(reader, Filter(), size, seen[-1] if seen else ""):
        seen += [token.id for token in page]
    assert seen == ids
    assert founded.read(lambda tx: token_store.count(tx, Filter())) == len(ids)


def test_the_filter_chooses(founded: Database, change: Run) -> None:
    keep(change, "aaaaaaa0", name="ci")
    keep(change, "aaaaaaa1", revoked_at=NOW)
    other = keep(change, "aaaaaaa2", owner="eve")

    def chosen(**request: Any) -> list[str]:
        return [token.id[-1] for token in founded.read(lambda tx: token_store.page(tx, Filter(**request), 10))]

    assert chosen() == ["0", "2"]
    assert chosen(archived=True) == ["0", "1", "2"]
    assert chosen(owner_id=other.owner_id) == ["2"]
    assert chosen(name="ci") == ["0"]
    assert chosen(name="ci' OR 1=1 --") == []
    assert chosen(prefix="aaaaaaa") == chosen(prefix="") == ["0", "2"]
    assert chosen(prefix="aaaaaaa2", owner_id=other.owner_id) == ["2"]
    assert chosen(prefix="A") == chosen(prefix="aaaaaaa_") == chosen(prefix="aaaaaaa2", name="ci") == []


@pytest.mark.parametrize(
    ("prefix", "after", "begin"), [("", "", ""), ("", "b", "b"), ("b", "a", "b"), ("b", "bc", "bc")]
)
def test_a_page_behind_a_key_enters_the_index_there(prefix: str, after: str, begin: str) -> None:
    """Else each page of a list by prefix would count all that stands before it: 1,000,000 tokens took minutes."""

    class Reader:
        def rows(self, sql: str, values: dict[str, object]) -> list[object]:
            assert (values["prefix"], values["after"]) == (begin, after)
            return []

    assert token_store.page(Reader(), Filter(prefix=prefix), 10, after) == []  # type: ignore[arg-type]  # all it reads


@pytest.mark.parametrize("state", get_args(State))
def test_the_filter_of_a_state_chooses_what_the_rule_says(founded: Database, change: Run, state: State) -> None:
    grid = itertools.product((None, NOW - 1), (None, NOW - 1, NOW, NOW + 1), (None, 0, 1))
    every = [
        keep(change, f"aaaaaa{number:02}", revoked_at=revoked_at, expires_at=expires_at, uses_left=uses_left)
        for number, (revoked_at, expires_at, uses_left) in enumerate(grid)
    ]
    found = founded.read(lambda tx: token_store.page(tx, Filter(state=state, now=NOW), 100))
    assert found == [token for token in every if tokens.state(token, NOW) == state] != []


def test_a_late_note_of_a_use_neither_revives_nor_turns_back(founded: Database, change: Run) -> None:
    keep(change, "aaaaaaa0", revoked_at=NOW)
    keep(change, "aaaaaaa1", last_used_at=NOW)
    keep(change, "aaaaaaa2")
    noted = {f"aaaaaaa{number}": Use(NOW - 1) for number in range(3)}
    founded.write(lambda tx: founded.uses.write(tx, noted), unaudited=True)
    rows = founded.rows("SELECT last_used_at, revoked_at FROM tokens ORDER BY id")
    assert rows == [(None, NOW), (NOW, None), (NOW - 1, None)]


def test_who_holds_a_token_is_told_apart_from_whether_they_may_act(founded: Database, change: Run) -> None:
    token = keep(change, "aaaaaaaa")
    disable = "UPDATE managers SET enabled = 0 WHERE id = :id"
    found = founded.read(lambda tx: token_store.bearer(tx, "aaaaaaaa"))
    assert found is not None
    assert (found.token, found.owner_enabled) == (token, True)
    change(lambda tx: tx.change(disable, {"id": token.owner_id}))
    found = founded.read(lambda tx: token_store.bearer(tx, "aaaaaaaa"))
    assert found is not None
    assert not found.owner_enabled
    assert founded.read(lambda tx: token_store.bearer(tx, "missing0")) is None


def test_a_renewal_keeps_when_it_was_and_what_it_granted(founded: Database, change: Run) -> None:
    keep(change, "aaaaaaaa", expires_at=NOW + 5, granted=5, first_granted=5)
    for granted, kept in ((None, 5), (7, 7)):
        change(lambda tx, granted=granted: token_store.renew(tx, "aaaaaaaa", NOW + 9, granted))
        token = founded.read(lambda tx: token_store.find(tx, "aaaaaaaa"))
        assert token is not None
        assert (token.expires_at, token.granted, token.first_granted, token.renewed_at) == (NOW + 9, kept, 5, NOW)


def test_projects_are_those_of_tokens_that_are_not_revoked(founded: Database) -> None:
    def piece(tx: Transaction) -> None:
        dan, eve = new_manager(tx, "dan").id, new_manager(tx, "eve").id
        rows = [
            (dan, "shop", None),
            (dan, "shop", None),
            (dan, "blog", None),
            (dan, "old", NOW),
            (dan, None, None),
            (eve, "hers", None),
        ]
        for number, (owner_id, project, revoked_at) in enumerate(rows):
            token = Token(f"id{number}", b"d", "device", owner_id, "", "x", NOW, revoked_at=revoked_at, project=project)
            token_store.insert(tx, token)
        assert token_store.projects_of(tx, dan) == ["blog", "shop"]

    founded.write(piece, unaudited=True)


def put(
    tx: Transaction, token_id: str, kind: Kind, expires_at: int, parent_id: str | None = None, owner: int = 2
) -> None:
    token = Token(token_id, b"", kind, owner, "", token_id, 0, parent_id, expires_at)
    token_store.insert(tx, token)


def test_ended_sign_ins_go_and_live_ones_and_api_tokens_stay(founded: Database, change: Run) -> None:
    def fill(tx: Transaction) -> None:
        put(tx, "r-live", "refresh", NOW + 1)
        put(tx, "s-live", "session", NOW + 1, "r-live")
        put(tx, "s-done", "session", NOW, "r-live")
        put(tx, "r-done", "refresh", NOW)
        put(tx, "s-also", "session", NOW, "r-done")
        put(tx, "r-kept", "refresh", NOW)
        put(tx, "s-kept", "session", NOW, "r-kept")
        put(tx, "a-made", "api", NOW, "s-kept")
        put(tx, "a-done", "api", NOW)
        put(tx, "r-else", "refresh", NOW, owner=1)
        put(tx, "r-over", "refresh", NOW + 1)
        token_store.revoke(tx, "r-over")

    change(fill)
    change(lambda tx: token_store.delete_ended_sessions(tx, 2))
    left = {row[0] for row in founded.read(lambda tx: tx.rows("SELECT id FROM tokens"))}
    assert left == {"r-live", "s-live", "r-kept", "s-kept", "a-made", "a-done", "r-else"}


def test_the_last_use_of_each_token_is_handed_over_once() -> None:
    noted = Uses()
    noted.note("a", Use(1))
    noted.note("b", Use(2))
    noted.note("a", Use(3))
    assert noted.take() == {"a": Use(3), "b": Use(2)}
    assert noted.take() == {}


def test_no_token_is_lost_while_others_are_handed_over() -> None:
    noted, seen = Uses(), set[str]()
    with ThreadPoolExecutor(4) as pool:
        work = pool.map(lambda number: noted.note(str(number), Use(1)), range(5_000))
        while len(seen) < 4_000:
            seen |= noted.take().keys()
        list(work)
    seen |= noted.take().keys()
    assert seen == {str(number) for number in range(5_000)}


def test_they_are_due_again_after_a_second_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(token_store.time, "monotonic", lambda: now[0])
    noted = Uses()
    assert not noted.due()
    now[0] += token_store.EVERY_SECONDS
    assert noted.due()
    noted.take()
    assert not noted.due()


def put_root(tx: Transaction, token_id: str, parent_id: str | None = None, **fields: Any) -> None:
    """Keep a token of root's."""
    values: dict[str, Any] = {"kind": "api", "owner_id": 1, "owner": "root", "name": "x", "created_at": NOW, **fields}
    token_store.insert(tx, Token(id=token_id, digest=b"", parent_id=parent_id, **values))


def grow(tx: Transaction) -> None:
    """Make a family of five over three generations, and a stranger."""
    put_root(tx, "a")
    put_root(tx, "b1", "a")
    put_root(tx, "b2", "a")
    put_root(tx, "c1", "b1")
    put_root(tx, "c2", "b1", expires_at=NOW + HOUR)
    put_root(tx, "z")


def live(database: Database) -> set[str]:
    """Return the ids that are not revoked."""
    return {token.id for token in database.read(lambda tx: list(token_store.every(tx, token_store.Filter())))}


def test_a_token_dies_with_all_that_descends_from_it(founded: Database, change: Run) -> None:
    change(grow)
    assert change(lambda tx: token_store.revoke(tx, "b1")) == 3
    assert live(founded) == {"a", "b2", "z"}
    assert change(lambda tx: token_store.revoke(tx, "b1")) == 0
    assert change(lambda tx: token_store.revoke(tx, "a")) == 2
    assert live(founded) == {"z"}


def test_freed_children_live_on_as_roots(founded: Database, change: Run) -> None:
    change(grow)
    assert change(lambda tx: token_store.free_children(tx, "a", None)) == 2
    assert change(lambda tx: token_store.revoke(tx, "a")) == 1
    assert live(founded) == {"b1", "b2", "c1", "c2", "z"}
    assert change(lambda tx: token_store.revoke(tx, "b1")) == 3


def test_freed_children_get_a_hard_end_and_keep_an_earlier_one(founded: Database, change: Run) -> None:
    change(grow)
    change(lambda tx: put_root(tx, "b3", "a", max_expires_at=NOW + 1))
    assert change(lambda tx: token_store.free_children(tx, "a", NOW + HOUR)) == 3
    kept = {token.id: token.max_expires_at for token in founded.read(lambda tx: token_store.list_forest(tx, None))}
    assert kept == {"a": None, "b1": NOW + HOUR, "b2": NOW + HOUR, "b3": NOW + 1, "c1": None, "c2": None, "z": None}


def test_a_path_is_revoked_with_what_descends_from_it(founded: Database, change: Run) -> None:
    def plant(tx: Transaction) -> None:
        put_root(tx, "one", path="auth/token/create")
        put_root(tx, "two", path="auth/token/create/web")
        put_root(tx, "three", path="auth/token/create-orphan")
        put_root(tx, "four", "one", path="api/apitokens")

    change(plant)
    assert founded.read(lambda tx: token_store.is_made_below(tx, "auth/token/create", "four"))
    assert not founded.read(lambda tx: token_store.is_made_below(tx, "auth/token/create", "three"))
    assert change(lambda tx: token_store.revoke_path(tx, "auth/token/cre")) == 0
    found = founded.read(lambda tx: token_store.list_made_below(tx, "auth/token/create"))
    assert [token.id for token in found] == ["four", "one", "two"]
    assert change(lambda tx: token_store.revoke_path(tx, "auth/token/create")) == 3
    assert live(founded) == {"three"}


def test_descendants_end_no_later_than_their_forebear(founded: Database, change: Run) -> None:
    change(grow)
    change(lambda tx: token_store.clamp_descendants(tx, "a", NOW + 2 * HOUR))
    ends = {token.id: token.expires_at for token in founded.read(lambda tx: token_store.list_descendants(tx, "a"))}
    assert ends == {"a": None, "b1": NOW + 2 * HOUR, "b2": NOW + 2 * HOUR, "c1": NOW + 2 * HOUR, "c2": NOW + HOUR}


def test_a_removed_owner_takes_their_tokens_along(founded: Database, change: Run) -> None:
    def plant(tx: Transaction) -> None:
        put_root(tx, "hers", owner_id=2, owner="admin")
        put_root(tx, "his", "hers")

    change(plant)
    assert change(lambda tx: token_store.remove_owned(tx, 2)) == 2
    kept = founded.read(lambda tx: token_store.find(tx, "his"))
    assert kept is not None
    assert kept.parent_id is None
    assert kept.revoked_at == NOW
    assert founded.read(lambda tx: token_store.find(tx, "hers")) is None


def test_a_chain_of_10000_and_a_fan_of_100000_die_in_one_statement(founded: Database, change: Run) -> None:
    def plant(tx: Transaction) -> None:
        put_root(tx, "chain-0")
        put_root(tx, "fan")
        tx.change_many(
            "INSERT INTO tokens (id, digest, kind, owner_id, parent_id, name, created_at, renewable, scopes, meta, "
            "path) VALUES (:id, :digest, 'api', 1, :parent, 'x', :now, 1, '[]', '{}', 'x')",
            [
                *(
                    {"id": f"chain-{n}", "parent": f"chain-{n - 1}", "now": NOW, "digest": b""}
                    for n in range(1, 10_000)
                ),
                *({"id": f"fan-{n}", "parent": "fan", "now": NOW, "digest": b""} for n in range(100_000)),
            ],
        )

    change(plant)
    connection = founded.engine.connect()
    connection.script("ANALYZE tokens")  # PostgreSQL does so by itself within a minute
    connection.close()
    assert change(lambda tx: token_store.revoke(tx, "chain-0")) == 10_000
    assert change(lambda tx: token_store.revoke(tx, "fan")) == 100_001
    assert live(founded) == set()


Change = Callable[[Callable[[Transaction], Any]], Any]


def test_a_node_is_found_listed_and_removed(founded: Database, change: Change) -> None:
    made = [Node(f"uuid-{number}", path, NOW) for number, path in enumerate(["/b", "/a", "/a/c"])]
    for node in made:
        change(lambda tx, node=node: token_store.insert_node(tx, node))
    assert founded.read(lambda tx: token_store.find_node(tx, "uuid-1")) == made[1]
    assert founded.read(lambda tx: token_store.find_node_by_path(tx, "/a/c")) == made[2]
    assert founded.read(token_store.count_nodes) == 3
    assert [node.path for node in founded.read(lambda tx: token_store.page_nodes(tx, 2))] == ["/a", "/a/c"]
    assert [node.path for node in founded.read(lambda tx: token_store.page_nodes(tx, 2, after="/a/c"))] == ["/b"]
    assert [node.path for node in founded.read(lambda tx: token_store.page_nodes(tx, 9, prefix="/a"))] == ["/a", "/a/c"]
    assert [node.path for node in founded.read(lambda tx: token_store.page_nodes(tx, 9, "/a", prefix="/a"))] == ["/a/c"]
    assert founded.read(lambda tx: token_store.page_nodes(tx, 9, prefix="/A")) == []
    assert founded.read(lambda tx: token_store.find_node_paths(tx, ["uuid-0", "none"])) == {"uuid-0": "/b"}
    change(lambda tx: token_store.delete_node(tx, "uuid-0"))
    assert founded.read(lambda tx: token_store.find_node(tx, "uuid-0")) is None


def test_a_path_has_one_node(change: Change) -> None:
    change(lambda tx: token_store.insert_node(tx, Node("one", "/a", NOW)))
    with pytest.raises(Duplicate):
        change(lambda tx: token_store.insert_node(tx, Node("two", "/a", NOW)))
