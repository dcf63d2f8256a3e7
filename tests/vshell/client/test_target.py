"""A link tells where it leads and never what opens it."""

from vshell.client.target import Target
from vshell.state.credentials import Credential

TOKEN = "427hZs6d.0OFcIFIRVwRlsHW68MqQhqSxAO2qi0rB"


def test_no_secret_is_told() -> None:
    link = Target("https://x.invalid", Credential("a test", "bob", token=TOKEN, refresh="r3fresh", password="s3cret"))
    assert "https://x.invalid" in repr(link)
    assert not any(secret in repr(link) for secret in (TOKEN, "r3fresh", "s3cret"))


def test_a_renewed_session_is_the_same_person_and_another_token_is_not() -> None:
    first, renewed = (Target("u", Credential("sign-in", "bob", token=token, refresh="r")) for token in "ab")
    assert first.identity == renewed.identity
    one, other = (Target("u", Credential("sign-in", "bob", token=token)) for token in "ab")
    assert one.identity != other.identity
    assert Target("u").identity != first.identity
