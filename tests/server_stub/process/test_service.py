"""What a server is started with: the address that clients here use, and no secret in its text."""

from pathlib import Path

import pytest

from server_stub.domain.base.token_format import Presented
from server_stub.process.service import Service


def service(host: str, certificate: Path | None = None) -> Service:
    """Make one."""
    return Service(
        data=Path("/d"),
        database="postgresql://bob:hunter2@db/x",
        host=host,
        port=8443,
        workers=1,
        certificate=certificate,
        key=None,
        self_signed=False,
        stop_with_shells=False,
        public_url=None,
        local_admin=Presented("id", b"digest"),
    )


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8443"),
        ("0.0.0.0", "http://127.0.0.1:8443"),
        ("::", "http://[::1]:8443"),
        ("::1", "http://[::1]:8443"),
        ("localhost", "http://localhost:8443"),
    ],
)
def test_the_url_is_one_that_a_client_here_can_use(host: str, url: str) -> None:
    assert service(host).url == url
    assert service(host, Path("c")).url == url.replace("http", "https")


def test_no_secret_is_shown() -> None:
    shown = repr(service("::1"))
    assert "hunter2" not in shown
    assert "digest" not in shown
