"""The manager commands against the real application, and passwords that never stand in a line by need."""

import io
from contextlib import AbstractContextManager, nullcontext

import pytest

import vshell.commands  # noqa: F401 (declares them)
from tests.server_stub.conftest import PASSWORD, Service
from tests.vshell.commands.conftest import Shell, holding
from vshell.commands.manager import BACK, CHANGEABLE, OwnQuota
from vshell.errors import Conflict, Mistake, NotAllowed, NotFound
from vshell.registry.tree import REGISTRY
from vshell.state.identity import Credential

ANOTHER = "another password"


def signs_in(service: Service, username: str, password: str) -> bool:
    return service.nobody.ask("POST", "/token/", {"username": username, "password": password}).status == 200


def test_list_is_a_table_and_user_is_the_same_word(local: Shell) -> None:
    listed = local.type("manager list")
    assert listed == local.type("user list")
    assert [cell.strip() for cell in listed.splitlines()[1].split("|")[1:-1]] == [
        "ID",
        "Username",
        "Full-name",
        "Active",
        "Default",
        "Roles",
        "Failed-logins",
        "Last-login",
        "Password-expiration",
    ]
    assert "| 2  | admin    |           | True   | True    | ['administrators', 'csi']" in listed


def test_show_is_vertical_by_name_and_by_id(local: Shell) -> None:
    shown = local.type("manager show --username Bob")
    assert shown == local.type("manager show --id 4") == local.type("user show --id 4")
    assert [line.split("|")[1].strip() for line in shown.splitlines()[1:4]] == ["ID", "Username", "Full-name"]
    assert "view_security" not in local.type("manager show --username admin")
    assert "view_security" in local.type("manager show --username admin --columns permissions")


def test_create_in_a_script_asks_nothing_and_gives_no_password(local: Shell) -> None:
    line = "manager create --username Eve --roles read_only,5 --first-name Eva --max-api-tokens 7"
    assert local.type(line) == "Manager eve with id: 5 has been created\n"
    assert local.asked == []
    assert local.fields("manager show --username eve", "roles", "full_name", "max_api_tokens", "has_password") == {
        "roles": ["csi", "read_only"],
        "full_name": "Eva",
        "max_api_tokens": 7,
        "has_password": False,
    }


@pytest.mark.parametrize(("typed", "has_password"), [("", False), (ANOTHER, True)])
def test_create_at_a_terminal_asks_for_the_password(service: Service, typed: str, has_password: bool) -> None:
    shell = Shell(service, holding(service.local), interactive=True, secret=typed)
    shell.type("manager create --username eve --is-temporary-password" if typed else "manager create --username eve")
    assert shell.asked[0] == "Password of eve (empty for none): "
    assert shell.rows("manager show --username eve")["has_password"] is has_password
    assert signs_in(service, "eve", ANOTHER) is has_password


def test_a_password_comes_from_standard_input(local: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    for line in (
        "manager create --username eve",
        "manager set_password --username bob",
        "manager unlock --username bob",
    ):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{ANOTHER}\nnot this\n"))
        local.type(f"{line} --password -")
        assert signs_in(local.server, "eve" if "eve" in line else "bob", ANOTHER)


def test_without_a_password_to_set_nothing_is_sent(local: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    for line in ("manager set_password --username bob", "manager set_password --username bob --password -"):
        with pytest.raises(Mistake, match="password is needed"):
            local.type(line)
    assert signs_in(local.server, "bob", PASSWORD)


def test_two_passwords_that_differ_change_nothing(local: Shell) -> None:
    answers = iter([ANOTHER, "a slip of it"])
    local.session.ask_secret = lambda question: next(answers)
    with pytest.raises(Mistake, match="differ"):
        local.type("manager set_password --username bob")
    assert signs_in(local.server, "bob", PASSWORD)


def test_a_manager_s_home_is_another_data_centre_or_this_one(local: Shell) -> None:
    for typed, home in (("us", "us"), ("''", None)):
        local.type(f"manager modify --username bob --home-dc {typed}")
        assert local.fields("manager show --username bob", "home_dc") == {"home_dc": home}


def test_modify_changes_what_is_given(local: Shell) -> None:
    said = "Manager bob with id: 4 has been modified\n"
    assert local.type("manager modify --username bob --roles csi --permissions-list view_security") == said
    assert local.type("manager modify --id 4 --max-api-tokens 9 --last-name Miller --disable") == said
    names = ("roles", "permissions_list", "max_api_tokens", "full_name", "is_active")
    shown = {"roles": ["csi"], "permissions_list": ["view_security"], "max_api_tokens": 9, "full_name": "Miller"}
    assert local.fields("manager show --id 4", *names) == {**shown, "is_active": False}
    local.type("manager modify --id 4 --enable --roles '' --max-api-tokens default --disable-password-expiration")
    shown |= {"roles": [], "max_api_tokens": None}
    assert local.fields("manager show --id 4", *names) == {**shown, "is_active": True}
    assert local.type("manager modify --id 4 --new-username Rob") == "Manager rob with id: 4 has been modified\n"


def test_delete_says_what_it_did(local: Shell) -> None:
    assert local.type("manager delete --username bob --dry-run") == ""
    assert local.type("manager delete --username bob") == "Manager bob with id: 4 has been deleted\n"
    with pytest.raises(NotFound, match="There is no manager named 'bob'"):
        local.type("manager delete --username bob")


def test_unlock_needs_no_password(local: Shell) -> None:
    for _ in range(4):
        signs_in(local.server, "bob", "wrong")
    assert not signs_in(local.server, "bob", PASSWORD)
    assert local.type("manager unlock --username bob") == "Manager bob with id: 4 has been unlocked\n"
    assert signs_in(local.server, "bob", PASSWORD)


def test_an_administrator_sets_a_temporary_password(service: Service) -> None:
    shell = Shell(service, holding(service.local), secret=ANOTHER)
    said = shell.type("manager set_password --username bob --is-temporary-password")
    assert said == "The password of manager bob has been set\n"
    assert shell.asked == ["New password of bob: ", "The same again: "]
    assert shell.rows("manager show --username bob")["is_temporary_password"] is True
    assert signs_in(service, "bob", ANOTHER)


def test_one_s_own_goes_on_with_a_new_session(signed_in: Shell) -> None:
    signed_in.session.ask_secret = lambda question: ANOTHER
    before = signed_in.session.client.credential
    assert signed_in.type("manager set_password") == "The password of manager bob has been set\n"
    after = signed_in.session.client.credential
    assert before is not None
    assert after is not None
    assert after.token != before.token
    assert signed_in.rows("whoami")["username"] == "bob"
    assert signs_in(signed_in.server, "bob", ANOTHER)


class Keeper:
    """Where a session is kept, in memory."""

    def __init__(self) -> None:
        self.kept: Credential | None = None

    def read(self) -> Credential | None:
        return self.kept

    def write(self, credential: Credential) -> None:
        self.kept = credential

    def alone(self) -> AbstractContextManager[object]:
        return nullcontext()


def test_one_s_own_keeps_the_new_session_where_the_old_one_was(signed_in: Shell) -> None:
    keeper = Keeper()
    signed_in.session.client.use(signed_in.session.client.credential, keeper)
    signed_in.session.ask_secret = lambda question: ANOTHER
    signed_in.type("manager set_password")
    assert keeper.kept is not None
    assert keeper.kept == signed_in.session.client.credential
    assert signed_in.server.by_bearer(str(keeper.kept.token)).get("/login/")["username"] == "bob"


def test_one_s_own_that_has_expired_is_set_by_showing_it(service: Service) -> None:
    service.local.patch("/vms/1/pwd_settings/", pwd_expiration_timeout="1D", pwd_expiration_timeout_enabled=True)
    service.clock.advance(2 * 86_400 * 1_000_000)
    shell = Shell(service, Credential("the test", "bob", password=PASSWORD), secret=ANOTHER)
    with pytest.raises(NotAllowed, match="expired"):
        shell.type("manager list")
    shell.type("manager set_password")
    assert len(shell.rows("manager list")) == 1


def test_one_s_own_takes_more_than_an_api_token(service: Service) -> None:
    shell = Shell(service, holding(service.by_token("bob")), secret=ANOTHER)
    with pytest.raises(NotAllowed, match="API token"):
        shell.type("manager set_password")
    with pytest.raises(Conflict, match="local-admin"):
        Shell(service, holding(service.local), secret=ANOTHER).type("manager set_password")
    assert signs_in(service, "bob", PASSWORD)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("manager show", Mistake),
        ("manager show --username admin --id 2", Mistake),
        ("manager modify --username admin", Mistake),
        ("manager modify --username admin --max-api-tokens many", Mistake),
        ("manager modify --username admin --disable", Conflict),
        ("manager modify --username admin --roles nothing", NotFound),
        ("manager delete --username root", Conflict),
        ("manager create --username admin", Conflict),
        ("manager create", Mistake),
        ("manager create --username 'b b'", Mistake),
        ("manager create --username eve --password short", Mistake),
        ("manager set_password --is-temporary-password", Mistake),
        ("manager unlock --username ghost", NotFound),
    ],
)
def test_what_is_wrong_has_its_sort(local: Shell, line: str, error: type[Exception]) -> None:
    before = local.server.audit()
    with pytest.raises(error):
        local.type(line)
    assert local.server.audit() == before


def test_no_password_is_asked_for_a_name_that_nobody_can_bear(service: Service) -> None:
    shell = Shell(service, holding(service.local), interactive=True, secret=ANOTHER)
    for line in ("manager create --username '日 本'", "manager create --username ''"):
        with pytest.raises(Mistake, match="cannot be a user name"):
            shell.type(line)
    assert shell.asked == []


@pytest.mark.parametrize(("text", "value"), [("default", "default"), ("0", 0), ("20", 20)])
def test_a_quota_of_ones_own_is_a_number_or_the_default(text: str, value: object) -> None:
    assert OwnQuota(maximum=100).parse(text) == value


@pytest.mark.parametrize("text", ["none", "-1", "101", ""])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        OwnQuota(maximum=100).parse(text)


def test_everything_that_modify_changes_has_a_way_back() -> None:
    modify = REGISTRY.find("manager modify")
    assert modify is not None
    given = {parameter.name for parameter in modify.parameters} - {"username", "id", "new_username"}
    assert given | {"username"} == set(CHANGEABLE) == set(BACK.fields)
