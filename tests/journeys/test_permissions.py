"""VAST's table of token permissions, row by row: own and foreign, allowed and refused, by the real shell's exit codes.

The source is "Managing VMS API Tokens". Two of its rows differ in the seed and in our own rule: creating for oneself
is free, and one always revokes one's own. Everybody here shows an API token, unless the test says otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import processes
from tests.journeys import people
from tests.journeys.people import Person, Ran, created
from tests.processes import Server

DONE, NOT_FOUND, NOT_ALLOWED, OVER_QUOTA = 0, 3, 4, 5
TYPES = ("view", "create", "edit", "delete")
NOTHING = ""
BOTH = [(held, whose) for held in (NOTHING, *TYPES) for whose in ("own", "other")]


@dataclass
class Office:
    """A server, its people by the one permission on the Security realm that each has, and somebody with tokens."""

    server: Server
    people: dict[str, Person]
    other: str

    def token_of(self, name: str) -> str:
        """Create a token for somebody and return its id."""
        return self.server.create(owner=name)["id"]

    def shown(self, token_id: str) -> dict[str, object]:
        """Return what the server knows of a token."""
        token: dict[str, object] = self.server.call("GET", f"/apitokens/{token_id}/").json()
        return token


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One person without a permission, one for each type, and one who has tokens and no right."""
    with processes.running(tmp_path_factory.mktemp("office") / "data") as server:
        home = tmp_path_factory.mktemp("homes")
        staff = {NOTHING: people.hired(server, home, max_api_tokens=100)}
        for kind in TYPES:
            staff[kind] = people.hired(server, home, f"{kind}_security", max_api_tokens=100)
        yield Office(server, staff, people.hired(server, home, max_api_tokens=100).name)


def listed(ran: Ran) -> list[str]:
    """Return the ids in a list printed as ids."""
    assert ran.code == DONE, ran
    return ran.out.split()


@pytest.mark.parametrize("held", [NOTHING, *TYPES])
def test_list_and_show_own_always(held: str, office: Office) -> None:
    """| list / show | own: always |"""
    person = office.people[held]
    mine = office.token_of(person.name)
    assert mine in listed(person.run("apitoken", "list", "--output", "ids"))
    assert mine in listed(person.run("apitoken", "list", "--owner", person.name, "--output", "ids"))
    assert json.loads(person.did("apitoken", "show", "--id", mine, "--output", "json"))["owner"] == person.name


@pytest.mark.parametrize("held", [NOTHING, *TYPES])
def test_list_and_show_of_others_need_view(held: str, office: Office) -> None:
    """| list / show | someone else's: View on Security |"""
    person, theirs = office.people[held], office.token_of(office.other)
    sees = held == "view"
    assert (theirs in listed(person.run("apitoken", "list", "--output", "ids"))) is sees
    assert (theirs in listed(person.run("apitoken", "list", "--owner", office.other, "--output", "ids"))) is sees
    assert person.run("apitoken", "show", "--id", theirs).code == (DONE if sees else NOT_FOUND)


@pytest.mark.parametrize("held", [NOTHING, *TYPES])
def test_create_own_is_free(held: str, office: Office) -> None:
    """The seed: "creating a token for another user requires Create permission", so one's own does not."""
    person = office.people[held]
    for line in ("apitoken create", f"apitoken create --owner {person.name}"):
        assert office.shown(created(person.did("-c", line))["id"])["owner"] == person.name


@pytest.mark.parametrize("held", [NOTHING, *TYPES])
def test_create_for_others_needs_create(held: str, office: Office) -> None:
    """| create | someone else's: Create on Security |"""
    person = office.people[held]
    before = office.server.call("GET", f"/apitokens/?owner={office.other}").json()
    ran = person.run("-c", f"apitoken create --owner {office.other} --name by-{held}")
    after = office.server.call("GET", f"/apitokens/?owner={office.other}").json()
    if held == "create":
        assert office.shown(created(ran.out)["id"])["owner"] == office.other
    else:
        assert (ran.code, ran.out) == (NOT_ALLOWED, "")
        assert "create_security" in ran.err
        assert after == before


@pytest.mark.parametrize(("held", "whose"), BOTH)
def test_modify_needs_edit(held: str, whose: str, office: Office) -> None:
    """| modify | own: Edit on Security | someone else's: Edit on Security |"""
    person = office.people[held]
    token_id = office.token_of(person.name if whose == "own" else office.other)
    before = office.shown(token_id)
    ran = person.run("-c", f"apitoken modify --id {token_id} --name changed --expiry-date 1D")
    after = office.shown(token_id)
    if held == "edit":
        assert (ran.code, after["name"]) == (DONE, "changed"), ran
        assert after["expiry_date"] is not None
    else:
        known = whose == "own" or held == "view"
        assert ran.code == (NOT_ALLOWED if known else NOT_FOUND), ran
        assert ("edit_security" in ran.err) is known
        assert after == before


@pytest.mark.parametrize(("held", "whose"), BOTH)
def test_revoke_needs_delete_for_others(held: str, whose: str, office: Office) -> None:
    """| revoke | own: always (our rule) | someone else's: Delete on Security |"""
    person = office.people[held]
    token_id = office.token_of(person.name if whose == "own" else office.other)
    ran = person.run("apitoken", "revoke", "--id", token_id)
    revoked = office.shown(token_id)["revoked"]
    if whose == "own" or held == "delete":
        assert (ran.code, revoked) == (DONE, True), ran
        assert person.run("apitoken", "revoke", "--id", token_id) == ran, "revoking again is the same answer"
    else:
        assert (ran.code, revoked) == (NOT_ALLOWED if held == "view" else NOT_FOUND, False), ran


@pytest.mark.parametrize("verb", ["show", "modify --name x", "revoke"])
def test_a_foreign_token_answers_exactly_as_a_missing_one(verb: str, office: Office) -> None:
    """Without the right nobody learns whether a token is there."""
    theirs = office.token_of(office.other)
    missing = theirs[:-1] + ("A" if theirs[-1] != "A" else "B")
    foreign_ran, missing_ran = (
        office.people[NOTHING].run("-c", f"apitoken {verb} --id {token_id}") for token_id in (theirs, missing)
    )
    assert foreign_ran.code == NOT_FOUND
    assert foreign_ran.err.replace(theirs, "ID") == missing_ran.err.replace(missing, "ID")


def test_the_quota_needs_edit_on_settings_not_on_security(office: Office, tmp_path: Path) -> None:
    """The quota lies in the Settings realm."""
    line = "vms set_max_api_tokens_per_user --max-api-tokens-per-user 5"
    refused = office.people["edit"].run("-c", line)
    assert refused.code == NOT_ALLOWED
    assert "edit_settings" in refused.err
    assert people.hired(office.server, tmp_path, "edit_settings").run("-c", line).code == DONE


def test_a_permission_comes_by_a_role_and_goes_at_once(office: Office, tmp_path: Path) -> None:
    """A token carries its owner's rights of the moment: those of their roles, and none that was taken away."""
    host = people.on_the_host(office.server, tmp_path / "host")
    person = people.hired(office.server, tmp_path)
    theirs = office.token_of(office.other)

    def tries() -> int:
        return person.run("apitoken", "show", "--id", theirs).code

    codes = [tries()]
    for line in (
        "role create --name lookers --permissions-list view_security",
        f"manager modify --username {person.name} --roles lookers",
        "role unassign --name lookers --realm security --permissions view",
        "role assign --name lookers --realm security --permissions view",
        f"manager modify --username {person.name} --roles ''",
    ):
        assert host.run("-c", line).code == DONE, line
        codes.append(tries())
    assert codes == [NOT_FOUND, NOT_FOUND, DONE, NOT_FOUND, DONE, NOT_FOUND]


def test_a_password_carries_the_same_rights_as_a_token(office: Office, tmp_path: Path) -> None:
    """The table holds for managers, however they show who they are."""
    theirs = office.token_of(office.other)
    show = f"apitoken show --id {theirs}"
    for held, code in ((NOTHING, NOT_FOUND), ("view", DONE)):
        person = people.by_password(office.server, tmp_path, office.people[held].name)
        assert person.run("-c", show).code == code
        assert person.run("-c", show, "-c", show).code == code, "many lines open a session"


def test_a_bad_credential_is_nobody_and_never_the_local_administrator(office: Office, tmp_path: Path) -> None:
    """A wrong, a revoked and a disabled manager's token, and a wrong password: exit 4, with what to do."""
    person = people.hired(office.server, tmp_path)
    token = person.environment["VSHELL_TOKEN"]
    assert person.run("whoami").code == DONE
    wrong = Person(tmp_path / "wrong", person.flags, {"VSHELL_TOKEN": token[:-1] + ("A" if token[-1] != "A" else "B")})
    guess = Person(tmp_path / "guess", (*person.flags, "-u", person.name, "-p", "-"), stdin="not this one\n")
    disabled = people.hired(office.server, tmp_path)
    host = people.on_the_host(office.server, tmp_path / "host")
    assert host.run("-c", f"manager modify --username {disabled.name} --disable").code == DONE
    assert host.run("-c", f"apitoken revoke --id {token[:8]}").code == DONE
    for stranger in (wrong, guess, disabled, person):
        ran = stranger.run("apitoken", "list")
        assert (ran.code, ran.out) == (NOT_ALLOWED, ""), ran
        assert len(ran.err.splitlines()) >= 2, "a sentence and a next step"


def test_over_the_quota_is_5_for_oneself_and_for_others(office: Office, tmp_path: Path) -> None:
    """The limit is the owner's, whoever asks."""
    person = people.hired(office.server, tmp_path, max_api_tokens=1)
    before = office.server.call("GET", f"/apitokens/?owner={person.name}").json()
    assert person.run("apitoken", "create").code == OVER_QUOTA
    assert office.people["create"].run("-c", f"apitoken create --owner {person.name}").code == OVER_QUOTA
    assert len(office.server.call("GET", f"/apitokens/?owner={person.name}").json()) == len(before) == 1
