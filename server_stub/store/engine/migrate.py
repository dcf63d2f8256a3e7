"""Bring a database to this program's schema: numbered files, each applied once in a transaction.

An older program refuses a newer schema; a database that holds something is backed up first.
"""

import time
from importlib import resources

from server_stub.domain.base.errors import Unavailable
from server_stub.store.engine.connection import Connection, Engine, StoreError, open_transaction

ATTEMPTS = 50
PAUSE_SECONDS = 0.1


def steps() -> dict[int, str]:
    """Return the schema files' texts by their number, in order."""
    folder = resources.files("server_stub.store") / "schema"
    files = sorted((item for item in folder.iterdir() if item.name.endswith(".sql")), key=lambda item: item.name)
    return {int(item.name.split("_")[0]): item.read_text(encoding="utf-8") for item in files}


def version(connection: Connection) -> int:
    """Return the number of the last file applied, 0 for an empty database."""
    connection.script("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY)")
    found = connection.rows("SELECT max(version) FROM schema_version")[0][0]
    return int(found or 0)


def migrate(engine: Engine) -> list[str]:
    """Apply the files that are missing and return what was done, a sentence each.

    Raises Unavailable when the schema is newer than this program, and Unreachable when the database
    does not answer. Two servers may start at the same time: the slower one finds the work done.
    """
    for attempt in range(ATTEMPTS):
        connection = engine.connect()
        try:
            return _migrate(engine, connection)
        except StoreError:
            if attempt == ATTEMPTS - 1:
                raise
            time.sleep(PAUSE_SECONDS)  # another server is at the same step
        finally:
            connection.close()
    raise AssertionError("the loop above returns or raises")


def _migrate(engine: Engine, connection: Connection) -> list[str]:
    wanted = steps()
    present = version(connection)
    if present > max(wanted):
        raise Unavailable(
            f"the database is at schema step {present}, and this program knows steps up to {max(wanted)}",
            hint="start the newer vshell-server that made it, or restore the backup from before its upgrade",
        )
    done = []
    missing = [number for number in wanted if number > present]
    if missing and present:
        done.append(engine.keep_backup(f"schema-{present}"))
    for number in missing:
        text = wanted[number]
        for word, meaning in engine.flavour.items():
            text = text.replace(word, meaning)
        with open_transaction(connection):
            connection.rows("INSERT INTO schema_version (version) VALUES (:version)", {"version": number})
            connection.script(text)
        done.append(f"the schema of the database is now at step {number}")
    return done
