"""Routes as data: from one declaration come the router, the OpenAPI document and the tests' list of routes.

A handler is a plain function of what it is handed and of the names in its path:

    @routes.patch("/apitokens/{token_id}/", action="apitoken.modify", body=TokenChange)
    def modify(change: Change, wish: TokenChange, token_id: str) -> str: ...

Rules:

* A route needs a credential unless it says ``open=True``; nothing is open by leaving something out.
* A route of any method but GET changes something: its handler runs inside the writer, with a ``WriteContext``.
* What is slow (password hashing) happens before, in ``prepare``, on a ``ReadContext``; its result is ``prepared``.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from server_stub.web.http.dialect import Dialect, Route

Handler = TypeVar("Handler", bound=Callable[..., Any])


class Routes:
    """The routes of one front door, in the order of their declaration, with its manners (None: the native ones)."""

    def __init__(self, base: str, manners: Dialect | None = None):
        self.base = base
        self.dialect = manners
        self.all: list[Route] = []

    def get(self, path: str, *, action: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a look."""
        return self._declare("GET", path, action, options)

    def list(self, path: str, *, action: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a look at what lies below a path, by LIST or GET ``?list=true``."""
        return self._declare("LIST", path, action, options)

    def post(self, path: str, *, action: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a change that makes something; its status is 201 unless told otherwise."""
        return self._declare("POST", path, action, {"status": 201, **options})

    def patch(self, path: str, *, action: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a change of something that stands."""
        return self._declare("PATCH", path, action, options)

    def delete(self, path: str, *, action: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a removal, answered by 204."""
        return self._declare("DELETE", path, action, {"status": 204, **options})

    def _declare(self, method: str, path: str, action: str, options: dict[str, Any]) -> Callable[[Handler], Handler]:
        def declare(handler: Handler) -> Handler:
            route = Route(method, self.base + path, action, handler, dialect=self.dialect, **options)
            if not handler.__doc__:
                raise TypeError(f"{method} {route.path}: the handler has no docstring")
            if any((other.method, other.path) == (method, route.path) for other in self.all):
                raise TypeError(f"{method} {route.path} is declared twice")
            self.all.append(route)
            return handler

        return declare
