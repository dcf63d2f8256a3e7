"""undo against the real application: each change that has a way back, and each that has none."""

from __future__ import annotations

import pytest

from tests.server_stub.conftest import Service
from tests.vshell.commands.conftest import Shell, holding
from vshell.errors import Conflict, Failed, NotFound, ShellError
from vshell.registry.tree import REGISTRY


@pytest.fixture
def person(service: Service) -> Shell:
    """The local administrator at a prompt, who says yes."""
    return Shell(service, holding(service.local), interactive=True, confirm=lambda question: True)


SETUP = (
    "role create --name ci --permissions-list view_security",
    "apitoken create --owner bob --name backup --expiry-date 30D",
)


@pytest.mark.parametrize(
    ("line", "show", "says"),
    [
        ("apitoken modify --id {token} --name other", "apitoken show --id {token}", "name back to backup"),
        ("apitoken modify --id {token} --expiry-date 1D", "apitoken show --id {token}", "expiry_date back to 30D"),
        ("apitoken modify --id {token} --name x --expiry-date 2D", "apitoken show --id {token}", "name back to backup"),
        ("manager modify --username bob --new-username robert", "manager show --id 4", "username back to bob"),
        ("manager modify --id 4 --roles ci,read_only", "manager show --id 4", "roles back to none"),
        ("manager modify --id 4 --disable", "manager show --id 4", "is_active back to True"),
        ("manager modify --id 4 --max-api-tokens 9", "manager show --id 4", "max_api_tokens back to none"),
        (
            "manager modify --id 4 --permissions-list view_events",
            "manager show --id 4",
            "permissions_list back to none",
        ),
        ("role modify --name ci --new-name cd", "role show --id 6", "name back to ci"),
        ("role assign --name ci --realm events", "role show --id 6", "permissions_list back to view_security"),
        ("role unassign --name ci --realm security", "role show --id 6", "permissions_list back to view_security"),
    ],
)
def test_what_was_changed_is_as_before(line: str, show: str, says: str, person: Shell) -> None:
    for each in SETUP:
        person.type(each)
    token = str(person.rows("apitoken list --owner bob")[0]["id"])
    before = person.rows(show.format(token=token))
    person.type(line.format(token=token))
    assert person.rows(show.format(token=token)) != before
    said = person.type("undo")
    assert says in said
    assert says in person.asked[-1], "it was asked"
    after = person.rows(show.format(token=token))
    if "expiry_date" in before and before["expiry_date"] != after["expiry_date"]:
        before["expiry_date"], after["expiry_date"] = (row["expiry_date"][:19] for row in (before, after))
    assert after == before


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("apitoken create --owner bob", "Revoke it with: apitoken revoke --id {token}"),
        ("apitoken revoke --id {token} --yes", "A revoked token stays revoked; create a new one with: apitoken create"),
        ("apitoken rotate --id {token} --yes", "The old secret is not kept anywhere; give its programs the new one."),
        ("role create --name cd", "Delete it with: role delete --id 7"),
        ("manager create --username eve", "Delete it with: manager delete --id 5"),
        ("manager delete --username bob --yes", "Create the manager anew with: manager create"),
        ("node create --path /x", "There is no way back for it."),
    ],
)
def test_where_there_is_no_way_back_it_says_what_to_do(line: str, says: str, person: Shell) -> None:
    for each in SETUP:
        person.type(each)
    token = str(person.rows("apitoken list --owner bob")[0]["id"])
    person.type(line.format(token=token))
    if "create --owner" in line:
        token = str(person.rows("apitoken list --name bob_api_token")[0]["id"])
    with pytest.raises(Failed, match="cannot be undone") as refused:
        person.type("undo")
    assert refused.value.hint == says.format(token=token)
    assert "." not in refused.value.sentence.split("'")[1].replace("--", ""), "no token is repeated"


def test_an_end_where_there_was_none_cannot_be_given_back(person: Shell) -> None:
    person.type("apitoken create --owner bob")
    token = person.rows("apitoken list --owner bob")[0]["id"]
    person.type(f"apitoken modify --id {token} --expiry-date 1D")
    with pytest.raises(Failed, match="expiry_date cannot be given back its former value"):
        person.type("undo")


def test_what_somebody_changed_since_is_not_overwritten(person: Shell, service: Service) -> None:
    person.type("manager modify --id 4 --first-name Bob")
    service.local.patch("/managers/4/", first_name="Robert")
    with pytest.raises(Conflict, match=r"first_name is Robert by now, .* somebody else, .* Nothing was undone"):
        person.type("undo")
    assert person.rows("manager show --id 4")["first_name"] == "Robert"
    with pytest.raises(Failed, match="There is nothing to undo"):
        person.type("undo")


def test_what_somebody_changes_while_it_is_asked_is_not_overwritten_either(service: Service) -> None:
    def answer(question: str) -> bool:
        service.local.patch("/managers/4/", first_name="Robert")
        return True

    person = Shell(service, holding(service.local), interactive=True, confirm=answer)
    person.type("manager modify --id 4 --first-name Bob")
    with pytest.raises(Conflict, match="first_name is Robert by now"):
        person.type("undo")
    assert person.rows("manager show --id 4")["first_name"] == "Robert"


def test_what_is_gone_does_not_stand_before_earlier_changes(person: Shell, service: Service) -> None:
    person.type("manager modify --id 4 --first-name Bob")
    person.type("role create --name cd")
    person.type("role modify --name cd --new-name ce")
    assert service.local.ask("DELETE", "/roles/6/").status < 300
    with pytest.raises(NotFound):
        person.type("undo")
    with pytest.raises(Failed, match="cannot be undone"):
        person.type("undo")
    assert "first_name" in person.type("undo")


def test_changes_are_taken_back_one_after_the_other_the_last_first(person: Shell) -> None:
    person.type("manager modify --id 4 --first-name A")
    person.type("manager modify --id 4 --last-name B")
    person.type("manager modify --id 4 --last-name B")
    assert "last_name" in person.type("undo"), "what changed nothing is not remembered"
    assert "first_name" in person.type("undo")
    with pytest.raises(Failed, match="nothing to undo"):
        person.type("undo")


def test_no_is_no_and_it_can_be_undone_later(service: Service) -> None:
    answers = [False, True]
    person = Shell(service, holding(service.local), interactive=True, confirm=lambda question: answers.pop(0))
    person.type("manager modify --id 4 --first-name A")
    with pytest.raises(Failed, match="the answer was no"):
        person.type("undo")
    assert "first_name" in person.type("undo")


def test_a_refused_change_and_a_dry_run_are_not_remembered(person: Shell) -> None:
    with pytest.raises(ShellError):
        person.type("manager modify --username nobody --first-name A")
    person.type("role create --name cd")
    person.history.steps.clear()
    person.type("role delete --name cd --dry-run")
    assert person.history.steps == []


def test_a_script_remembers_nothing(local: Shell) -> None:
    local.type("manager modify --id 4 --first-name A")
    with pytest.raises(Failed, match="nothing to undo"):
        local.type("undo")


def test_no_password_is_in_what_is_remembered(person: Shell) -> None:
    person.type("manager create --username eve --password 'correct horse 2'")
    with pytest.raises(Failed) as refused:
        person.type("undo")
    assert "correct horse" not in f"{refused.value.sentence} {refused.value.hint}"


def test_every_change_that_is_declared_with_a_way_back_is_one_on_the_server() -> None:
    assert [command.name for command in REGISTRY if command.undo is not None and not command.changes] == []
