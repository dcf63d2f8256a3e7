"""Requests of the device flow in the database, and the codes that were typed wrongly.

What has had its time is thrown away whenever something new is kept, so neither table grows for ever.
"""

from server_stub.domain.devices.device_flow import KEPT_AFTER, DeviceRequest
from server_stub.domain.devices.limits import WINDOW, Guesses
from server_stub.store import Reads, Transaction
from server_stub.store.engine.row_mapping import Mapping

_REQUESTS = Mapping(DeviceRequest, "device_requests")
_WAITING = "expires_at > :now AND state IN ('open', 'withdrawn')"
"""What counts against a bound: one that was taken back does until it would have ended."""


def find(tx: Reads, request_id: str) -> DeviceRequest | None:
    """Return a request by the id that a page's form holds."""
    return _REQUESTS.find(tx, "id = :id", {"id": request_id})


def by_code(tx: Reads, user_code: str) -> DeviceRequest | None:
    """Return the request with a code, whatever became of it."""
    return _REQUESTS.find(tx, "user_code = :code", {"code": user_code})


def by_digest(tx: Reads, digest: bytes) -> DeviceRequest | None:
    """Return the request of the terminal that polls with what has this digest."""
    return _REQUESTS.find(tx, "digest = :digest", {"digest": digest})


def count_open(tx: Reads, network: str) -> tuple[int, int]:
    """Count the strangers' requests that nobody decided: those of a network, and all."""
    rows = tx.rows(
        "SELECT coalesce(sum(CASE WHEN network = :network THEN 1 ELSE 0 END), 0), count(*) FROM device_requests "
        f"WHERE {_WAITING} AND owner_id IS NULL",
        {"network": network, "now": tx.now},
    )
    return int(rows[0][0]), int(rows[0][1])


def count_of_owner(tx: Reads, owner_id: int) -> int:
    """Count the requests that a manager began and that nobody decided."""
    return _REQUESTS.count(tx, f"{_WAITING} AND owner_id = :owner_id", {"owner_id": owner_id, "now": tx.now})


def made_since(tx: Reads, owner_id: int, since: int, most: int = 10) -> list[str]:
    """Return the ids of a manager's device tokens that were made since then and live, newest first."""
    rows = tx.rows(
        "SELECT id FROM tokens WHERE owner_id = :owner_id AND kind = 'device' AND created_at >= :since "
        "AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now) ORDER BY created_at DESC, id LIMIT :most",
        {"owner_id": owner_id, "since": since, "now": tx.now, "most": most},
    )
    return [str(row[0]) for row in rows]


def insert(tx: Transaction, request: DeviceRequest) -> None:
    """Keep a new request, and throw those away that have had their time."""
    tx.change("DELETE FROM device_requests WHERE expires_at < :old", {"old": tx.now - KEPT_AFTER})
    tx.change(_REQUESTS.insert, _REQUESTS.values(request))


def update(tx: Transaction, request: DeviceRequest) -> None:
    """Keep what became of a request."""
    tx.change(_REQUESTS.update, _REQUESTS.values(request))


def guesses(tx: Reads, manager_id: int, network: str) -> Guesses:
    """Count the wrong codes that were typed of late: by a manager, from their network, by everybody."""
    rows = tx.rows(
        "SELECT coalesce(sum(CASE WHEN manager_id = :manager_id THEN 1 ELSE 0 END), 0), "
        "coalesce(sum(CASE WHEN network = :network THEN 1 ELSE 0 END), 0), count(*) "
        "FROM device_guesses WHERE at > :since",
        {"manager_id": manager_id, "network": network, "since": tx.now - WINDOW},
    )
    return Guesses(*(int(value) for value in rows[0]))


def note_guess(tx: Transaction, manager_id: int, network: str) -> None:
    """Note a wrong code, and delete those that count no more."""
    tx.change("DELETE FROM device_guesses WHERE at <= :old", {"old": tx.now - WINDOW})
    tx.change(
        "INSERT INTO device_guesses (manager_id, network, at) VALUES (:manager_id, :network, :now)",
        {"manager_id": manager_id, "network": network, "now": tx.now},
    )
