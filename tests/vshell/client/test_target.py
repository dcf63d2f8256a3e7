"""A link tells where it leads and never what opens it."""

from vshell.client.target import Link
from vshell.state.credentials import Credential

TOKEN = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB"


def test_no_secret_is_told() -> None:
    link = Link("https://x.invalid", Credential("a test", "bob", token=TOKEN, refresh="r3fresh", password="s3cret"))
    assert "https://x.invalid" in repr(link)
    assert not any(secret in repr(link) for secret in (TOKEN, "r3fresh", "s3cret"))


def test_a_renewed_session_is_the_same_person_and_another_token_is_not() -> None:
    first, renewed = (Link("u", Credential("sign-in", "bob", token=token, refresh="r")) for token in "ab")
    assert first.identity == renewed.identity
    one, other = (Link("u", Credential("sign-in", "bob", token=token)) for token in "ab")
    assert one.identity != other.identity
    assert Link("u").identity != first.identity
