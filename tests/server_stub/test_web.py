"""The front doors together, over a real socket: any bytes get an answer or a closed connection, never a defect."""

import json
import re
import urllib.parse

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server_stub.web import routes
from tests.processes import Server
from tests.wire import raw

METHODS = ["GET", "POST", "PATCH", "DELETE", "HEAD", "PUT", "OPTIONS"]
PATHS = sorted({route.path for route in routes.ROUTES})
NAMES = st.sampled_from(["owner", "name", "archived", "page", "page_size", "after", "username", "id", "x"])
VALUES = st.text(st.sampled_from("a0%\\'\"&=+;é\u202e .-/"), max_size=12) | st.sampled_from(["1", "True", "%00", "%ff"])
BODIES = st.binary(max_size=60) | st.dictionaries(NAMES, VALUES | st.integers() | st.none(), max_size=4).map(
    lambda value: json.dumps(value).encode()
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(METHODS), st.sampled_from(PATHS), VALUES, st.dictionaries(NAMES, VALUES, max_size=3), BODIES)
def test_no_request_is_a_defect(
    shared_server: Server, method: str, path: str, value: str, query: dict[str, str], body: bytes
) -> None:
    place = re.sub(r"{.*?}", urllib.parse.quote(value, safe="%/"), path)
    asked = "&".join(f"{name}={urllib.parse.quote(text, safe='%&=+;')}" for name, text in query.items())
    head = (
        f"{method} {place}?{asked} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
        f"Authorization: Bearer {shared_server.local_admin}\r\n\r\n"
    )
    answer = raw(shared_server.url, head.encode() + body)
    assert 200 <= answer.status < 500
    log = (shared_server.data / "stderr.log").read_text()
    assert "ERROR" not in log
