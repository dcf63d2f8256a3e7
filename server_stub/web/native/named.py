"""What roles and realms share at their front door: both have a number and a name of their own, in one order."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from server_stub.domain.accounts import permissions
from server_stub.domain.accounts.permissions import Action
from server_stub.domain.base.errors import Conflict, NotFound
from server_stub.operations.context import ReadContext
from server_stub.store import Reads
from server_stub.store.named_rows import HasName
from server_stub.web.http import paging
from server_stub.web.http.decoding import require_number

Record = TypeVar("Record", bound=HasName)


class NameQuery(paging.Searched, frozen=True):
    """Which of the things that have a name to list."""

    name: str | None = None


class Store(Protocol[Record]):
    """The module of the store that keeps them (see ``store.named``)."""

    @property
    def find(self) -> Callable[[Reads, int], Record | None]:
        """Return one by its number."""

    @property
    def find_by_name(self) -> Callable[[Reads, str], Record | None]:
        """Return one by its name."""

    @property
    def count(self) -> Callable[[Reads, str | None], int]:
        """Count them."""

    @property
    def page(self) -> Callable[[Reads, str | None, int, str, int, str], list[Record]]:
        """Return a page of them."""


def list_named(
    context: ReadContext,
    query: NameQuery,
    noun: str,
    store: Store[Record],
    views: Callable[[Reads, list[Record]], Sequence[Any]],
) -> Any:
    """List them in the order of their names; raise Forbidden unless the actor may see things of this noun."""
    permissions.require(context.actor, "view", noun)

    def fetch(size: int, after: str, skip: int) -> Sequence[Any]:
        return views(context.tx, store.page(context.tx, query.name, size, after, skip, query.prefix or ""))

    def count() -> int:
        return store.count(context.tx, query.name)

    return paging.listed(query, f"/api/{noun}s/", count, fetch, lambda shown: shown.name)


def find_named(context: ReadContext, action: Action, noun: str, number: int, store: Store[Record]) -> Record:
    """Find one, once it is sure that the actor may do this to things of its noun; raise Forbidden and NotFound."""
    permissions.require(context.actor, action, noun)
    record = store.find(context.tx, require_number(number))
    if record is None:
        raise NotFound(f"there is no {noun} with the id {number}", f"See: {noun} list")
    return record


def require_free_name(tx: Reads, noun: str, name: str, store: Store[Record]) -> None:
    """Raise Conflict when one has this name."""
    if store.find_by_name(tx, name) is not None:
        raise Conflict(f"there is a {noun} named {name} already", "Choose another name.")
