"""tutorial against the real application: all of it, passed over, left, and where it does not belong."""

from __future__ import annotations

import io

import pytest

from tests.server_stub.conftest import Service
from tests.vshell.commands.conftest import Shell, holding
from vshell.errors import Failed
from vshell.run.tutorial import Lesson


@pytest.fixture
def person(service: Service) -> Shell:
    """The local administrator on the server's own host."""
    shell = Shell(service, holding(service.local))
    api = shell.session.client
    target = api.target._replace(token_file="there")
    api.finder.move(lambda: target, lambda _: target)
    return shell


def last_line(person: Shell) -> str:
    """Return the line that the tutorial asks for now."""
    return [line for line in person.err.getvalue().splitlines() if line.startswith("  ")][-1].strip()


def test_typing_what_it_asks_for_leads_to_its_end(
    person: Shell, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.type("tutorial")
    lines = []
    token = ""
    while person.session.find_listener(Lesson) is not None:
        line = last_line(person)
        lines.append(line.split(" --")[0])
        monkeypatch.setattr("sys.stdin", io.StringIO(token + "\n"))
        printed = person.type(line)
        if line.startswith("apitoken create --owner ann --name lesson"):
            token = printed.split("your token is: ")[1].split()[0]
    assert "That was all." in person.err.getvalue()
    assert lines == [
        "manager create",
        "apitoken create",
        "apitoken verify",
        "apitoken create",
        "apitoken list",
        "apitoken revoke",
        "manager delete",
    ]
    assert token not in person.err.getvalue()
    assert [row["username"] for row in service.local.get("/managers/")] == ["root", "admin", "support", "bob"]


def test_a_line_that_fails_leaves_the_step_as_it_is(person: Shell) -> None:
    person.type("tutorial")
    with pytest.raises(Exception, match="bob"):
        person.type("manager create --username bob")
    lesson = person.session.find_listener(Lesson)
    assert lesson is not None
    assert lesson.at == 0


def test_steps_are_passed_over_and_the_tutorial_is_left(person: Shell) -> None:
    person.type("tutorial")
    person.type("tutorial skip")
    assert last_line(person).startswith("apitoken create --owner ann")
    person.type("tutorial leave")
    assert person.session.find_listener(Lesson) is None
    with pytest.raises(Failed, match="No tutorial goes on"):
        person.type("tutorial skip")
    person.type("tutorial")
    for _ in range(7):
        person.type("tutorial skip")
    assert person.session.find_listener(Lesson) is None


def test_it_is_for_a_server_of_ones_own(local: Shell) -> None:
    with pytest.raises(Failed, match="a server of your own") as refused:
        local.type("tutorial")
    assert "vshell --local" in str(refused.value.hint)
