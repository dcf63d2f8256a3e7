"""Declaration of routes: the source of the router, the OpenAPI document and the tests' list.

A handler is a plain function of what it is handed and of the names in its path:

    @routes.patch("/apitokens/{token_id}/", action="apitoken.modify", body=TokenChange)
    def modify(context: WriteContext, request: TokenChange, token_id: str) -> str: ...

The options are the fields of ``Access``, ``Input`` and ``Execution``, and those of ``Route`` itself.

Rules:

* A route needs a credential unless it says ``open=True``; nothing is open by leaving something out.
* A route of any method but GET changes something: its handler runs inside the writer, with a ``WriteContext``.
* What is slow (password hashing) happens before, in ``prepare``, on a ``ReadContext``; its result is ``prepared``.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any, TypeVar

from server_stub.web.http.dialect import NATIVE_DIALECT, Access, Dialect, Execution, Input, Route

Handler = TypeVar("Handler", bound=Callable[..., Any])
_Group = TypeVar("_Group", Access, Input, Execution)


def _take(group: type[_Group], options: dict[str, Any]) -> _Group:
    """Take the fields of a group out of a route's options."""
    return group(**{field.name: options.pop(field.name) for field in fields(group) if field.name in options})


def by_path(routes: Iterable[Route]) -> dict[str, dict[str, Route]]:
    """Return routes by their paths without a slash at the end, and by their methods."""
    paths: dict[str, dict[str, Route]] = {}
    for route in routes:
        paths.setdefault(route.path.rstrip("/"), {})[route.method] = route
    return paths


class Routes:
    """The routes of one front door, in the order of their declaration."""

    def __init__(self, base: str, dialect: Dialect = NATIVE_DIALECT):
        self.base = base
        self.dialect = dialect
        self.all: list[Route] = []

    def get(self, path: str, *, action: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a read."""
        return self._declare("GET", path, action, options)

    def list(self, path: str, *, action: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a list of what lies below a path, by LIST or GET ``?list=true``."""
        return self._declare("LIST", path, action, options)

    def post(self, path: str, *, action: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a change that makes something; its status is 201 unless it is given."""
        return self._declare("POST", path, action, {"status": 201, **options})

    def patch(self, path: str, *, action: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a change of something that stands."""
        return self._declare("PATCH", path, action, options)

    def delete(self, path: str, *, action: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a removal, answered by 204."""
        return self._declare("DELETE", path, action, {"status": 204, **options})

    def _declare(self, method: str, path: str, action: str, options: dict[str, Any]) -> Callable[[Handler], Handler]:
        rest = dict(options)
        groups = (_take(Access, rest), _take(Input, rest), _take(Execution, rest))

        def declare(handler: Handler) -> Handler:
            route = Route(method, self.base + path, action, handler, self.dialect, *groups, **rest)
            if not handler.__doc__:
                raise TypeError(f"{method} {route.path}: the handler has no docstring")
            if any((other.method, other.path) == (method, route.path) for other in self.all):
                raise TypeError(f"{method} {route.path} is declared twice")
            self.all.append(route)
            return handler

        return declare
