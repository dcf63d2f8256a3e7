"""A word is found wherever help would show it, the nearest first."""

import pytest

import vshell.commands  # noqa: F401 (declares them)
from vshell import help as manual
from vshell.help.search import find_mentions
from vshell.registry.tree import REGISTRY

TOPICS = manual.topics() + manual.decisions()


def names(word: str) -> list[str]:
    """Return what has the word."""
    return [name for name, _ in find_mentions(word, REGISTRY)]


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("batch", "batch"),
        ("BATCH", "batch"),
        ("exit codes", "exit_codes"),
        ("apitoken create", "apitoken create"),
        ("doctor", "doctor"),
    ],
)
def test_what_is_called_so_comes_first(word: str, nearest: str) -> None:
    assert names(word)[0] == nearest


@pytest.mark.parametrize(
    ("word", "place"),
    [
        ("Idempotency-Key", "batch"),
        ("--orphan-children", "apitoken revoke"),
        ("oauth/device", "apitoken revoke"),
        ("auth_request", "gateway"),
        ("Merkle tree", "design_audit"),
        ("password expiration timeout", "apitoken create"),
    ],
)
def test_it_is_found_in_topics_options_examples_and_long_help(word: str, place: str) -> None:
    assert place in names(word)


def test_decisions_come_behind_what_administrators_look_for() -> None:
    places = names("quota")
    decisions = [name for name in places if name.startswith(manual.DESIGN)]
    assert decisions
    assert places[-len(decisions) :] == decisions


def test_each_place_has_a_line_that_shows_why() -> None:
    for name, line in find_mentions("quota", REGISTRY):
        assert line
        assert "quota" in f"{name} {line}".lower()


@pytest.mark.parametrize("word", ["quota", "token", "a", "identity provider"])
def test_a_long_text_is_cut_around_the_word(word: str) -> None:
    places = find_mentions(word, REGISTRY)
    summaries = {command.summary for command in REGISTRY} | {manual.topic(name).summary for name in TOPICS}
    assert max(len(line) for _, line in places if line not in summaries) <= 80
    assert all(word in f"{name} {line}".lower().replace("_", " ") for name, line in places)


@pytest.mark.parametrize("word", ["xyzzy", "quot.", "(a|b)", "[a-z]"])
def test_what_is_nowhere_is_not_found_and_no_pattern(word: str) -> None:
    assert names(word) == []


def test_every_command_and_topic_is_found_by_its_name() -> None:
    for name in [command.name for command in REGISTRY] + TOPICS:
        assert name in names(name.replace("_", " ") if name in TOPICS else name)
