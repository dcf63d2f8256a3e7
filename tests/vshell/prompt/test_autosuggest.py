"""The grey hint: the rest of the word that is meant, or what may come next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vshell.prompt.talking import names
from tests.vshell.small import REGISTRY
from vshell.prompt.autosuggest import NOTHING, suggest
from vshell.prompt.candidates import CompletionCache
from vshell.prompt.input_line import LineParser, line_at

KNOWN = names(managers=[{"username": "bob", "id": 2}, {"username": "two words", "id": 3}])


@pytest.mark.parametrize(
    ("line", "shown", "typed"),
    [
        ("", "", ""),
        ("apit", "oken", "oken"),
        ("apitoken", " create|list|revoke", " "),
        ("apitoken ", "create|list|revoke", ""),
        ("apitoken cr", "eate", "eate"),
        ("apitoken create", " [--name TOKEN_NAME] ...", " --name "),
        ("apitoken create ", "[--name TOKEN_NAME] ...", "--name "),
        ("apitoken create --own", "er OWNER", "er"),
        ("apitoken create --owner", " OWNER", " "),
        ("apitoken create --owner ", "OWNER", ""),
        ("apitoken create --owner b", "ob", "ob"),
        ("apitoken create --owner tw", "", ""),
        ("apitoken create --expiry-date 18", "", ""),
        ("manager create", " --username USERNAME --password PASSWORD", " --username "),
        ("manager create --username bob", " --password PASSWORD", " --password "),
        ("apitoken list --output j", "son", "son"),
        ("apitoken create --name 'it", "", ""),
        ("apitoken xyz ", "", ""),
        ("# a comment", "", ""),
        ("apitoken list\napit", "oken", "oken"),
    ],
)
def test_the_hint_goes_on_where_the_line_ends(line: str, shown: str, typed: str) -> None:
    assert suggest(line, len(line), LineParser(REGISTRY, dict), CompletionCache(KNOWN).get) == (shown, typed)


def test_there_is_none_in_the_middle() -> None:
    assert suggest("apit list", 4, LineParser(REGISTRY, dict), CompletionCache(KNOWN).get) == NOTHING


WORDS = st.sampled_from(["apitoken", "apit", "create", "--owner", "--o", "b", "'b", "=", "manager", "$x", "\n", "\\"])


@given(st.lists(WORDS, max_size=5), st.sampled_from(["", " "]))
def test_what_the_arrow_types_is_shown_and_makes_nothing_worse(words: list[str], end: str) -> None:
    lines = LineParser(REGISTRY, dict)
    line = " ".join(words) + end
    found = suggest(line, len(line), lines, CompletionCache(KNOWN).get)
    assert found.shown.replace("[", "", 1).startswith(found.typed.rstrip())  # "[--name NAME]" is one that may stay out
    assert found.shown.isprintable()
    if found.typed.strip():
        whole = line + found.typed
        assert not lines.parse(whole[line_at(whole, len(whole)).start :]).words[-1].error
