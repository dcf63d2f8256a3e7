"""The shapes of answers: no repr shows a token, lengths are spelled as Vault does."""

import pytest

from server_stub.domain.base.timestamps import HOUR, MINUTE, SECOND
from server_stub.web.vault import responses
from tests.server_stub.web.vault.conftest import Holder


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (768 * HOUR, "768h"),
        (HOUR + 30 * MINUTE, "1h30m"),
        (45 * SECOND, "45s"),
        (HOUR + SECOND, "1h1s"),
        (SECOND // 2, "0s"),
    ],
)
def test_lengths(length: int, text: str) -> None:
    assert responses.format_length(length) == text


def test_an_auth_has_every_key_and_no_more(root: Holder) -> None:
    made = root.create()
    made.pop("warnings")
    assert set(made) == {
        "client_token",
        "accessor",
        "policies",
        "token_policies",
        "metadata",
        "lease_duration",
        "renewable",
        "entity_id",
        "token_type",
        "orphan",
        "mfa_requirement",
        "num_uses",
    }
    assert (made["entity_id"], made["mfa_requirement"]) == ("", None)


def test_no_repr_shows_a_token() -> None:
    auth = responses.Auth("s3cret", "a", [], [], None, 0, False, "", "service", True, None, 0)
    envelope = responses.Envelope("r", data="s3cret", auth=auth)
    assert "s3cret" not in repr(auth) + repr(envelope)
