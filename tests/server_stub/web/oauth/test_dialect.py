"""OAuth's manners: codes and statuses of refusals, descriptions in the characters that RFC 6749 allows."""

import pytest

from server_stub.domain.base import errors
from server_stub.domain.base.errors import Refusal
from server_stub.web.http.dialect import Input, RequestInput, Route
from server_stub.web.oauth import dialect
from server_stub.web.oauth.dialect import OAuthError
from server_stub.web.oauth.endpoints import Presenting

ROUTE = Route("POST", "/x", "x", lambda: None, dialect.rfc.dialect, input=Input(body=Presenting))


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        (errors.Invalid("a"), 400, "invalid_request"),
        (errors.Invalid("a", code="invalid_grant"), 400, "invalid_grant"),
        (errors.Invalid("a", code="too_large"), 413, "invalid_request"),
        (errors.Unauthenticated("a"), 401, "invalid_token"),
        (errors.Forbidden("a"), 403, "insufficient_scope"),
        (errors.Forbidden("a", code="device_flow_off"), 400, "unauthorized_client"),
        (errors.QuotaExceeded("a"), 400, "access_denied"),
        (errors.SlowDown("a", retry_after_seconds=7), 429, "slow_down"),
        (errors.Unavailable("a"), 503, "temporarily_unavailable"),
        (Refusal("a"), 500, "server_error"),
    ],
)
def test_each_refusal_has_a_code_of_oauth(refusal: Refusal, status: int, code: str) -> None:
    refused = dialect.render_error(refusal)
    assert refused.status == status
    assert refused.body == OAuthError(code, "a")


def test_a_description_has_no_character_that_is_not_allowed() -> None:
    assert dialect.describe_refusal('there is no "x\\y"', "Ü\n") == "there is no 'x?y'. ??"


def test_zoho_s_fields_come_from_anywhere_and_once() -> None:
    manners = dialect.zoho.dialect
    assert manners is not None
    sent = RequestInput("token=a", b"token_type_hint=b", "application/x-www-form-urlencoded")
    (read,) = manners.read(ROUTE, sent)
    assert (read.token, read.token_type_hint) == ("a", "b")
    with pytest.raises(errors.Invalid, match="given twice"):
        manners.read(ROUTE, RequestInput("token=a", b"token=a", ""))


def test_the_rfc_s_fields_do_not_come_from_the_address() -> None:
    manners = dialect.rfc.dialect
    assert manners is not None
    (read,) = manners.read(ROUTE, RequestInput("token=a", b"", ""))
    assert read.token == ""
    with pytest.raises(errors.Invalid, match="no form"):
        manners.read(ROUTE, RequestInput("", b"{}", "application/json"))


def test_a_form_is_one_however_its_type_is_written() -> None:
    """Names of media types know no case (RFC 9110, 8.3.1)."""
    manners = dialect.rfc.dialect
    assert manners is not None
    (read,) = manners.read(ROUTE, RequestInput("", b"token=a", "Application/X-WWW-Form-URLencoded; charset=UTF-8"))
    assert read.token == "a"
