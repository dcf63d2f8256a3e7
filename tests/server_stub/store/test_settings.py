"""Settings: a row for each that differs, and only what changed is said."""

from dataclasses import replace

from server_stub.store import Transaction
from server_stub.store import settings as setting_store
from tests.server_stub.store.conftest import Database


def test_only_what_changed_is_kept_and_told(founded: Database) -> None:
    before = founded.read(setting_store.load)

    def change(tx: Transaction) -> dict[str, object]:
        after = replace(before.server, max_api_tokens_per_user=9)
        return setting_store.save(tx, before.server, after)

    assert founded.write(change, unaudited=True) == {"max_api_tokens_per_user": 9}
    assert founded.rows("SELECT name, value FROM settings") == [("max_api_tokens_per_user", "9")]
    after = founded.read(setting_store.load)
    assert after.server.max_api_tokens_per_user == 9
    assert after.passwords == before.passwords


def test_a_setting_of_another_program_does_not_stop_this_one(founded: Database) -> None:
    founded.write(lambda tx: tx.change("INSERT INTO settings (name, value) VALUES ('newer', '1')"), unaudited=True)
    founded.read(setting_store.load)
