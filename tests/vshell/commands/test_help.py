"""help: every command and topic can be read, and a wrong word finds its way."""

from __future__ import annotations

import pytest

from tests.vshell.commands.typing import Typist
from vshell import help as manual
from vshell.client.client import HttpClient
from vshell.commands.help import WIDTH
from vshell.errors import NotFound
from vshell.kinds import NoNames
from vshell.registry.tree import REGISTRY


@pytest.fixture
def typist() -> Typist:
    return Typist(HttpClient.at("https://x.invalid"))


def test_the_overview_names_every_object_command_and_topic(typist: Typist) -> None:
    words = typist.type("help").split()
    assert {word for word in REGISTRY.root.words if word not in REGISTRY.root.aliases} <= set(words)
    assert set(manual.topics()) <= set(words)
    assert not set(manual.decisions()) & set(words)


@pytest.mark.parametrize("command", list(REGISTRY), ids=lambda command: command.name)
def test_every_command_shows_its_options_and_examples(typist: Typist, command: object) -> None:
    found = next(known for known in REGISTRY if known is command)
    text = typist.type(f"help {found.name}")
    assert found.summary in text
    assert all(example in text for example in found.examples)
    assert all(form in text for each in found.parameters + found.common for form in each.forms)
    assert all(len(line) <= WIDTH or line.strip().startswith("[") for line in text.splitlines())


def test_an_object_shows_its_verbs(typist: Typist) -> None:
    text = typist.type("help apitoken")
    assert all(f"apitoken {verb}" in text for verb in ("create", "list", "show", "modify", "revoke"))


@pytest.mark.parametrize("name", manual.topics() + manual.decisions())
def test_a_topic_is_shown_whole(typist: Typist, name: str) -> None:
    assert typist.type(f"help {name}") == manual.topic(name).text
    assert typist.type(f"help {name.replace('_', '-')}") == manual.topic(name).text
    assert typist.type(f"help {name.replace('_', ' ')}") == manual.topic(name).text


@pytest.mark.parametrize("line", ["help", "help batch", "help apitoken", "help apitoken create", "help --search quota"])
def test_at_a_terminal_it_fits(typist: Typist, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setattr(type(typist.session.out), "columns", 44)
    shown = typist.type(line).splitlines()
    lines_to_type = {f"  {example}" for command in REGISTRY for example in command.examples}
    assert [each for each in shown if len(each) > 44 and each not in lines_to_type and "[--" not in each] == []


def test_the_beginning_of_a_word_is_enough(typist: Typist) -> None:
    assert typist.type("help apit cr") == typist.type("help apitoken create")
    assert typist.type("help quit") == typist.type("help exit")


def test_an_unknown_word_is_told_with_the_nearest(typist: Typist) -> None:
    with pytest.raises(NotFound, match="did you mean scripts"):
        typist.type("help scritps")
    with pytest.raises(NotFound, match=r"\\x1b"):
        typist.type("help '\x1b'")


def test_what_may_be_asked_about_is_offered() -> None:
    word, _ = next(command for command in REGISTRY if command.name == "help").parameters
    offered = [offer.text for offer in word.kind.complete("s", NoNames(), {})]
    assert {"server", "set", "show", "source", "scripts", "servers"} <= set(offered)


def test_the_decisions_are_offered_once_they_are_meant() -> None:
    word, _ = next(command for command in REGISTRY if command.name == "help").parameters
    begun, meant = ({offer.text for offer in word.kind.complete(typed, NoNames(), {})} for typed in ("d", "design"))
    assert "design" in begun
    assert not set(manual.decisions()) & begun
    assert meant == {"design", *manual.decisions()}


def test_a_word_is_searched_for_in_all_of_it(typist: Typist) -> None:
    said = typist.type("help --search rehearsed")
    assert said.startswith("help for what has 'rehearsed':\n")
    assert "  batch" in said
    with pytest.raises(NotFound, match="Nothing in the manual has 'xyzzy'"):
        typist.type("help --search xyzzy")
