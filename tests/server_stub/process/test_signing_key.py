"""The key of checkpoints: made once, private, and never silently replaced."""

from pathlib import Path

import pytest

from server_stub.domain.base.errors import Unavailable
from server_stub.process import signing_key


def test_it_is_made_once(tmp_path: Path) -> None:
    first = signing_key.load_or_make(tmp_path, "ab")
    assert signing_key.load_or_make(tmp_path, "ab") == first
    assert first.secret.hex() not in repr(first)
    assert (tmp_path / "audit.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "audit.pub").read_text() == first.verifier + "\n"


@pytest.mark.parametrize("content", ["", "junk", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_file_that_is_no_key_stops_the_start(tmp_path: Path, content: str) -> None:
    (tmp_path / "audit.key").write_text(content)
    with pytest.raises(Unavailable, match="no Ed25519 key"):
        signing_key.load_or_make(tmp_path, "ab")
    assert (tmp_path / "audit.key").read_text() == content
