"""The room as a whole: what is a page, what needs a session, and that programs are told of none of it."""

from server_stub.web import pages, routes

OPEN = {
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("GET", "/password"),
    ("POST", "/password"),
    ("GET", "/pages/style.css"),
    ("GET", "/pages/picture.svg"),
}


def test_a_page_needs_a_session_unless_it_is_one_of_these() -> None:
    assert {(route.method, route.path) for route in pages.ROUTES if route.access.anonymous} == OPEN


def test_pages_are_served_and_not_described() -> None:
    assert set(map(id, pages.ROUTES)) <= set(map(id, routes.SERVED))
    assert not [route for route in routes.ROUTES if route in pages.ROUTES]
