"""The chain in the database: what is appended continues what stands."""

from server_stub.domain.audit import chain
from server_stub.domain.audit.chain import Draft
from server_stub.store import audit as audit_store
from tests.server_stub.store.conftest import Database


def test_records_follow_the_head_and_move_it(founded: Database) -> None:
    connection = founded.engine.connect()
    connection.begin()
    head = audit_store.hold_head(connection)
    drafts = [Draft(5, "bob", "token", "::1", "test", name, "refused", {"ü": [1, None]}) for name in "ab"]
    audit_store.append(connection, head, drafts)
    moved = audit_store.hold_head(connection)
    connection.rows("COMMIT")
    first = chain.chain(head.hash, drafts[0], head.seq + 1)
    assert moved == audit_store.Head(head.seq + 2, chain.chain(first.hash, drafts[1], head.seq + 2).hash)
    kept = connection.rows(
        "SELECT seq, target, detail, hash FROM audit WHERE seq > :seq ORDER BY seq", {"seq": head.seq}
    )
    assert [row[:2] for row in kept] == [(head.seq + 1, "a"), (head.seq + 2, "b")]
    assert chain.read_detail(kept[0][2]) == {"ü": [1, None]}
    assert kept[0][3] == first.hash
    connection.close()


def test_nothing_to_say_leaves_the_head(founded: Database) -> None:
    connection = founded.engine.connect()
    head = audit_store.hold_head(connection)
    audit_store.append(connection, head, [])
    assert audit_store.hold_head(connection) == head
    connection.close()
