"""Signing in turn: when it is due, by one of several, and never for a chain that does not hold what was signed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from server_stub import store
from server_stub.domain.audit.chain import Draft
from server_stub.domain.audit.checkpoints import Signer
from server_stub.domain.base.errors import Unavailable
from server_stub.domain.base.timestamps import MINUTE
from server_stub.process import checkpoint_signer
from server_stub.process.checkpoint_signer import STORED, CheckpointSigner
from server_stub.store import Transaction, foundation
from server_stub.store import checkpoints as checkpoint_store
from server_stub.store.database import Database
from tests import processes
from tests.processes import Server
from tests.server_stub.conftest import Clock
from tests.vshell.waiting import eventually


class Chain:
    """A founded database with a clock, and those who sign for it."""

    def __init__(self, url: str, folder: Path):
        self.engine = store.engine_of(url)
        store.migrate(self.engine)
        self.server_id = foundation.lay(self.engine)
        self.clock = Clock()
        self.database = Database(self.engine, self.clock)
        self.folder = folder

    def signer(self, name: str = "one") -> CheckpointSigner:
        """Return somebody who signs, with a data directory of their own."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        return CheckpointSigner(self.database, Signer(self.server_id, bytes(32)), folder)

    def grow(self, count: int) -> None:
        """Add records."""

        def piece(tx: Transaction) -> None:
            for _ in range(count):
                tx.record(Draft(tx.now, "bob", "token", "", "test", ""))

        self.database.write(piece)

    def sizes(self) -> list[int]:
        """Return the sizes of the checkpoints that are kept."""
        return [each.size for each in self.database.read(lambda tx: checkpoint_store.following(tx, 0, 1_000))]

    def run(self, sql: str) -> None:
        """Tamper with the database."""
        connection = self.engine.connect()
        connection.script(sql)
        connection.close()


def health(server: Server) -> dict[str, Any]:
    """Ask how a server is."""
    answer: dict[str, Any] = requests.get(f"{server.url}/healthz", timeout=10).json()
    return answer


@pytest.fixture
def chain(database_url: str, tmp_path: Path) -> Iterator[Chain]:
    """A new chain on each engine."""
    made = Chain(database_url, tmp_path)
    yield made
    made.database.close()


def test_it_signs_every_thousandth_record_and_every_minute(chain: Chain) -> None:
    signer = chain.signer()
    signer.turn()
    chain.grow(1)
    signer.turn()
    assert chain.sizes() == [1]
    chain.grow(2_500)
    signer.turn()
    assert chain.sizes() == [1, 1_000, 2_000]
    chain.clock.advance(MINUTE)
    signer.turn()
    signer.turn()
    assert chain.sizes() == [1, 1_000, 2_000, 2_502]


def test_it_signs_when_idle_and_at_the_end(chain: Chain) -> None:
    signer = chain.signer()
    for _ in range(5):
        signer.turn()
        chain.clock.advance(MINUTE)
    assert chain.sizes() == [1, 1], "the first and the last of a quiet time"
    chain.grow(1)
    signer.close()
    assert chain.sizes() == [1, 1, 2]


def test_one_of_several_signs(chain: Chain) -> None:
    several = [chain.signer(name) for name in ("one", "two", "three")]
    for _ in range(3):
        chain.grow(1)
        chain.clock.advance(MINUTE)
        for signer in several:
            signer.turn()
    assert chain.sizes() == [2, 3, 4]
    assert [signer.trouble for signer in several] == [None] * 3


@pytest.mark.parametrize(
    "tampering",
    [
        "DELETE FROM audit WHERE seq = 5; UPDATE audit_head SET seq = 4; DELETE FROM audit_checkpoints",
        f"UPDATE audit SET hash = '{'0' * 64}' WHERE seq = 5",
    ],
)
def test_a_chain_that_was_cut_or_rewritten_is_not_signed(chain: Chain, tampering: str) -> None:
    signer = chain.signer()
    chain.grow(4)
    signer.turn()
    assert chain.sizes() == [5]
    chain.run(tampering)
    chain.clock.advance(MINUTE)
    signer.turn()
    assert chain.sizes() in ([], [5])
    assert signer.trouble is not None
    assert "no longer holds record 5 as it was signed" in signer.trouble
    again = chain.signer()
    again.turn()
    assert again.trouble is not None, "it is known after a new start too"
    (chain.folder / "one" / STORED).unlink()
    again.turn()
    assert again.trouble is None


FAKE = (
    "INSERT INTO audit_checkpoints (number, size, at, note) "
    "SELECT 99, {size}, at, '{note}' FROM audit_checkpoints ORDER BY number DESC LIMIT 1"
)


@pytest.mark.parametrize("fake", ["of the first record", "of another log", "no note", "beyond the end"])
def test_a_note_that_was_put_into_the_database_makes_nobody_forget_what_was_signed(chain: Chain, fake: str) -> None:
    """Who may write to the database alone must not get a rewritten chain signed, nor stop the signing unseen."""
    signer = chain.signer()
    signer.turn()
    first = chain.database.read(checkpoint_store.last)
    assert first is not None
    chain.grow(4)
    chain.clock.advance(MINUTE)
    signer.turn()
    signed = (chain.folder / "one" / STORED).read_text()
    notes = {"no note": "nonsense", "of another log": first.note.replace(chain.server_id, "another")}
    size = 10**9 if fake == "beyond the end" else 1
    chain.run(FAKE.format(size=size, note=notes.get(fake, first.note)))
    signer.turn()
    assert (chain.folder / "one" / STORED).read_text() == signed
    assert (signer.trouble is None) == (fake == "of the first record")
    chain.run("DELETE FROM audit_checkpoints WHERE number = 99; UPDATE audit SET hash = prev_hash WHERE seq = 5")
    chain.clock.advance(MINUTE)
    signer.turn()
    assert chain.sizes() == [1, 5], "the rewritten chain is not signed"


def test_a_database_of_another_chain_is_not_signed(chain: Chain) -> None:
    chain.signer().turn()
    chain.run("DELETE FROM audit_checkpoints")
    other = CheckpointSigner(chain.database, Signer("another", bytes(32)), chain.folder / "one")
    other.turn()
    assert chain.sizes() == []
    assert other.trouble is not None
    assert "another server's" in other.trouble


def test_what_another_server_signed_is_remembered_too(chain: Chain) -> None:
    one, two = chain.signer("one"), chain.signer("two")
    one.turn()
    two.turn()
    assert (chain.folder / "one" / STORED).read_text() == (chain.folder / "two" / STORED).read_text()


def test_a_server_signs_by_itself_and_at_its_end(tmp_path: Path) -> None:
    data = tmp_path / "data"
    server = processes.start_server(data, "--workers", "2")
    eventually(lambda: server.call("GET", "/audit/head/").json()["checkpoint"])
    server.create(owner="root")
    server.create(owner="root")
    head = server.call("GET", "/audit/head/").json()
    server.stop()
    name, size, *_ = (data / STORED).read_text().split("\n")
    assert (name, int(size)) == (f"vshell-audit/{head['server_id']}", head["seq"])
    assert "checkpoint" not in (data / "stderr.log").read_text()


def test_health_says_that_the_chain_was_cut(tmp_path: Path) -> None:
    database = tmp_path / "vshell.db"
    with processes.running(tmp_path / "data", "--database", str(database)) as server:
        eventually((tmp_path / "data" / STORED).exists)
        connection = store.engine_of(str(database)).connect()
        connection.script("UPDATE audit SET hash = 'x'")
        connection.close()
        eventually(lambda: "audit" in health(server))
        assert "no longer holds record" in health(server)["audit"]


def test_it_is_made_once(tmp_path: Path) -> None:
    first = checkpoint_signer.load_or_make_key(tmp_path, "ab")
    assert checkpoint_signer.load_or_make_key(tmp_path, "ab") == first
    assert first.secret.hex() not in repr(first)
    assert (tmp_path / "audit.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "audit.pub").read_text() == first.verifier + "\n"


@pytest.mark.parametrize("content", ["", "junk", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_file_that_is_no_key_stops_the_start(tmp_path: Path, content: str) -> None:
    (tmp_path / "audit.key").write_text(content)
    with pytest.raises(Unavailable, match="no Ed25519 key"):
        checkpoint_signer.load_or_make_key(tmp_path, "ab")
    assert (tmp_path / "audit.key").read_text() == content
