"""OAuth's front doors together: what they serve, and to whom."""

from server_stub.web import oauth

OPEN = {
    ("POST", "/oauth/device_authorization"),
    ("POST", "/oauth/token"),
    ("POST", "/oauth/revoke"),
    ("GET", "/.well-known/oauth-authorization-server"),
    ("POST", "/oauth/v3/device/code"),
    ("POST", "/oauth/v3/device/token"),
    ("POST", "/oauth/v2/token"),
    ("POST", "/oauth/v2/token/revoke"),
}


def test_what_needs_no_credential_is_as_agreed() -> None:
    assert {(route.method, route.path) for route in oauth.ROUTES if route.access.open} == OPEN
    closed = {(route.method, route.path) for route in oauth.ROUTES} - OPEN
    assert closed == {("POST", "/oauth/introspect"), ("GET", "/baas/v1/project")}


def test_only_the_beginning_reads_a_credential_where_none_is_needed() -> None:
    read = [route.path for route in oauth.ROUTES if route.access.open and not route.access.anonymous]
    assert read == ["/oauth/device_authorization"]
