"""The server's settings in the database: a row for each that differs from its default."""

import functools
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import msgspec

from server_stub.domain.accounts.managers import PasswordSettings, expiration_timeout
from server_stub.domain.settings import ServerSettings
from server_stub.store import Reads, Row, Transaction


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, as they hold in one transaction."""

    server: ServerSettings = field(default_factory=ServerSettings)
    passwords: PasswordSettings = field(default_factory=PasswordSettings)

    @property
    def longest_token_lifetime(self) -> int | None:
        """The default and maximum lifetime of a token, in microseconds; None when there is none."""
        return expiration_timeout(self.passwords)


def load(tx: Reads) -> Settings:
    """Return the settings of now."""
    return _read(tuple(tx.rows("SELECT name, value FROM settings")))


@functools.lru_cache(maxsize=16)
def _read(rows: tuple[Row, ...]) -> Settings:
    """Read the table of settings; the same texts always mean the same, so this may be cached."""
    stored: dict[str, Any] = {name: msgspec.json.decode(value) for name, value in rows}
    return Settings(ServerSettings(**_of(ServerSettings, stored)), PasswordSettings(**_of(PasswordSettings, stored)))


def _of(kind: type[Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    return {each.name: stored[each.name] for each in fields(kind) if each.name in stored}


def save(
    tx: Transaction, before: ServerSettings | PasswordSettings, after: ServerSettings | PasswordSettings
) -> dict[str, Any]:
    """Keep the values that changed and return them."""
    changed = {name: value for name, value in asdict(after).items() if value != getattr(before, name)}
    for name, value in changed.items():
        tx.change(
            "INSERT INTO settings (name, value) VALUES (:name, :value) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            {"name": name, "value": msgspec.json.encode(value).decode()},
        )
    return changed
