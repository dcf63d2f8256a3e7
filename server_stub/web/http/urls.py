"""The URL under which a caller reaches this server."""

import re
import urllib.parse

from server_stub.operations.context import ReadContext

NEAR = ("127.0.0.1", "::1", "localhost")


_HOST = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


def base_url(context: ReadContext) -> str:
    """Return the URL by which the caller reaches this server, for the addresses that they are told.

    It is the public one; of a server that knows itself only as this host, it is what the caller asked for.
    """
    url, host = context.server.url, context.header("Host") or ""
    is_near = urllib.parse.urlsplit(url).hostname in NEAR
    return f"{url.partition('://')[0]}://{host}" if is_near and _HOST.fullmatch(host) else url
