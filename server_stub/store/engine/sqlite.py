"""SQLite through apsw: the embedded engine, in WAL mode with every commit synced to disk.

The library must be 3.51.3 or later: earlier ones can corrupt a WAL database that several connections
checkpoint (the "WAL-reset" defect, see "SQLite release 3.51.3").
"""

import contextlib
import functools
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import apsw

from server_stub.store.engine.connection import NO_VALUES, Connection, Duplicate, Row, StoreError, Unreachable, Values

OLDEST_LIBRARY = 3_051_003
BUSY_MILLISECONDS = 5_000
CACHE_KIBIBYTES = 1_000  # of each connection: enough for the upper levels of the trees of a million tokens
CHECKPOINT_PAGES = 8_000  # the writer checkpoints while idle; this is the brake when it never is

_Returned = TypeVar("_Returned")


class SqliteEngine:
    """One database file; ``path`` is made, readable by its owner only, when it is missing."""

    name = "sqlite"
    near = True
    flavour: Mapping[str, str] = {' COLLATE "C"': "", "BYTES": "BLOB", "CLUSTERED": "WITHOUT ROWID"}

    def __init__(self, path: Path):
        if apsw.SQLITE_VERSION_NUMBER < OLDEST_LIBRARY:
            raise Unreachable(f"SQLite {apsw.sqlite_lib_version()} is too old; install apsw 3.51.3 or later")
        self.path = path

    def connect(self) -> "SqliteConnection":
        """Open the file; raise Unreachable when it cannot be opened or is no database."""
        with contextlib.suppress(FileExistsError):
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        return SqliteConnection(self.path)

    def keep_backup(self, label: str) -> str:
        """Copy the database with SQLite's online backup to ``FILE.LABEL.backup``.

        It is made under a name of its own: another server that starts at the same time makes the same one.
        """
        target = self.path.with_name(f"{self.path.name}.{label}.backup")
        handle, made = tempfile.mkstemp(prefix=f"{target.name}.", dir=self.path.parent)  # with mode 0600
        os.close(handle)
        try:
            with (
                contextlib.closing(apsw.Connection(made)) as copy,
                contextlib.closing(apsw.Connection(str(self.path))) as source,
                copy.backup("main", source, "main") as backup,
            ):
                backup.step()
            Path(made).replace(target)
        finally:
            Path(made).unlink(missing_ok=True)
        return f"the database before this change is kept in {target}"

    def tidy(self, connection: Connection) -> None:
        """Move the write-ahead log into the database without waiting for readers."""
        connection.rows("PRAGMA wal_checkpoint(PASSIVE)")


def _is_duplicate(error: apsw.ConstraintError) -> bool:
    code = getattr(error, "extendedresult", 0)  # set by apsw at run time, not in its types
    return code in (apsw.SQLITE_CONSTRAINT_UNIQUE, apsw.SQLITE_CONSTRAINT_PRIMARYKEY)


def _translate_errors(call: Callable[..., _Returned]) -> Callable[..., _Returned]:
    """Turn apsw's errors into the store's."""

    @functools.wraps(call)
    def run(*arguments: Any) -> _Returned:
        try:
            return call(*arguments)
        except apsw.ConstraintError as error:
            if _is_duplicate(error):
                raise Duplicate(str(error)) from error
            raise StoreError(str(error)) from error
        except (apsw.BusyError, apsw.FullError, apsw.IOError, apsw.ReadOnlyError, apsw.CantOpenError,
                apsw.LockedError, apsw.NotADBError, apsw.CorruptError) as error:  # fmt: skip
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        except apsw.Error as error:
            raise StoreError(f"{type(error).__name__}: {error}") from error

    return run


class SqliteConnection:
    """One connection to one database file."""

    @_translate_errors
    def __init__(self, path: Path):
        self._inner = apsw.Connection(str(path))
        self._inner.set_busy_timeout(BUSY_MILLISECONDS)
        # Else SQLite plans a statement anew for each set of values, which takes four times as long as running it.
        self._inner.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
        self._turn_on_wal()
        self._inner.execute(
            "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA mmap_size=0; "
            f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}; PRAGMA cache_size=-{CACHE_KIBIBYTES}"
        ).fetchall()

    def _turn_on_wal(self) -> None:
        """Switch a new file to WAL; SQLite does not wait for others while it switches, so this does."""
        deadline = time.monotonic() + BUSY_MILLISECONDS / 1_000
        while True:
            try:
                self._inner.execute("PRAGMA journal_mode=WAL").fetchall()
            except apsw.BusyError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
            else:
                return

    @_translate_errors
    def rows(self, sql: str, values: Values = NO_VALUES) -> list[Row]:
        """Run one statement and return its rows."""
        return self._inner.execute(sql, values or None).fetchall()  # apsw is slow to tell that a proxy is a mapping

    @_translate_errors
    def many(self, sql: str, values: Sequence[Values]) -> None:
        """Run one statement for each set of values."""
        self._inner.executemany(sql, values).fetchall()

    @_translate_errors
    def script(self, sql: str) -> None:
        """Run several statements that take no values."""
        self._inner.execute(sql).fetchall()

    def begin(self) -> None:
        """Take the write lock at once: a later upgrade from a read lock could fail at any statement."""
        self.rows("BEGIN IMMEDIATE")

    def changes(self) -> int:
        """Return how many rows the last statement changed."""
        return self._inner.changes()

    def version(self) -> int:
        """Return SQLite's count of the commits of others, in all processes (SQLite, "PRAGMA data_version")."""
        return int(self.rows("PRAGMA data_version")[0][0])

    @_translate_errors
    def close(self) -> None:
        """Close the connection; closing twice is allowed."""
        self._inner.close()
