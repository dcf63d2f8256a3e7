"""Emergency access: who may, with what reason, for how long, and that its token keeps saying what it is."""

from dataclasses import replace

import pytest

from server_stub.domain.accounts import permissions
from server_stub.domain.accounts.permissions import Actor
from server_stub.domain.base.errors import Conflict, Forbidden, Invalid
from server_stub.domain.base.timestamps import DAY, HOUR, MINUTE
from server_stub.domain.tokens import emergency
from server_stub.domain.tokens.tokens import Token

ADMINISTRATOR = Actor(7, "alice", "manager", None, "token", "192.0.2.7", permissions.ALL_PERMISSIONS)
TOKEN = Token("428BFekp", b"d", "api", 7, "alice", emergency.NAME, 0, path=emergency.PATH)


def test_an_administrator_and_local_admin_may() -> None:
    emergency.require(ADMINISTRATOR)
    emergency.require(permissions.local_admin("127.0.0.1"))


@pytest.mark.parametrize("missing", sorted(permissions.ALL_PERMISSIONS))
def test_whoever_lacks_any_right_may_not(missing: str) -> None:
    with pytest.raises(Forbidden, match="every right"):
        emergency.require(replace(ADMINISTRATOR, permissions=permissions.ALL_PERMISSIONS - {missing}))


def test_a_token_with_scopes_may_not() -> None:
    with pytest.raises(Forbidden):
        emergency.require(replace(ADMINISTRATOR, scopes=("node:x:r",)))


def test_a_reason_is_kept_as_it_is() -> None:
    said = "OIDC provider outage, reviewing compliance status"
    assert emergency.check_reason(said) == said


@pytest.mark.parametrize("reason", ["", " ", " x", "a\nb", "x" * 501, None, 7, "\x1b[2J"])
def test_a_reason_is_one_line_of_words(reason: object) -> None:
    with pytest.raises(Invalid, match="reason"):
        emergency.check_reason(reason)


@pytest.mark.parametrize(("grant", "length"), [("1h", HOUR), ("1h30m", 90 * MINUTE), ("24h", DAY)])
def test_a_grant_is_written_as_go_does(grant: str, length: int) -> None:
    assert emergency.check_grant(grant) == length


@pytest.mark.parametrize("grant", ["", "0s", "-1h", "24h1s", "25h", "1D", "1w", "60"])
def test_a_grant_is_no_longer_than_a_day(grant: str) -> None:
    with pytest.raises(Invalid):
        emergency.check_grant(grant)


def test_local_admin_owns_no_token() -> None:
    assert emergency.require_owner(ADMINISTRATOR) == 7
    with pytest.raises(Conflict, match="owns no token") as refused:
        emergency.require_owner(permissions.local_admin("127.0.0.1"))
    assert "auth create-token --user" in str(refused.value.hint)


def test_its_name_stays() -> None:
    emergency.require_same_name(TOKEN, emergency.NAME)
    emergency.require_same_name(replace(TOKEN, path="api/apitokens"), "other")
    with pytest.raises(Conflict, match="keeps its name"):
        emergency.require_same_name(TOKEN, "backup")
