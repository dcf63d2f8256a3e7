"""The OAuth front doors: RFC 8628, 7009 and 7662, and Zoho's words for them."""

from server_stub.web.http.dialect import Route
from server_stub.web.oauth import dialect, endpoints, zoho

__all__ = ["ROUTES", "dialect", "endpoints", "zoho"]

ROUTES: list[Route] = [*dialect.starts.all, *dialect.rfc.all, *dialect.zoho.all]
