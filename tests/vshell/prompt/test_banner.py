"""The banner is shown where there is one, and is no trouble where there is none."""

import pytest

from tests.vshell.web import Reply, serving
from vshell.client.target import Target
from vshell.prompt.banner import banner


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(body={"login_banner": "You are logging into VMS"}), "You are logging into VMS"),
        (Reply(body={"login_banner": ""}), ""),
        (Reply(body={"login_banner": None}), ""),
        (Reply(body="You are logging into VMS\n"), "You are logging into VMS"),
        (Reply(body=[1]), ""),
        (Reply(status=404, body={"detail": "nothing here"}), ""),
        (Reply(drop=True), ""),
    ],
)
def test_the_banner_is_what_the_server_says(reply: Reply, expected: str) -> None:
    with serving(lambda asked: reply) as web:
        assert banner(Target(web.url)) == expected
        assert web.asked[0].path == "/api/latest/vms/1/login_banner/"
