"""Routes as data: what a declaration says, and what is refused where it is written."""

import pytest

from server_stub.web import routes as front_doors
from server_stub.web.http.decoding import Body
from server_stub.web.http.routing import Routes
from server_stub.web.oauth import dialect


@pytest.mark.parametrize(
    ("verb", "status", "changes"), [("get", 200, 0), ("post", 201, 1), ("patch", 200, 1), ("delete", 204, 1)]
)
def test_each_method_has_its_status_and_only_get_changes_nothing(verb: str, status: int, changes: int) -> None:
    routes = Routes("/api")

    @getattr(routes, verb)("/x/", action="x.do")  # type: ignore[untyped-decorator]  # found by its name
    def handler() -> None:
        """Do it.

        At length.
        """

    (route,) = routes.all
    assert (route.status, route.changes, route.path, route.summary) == (status, bool(changes), "/api/x/", "Do it.")
    assert not route.access.open


def test_a_handler_without_a_docstring_is_refused() -> None:
    with pytest.raises(TypeError, match=r"GET /x/: the handler has no docstring"):

        @Routes("").get("/x/", action="x")
        def handler() -> None:
            pass


def test_one_address_is_declared_once() -> None:
    routes = Routes("")

    def handler() -> None:
        """Do it."""

    routes.get("/x/", action="x")(handler)
    with pytest.raises(TypeError, match="twice"):
        routes.get("/x/", action="y")(handler)


def test_no_two_front_doors_share_an_address_or_an_action() -> None:
    addresses = [(route.method, route.path) for route in front_doors.ROUTES]
    assert len(addresses) == len(set(addresses))


def test_every_body_refuses_what_it_does_not_know() -> None:
    for route in front_doors.ROUTES:
        if route.input.body is not None:
            assert issubclass(route.input.body, Body)
            is_oauth = issubclass(route.input.body, dialect.Form)  # whose RFC has unknown fields ignored
            assert route.input.body.__struct_config__.forbid_unknown_fields is not is_oauth
