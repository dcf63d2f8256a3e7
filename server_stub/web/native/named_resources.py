"""Resources that have a number and a name: listed, found and changed alike."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from server_stub.domain.accounts import permissions
from server_stub.domain.accounts.permissions import Action
from server_stub.domain.base.errors import Conflict, NotFound
from server_stub.operations import grants
from server_stub.operations.context import ReadContext, WriteContext
from server_stub.store import Reads
from server_stub.store.named_rows import HasName, NamedTable
from server_stub.web.http import paging
from server_stub.web.http.decoding import require_number

Record = TypeVar("Record", bound=HasName)


class NameQuery(paging.Searched, frozen=True):
    """Which of the things that have a name to list."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class NamedResource(Generic[Record]):
    """One noun, the table of its records, and the set in a record that a change of it adds to or takes from."""

    noun: str
    table: NamedTable[Record]
    members: Callable[[Record], frozenset[str]]
    check_name: Callable[[str], str]

    def list(
        self, context: ReadContext, query: NameQuery, views: Callable[[Reads, list[Record]], Sequence[Any]]
    ) -> Any:
        """List them in the order of their names; raise Forbidden unless the actor may see things of this noun."""
        permissions.require(context.actor, "view", self.noun)

        def fetch(size: int, after: str, skip: int) -> Sequence[Any]:
            return views(context.tx, self.table.page(context.tx, query.name, size, after, skip, query.prefix or ""))

        count = functools.partial(self.table.count, context.tx, query.name)
        return paging.list_page(query, f"/api/{self.noun}s/", count, fetch, lambda shown: shown.name)

    def find(self, context: ReadContext, number: int, action: Action) -> Record:
        """Find one, once it is sure that the actor may do this to things of the noun; raise Forbidden, NotFound."""
        permissions.require(context.actor, action, self.noun)
        record = self.table.find(context.tx, require_number(number))
        if record is None:
            raise NotFound(f"there is no {self.noun} with the id {number}", f"See: {self.noun} list")
        return record

    def check_free_name(self, tx: Reads, text: str) -> str:
        """Return a name that one may have; raise Invalid, or Conflict when one has it."""
        name = self.check_name(text)
        if self.table.find_by_name(tx, name) is not None:
            raise Conflict(f"there is a {self.noun} named {name} already", "Choose another name.")
        return name

    def update(self, context: WriteContext, old: Record, new: Record) -> None:
        """Store a changed record, and record the change; raise Conflict if a built-in manager lost a right by it."""
        with grants.sparing_built_in(context.tx):
            self.table.update(context.tx, new)
        before, after = self.members(old), self.members(new)
        facts = {"id": old.id, "name": new.name, "added": sorted(after - before), "taken": sorted(before - after)}
        context.record(old.name, facts)
